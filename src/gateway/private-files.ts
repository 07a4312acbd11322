/**
 * Reads and writes files that only their owner can access. The command imports this file directly, because the other modules in this directory are
 * slow to load.
 */
import { closeSync, lstatSync, openSync } from "node:fs";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { AntomVaultError } from "../protocol/errors.ts";

/** The file in the data directory that contains the certificate of the local authority, without its private key. */
export const TLS_AUTHORITY_FILE = "tls-authority.pem";

const invalidConfiguration = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

/** Creates an empty file if it does not exist. Rejects a symbolic link, through which a later write would change a different file. */
export function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (lstatSync(file).isSymbolicLink())
      throw invalidConfiguration(`${basename(file)} is a symbolic link, which antom-vault does not follow.`);
  }
}

/**
 * Returns the text and the modification time (milliseconds since the Unix epoch) of a file, or `undefined` if it does not exist. Rejects a file
 * that other users can access.
 */
export async function readPrivateFile(file: string) {
  try {
    await using handle = await open(file, "r");
    const { mode, mtimeMs } = await handle.stat();
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw invalidConfiguration(
        `${basename(file)} contains a secret, but other users have access to it. Run \`chmod 600 ${file}\`.`,
      );
    }
    return { text: await handle.readFile("utf8"), changedAt: Math.trunc(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Flushes a directory, so that the new name of a file survives a power failure. Windows cannot flush directories. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(directory, "r");
  await handle.sync();
}

/** Writes a file atomically, even if the power fails: writes a temporary file, flushes it, and renames it. */
export async function writePrivateFile(file: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.new`;
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, text, { mode, flag: "wx", flush: true });
    await rename(temporary, file);
    await flushDirectory(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
