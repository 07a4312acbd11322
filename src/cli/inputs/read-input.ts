/** Reads bodies and keys. Card data is read from a file or standard input, never from the command line. @module */
import { createReadStream } from "node:fs";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";

const INPUT_LIMIT = 2 ** 20;

/** Reads the bytes of a file, or of standard input for `-`. Stops at the limit, because a device such as `/dev/zero` never ends. */
export async function readInput(file: string, limit = INPUT_LIMIT): Promise<Uint8Array<ArrayBuffer>> {
  if (file === "-" && process.stdin.isTTY) process.stderr.write("Reading from standard input. End with Ctrl-D.\n");
  const chunks: Buffer[] = [];
  let size = 0;
  const read = async () => {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > limit) return;
    }
  };
  const name = file === "-" ? "standard input" : file;
  await read().catch(rethrowFileError(name, "read"));
  if (size > limit) {
    const kind = file === "-" ? "input" : "file";
    throw usageError(`Cannot read ${name}: it is larger than ${limit >> 20} MiB. Use a smaller ${kind}.`);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

export const readText = async (file: string, limit?: number): Promise<string> =>
  new TextDecoder().decode(await readInput(file, limit));

/** @throws AntomVaultError `CONFIGURATION_INVALID` with the message if the value is missing or empty */
export function requireValue<T>(value: T | undefined, message: string): T {
  if (value === undefined || value === "") throw usageError(message);
  return value;
}

/** Returns the client ID from `--client-id`; otherwise, the one from a credentials file. */
export const requireClientId = (
  options: { readonly clientId?: string },
  credentials: { readonly clientId?: string | undefined },
): string =>
  requireValue(
    options.clientId ?? credentials.clientId,
    "Missing --client-id ID, or --credentials FILE with a clientId.",
  );

/** Returns the path of an operation: the path in Antom's sandbox if the client ID starts with `SANDBOX_`; otherwise, the path in production. */
export const getOperationPath = (operation: OperationId, clientId: string): string =>
  basePaths[getEnvironment(clientId)] + operationPaths[operation];
