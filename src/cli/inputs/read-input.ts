/** Reads bodies and keys. Card data is read from a file or standard input, never from the command line. @module */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";

/** Reads the bytes of a file, or of standard input for `-`. */
export async function readInput(file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file === "-" && process.stdin.isTTY) process.stderr.write("Reading from standard input. End with Ctrl-D.\n");
  const content = file === "-" ? buffer(process.stdin) : readFile(file);
  return new Uint8Array(await content.catch(rethrowFileError(file, "read")));
}

export const readText = async (file: string): Promise<string> => new TextDecoder().decode(await readInput(file));

/** @throws AntomVaultError `CONFIGURATION_INVALID` with the message if the value is missing or empty */
export function requireValue<T>(value: T | undefined, message: string): T {
  if (value === undefined || value === "") throw usageError(message);
  return value;
}

/** Returns the client ID from `--client-id`, otherwise from a credentials file. */
export const requireClientId = (
  options: { readonly clientId?: string },
  credentials: { readonly clientId?: string | undefined },
): string =>
  requireValue(
    options.clientId ?? credentials.clientId,
    "Missing --client-id ID, or --credentials FILE with a clientId.",
  );

/** Returns the path of an operation: in Antom's sandbox if the client ID starts with `SANDBOX_`, otherwise in production. */
export const getOperationPath = (operation: OperationId, clientId: string): string =>
  basePaths[getEnvironment(clientId)] + operationPaths[operation];
