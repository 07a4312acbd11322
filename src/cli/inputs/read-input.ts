/** What a command reads: bodies and keys. Card data come by file or standard input, never on the command line. */

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { usageError } from "../console/usage-error.ts";

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file === "-" && process.stdin.isTTY) process.stderr.write("Reading from standard input; end with Ctrl-D.\n");
  try {
    return new Uint8Array(file === "-" ? await buffer(process.stdin) : await readFile(file));
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw usageError(code === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`);
  }
}

export const readText = async (file: string): Promise<string> => new TextDecoder().decode(await readInput(file));

/** A value that must have come from somewhere. */
export function requireValue<T>(value: T | undefined, how: string): T {
  if (value === undefined || value === "") throw usageError(`${how} is needed.`);
  return value;
}

/** Returns the client ID of `--client-id`, or else of a credentials file. */
export const requireClientId = (
  options: { readonly clientId?: string },
  told: { readonly clientId?: string | undefined },
): string =>
  requireValue(options.clientId ?? told.clientId, "--client-id, or a credentials file that holds a clientId,");

/** Returns the path of an operation for a client: the sandbox's if its ID starts with `SANDBOX_`. */
export const getOperationPath = (operation: OperationId, clientId: string): string =>
  basePaths[getEnvironment(clientId)] + operationPaths[operation];
