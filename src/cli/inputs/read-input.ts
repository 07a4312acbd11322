/** What a command reads: bodies, keys, credentials. Card data come by file or standard input, never on the command line. */

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { environmentOf } from "../../protocol/operations.ts";
import { wrongUsage } from "../console/usage-error.ts";

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file === "-" && process.stdin.isTTY) process.stderr.write("Reading from standard input; end with Ctrl-D.\n");
  try {
    return new Uint8Array(file === "-" ? await buffer(process.stdin) : await readFile(file));
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw wrongUsage(code === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`);
  }
}

export const readText = async (file: string): Promise<string> => new TextDecoder().decode(await readInput(file));

/** What a credentials file may hold; each command says what it needs of it. */
export interface CredentialsInput {
  readonly baseUrl?: string;
  readonly clientId?: string;
  readonly merchantPrivateKey?: string;
  readonly antomPublicKey?: string;
}

/** Reads `credentials.json`. Its text is never quoted. */
export async function readCredentialsFile(file: string | undefined): Promise<CredentialsInput> {
  if (file === undefined) return {};
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongUsage(`${file} is not JSON.`);
  }
  if (typeof value !== "object" || value === null) throw wrongUsage(`${file} holds no credentials.`);
  const fields = Object.entries(value).filter(([, field]) => typeof field === "string");
  return Object.fromEntries(fields);
}

/** A value that must have come from somewhere. */
export function needed<T>(value: T | undefined, how: string): T {
  if (value === undefined || value === "") throw wrongUsage(`${how} is needed.`);
  return value;
}

/** Returns the path of an operation for a client: the sandbox's if its ID starts with `SANDBOX_`. */
export const pathOf = (operation: OperationId, clientId: string): string =>
  basePaths[environmentOf(clientId)] + operationPaths[operation];
