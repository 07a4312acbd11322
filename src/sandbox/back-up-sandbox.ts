/** Backs up the database of a sandbox. */
import { existsSync } from "node:fs";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockDirectory, requireDependencies } from "../gateway/index.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { openSqlite } from "./store/sqlite.ts";

/** The name of the database file in the data directory. */
export const DATABASE_FILE = "vault.db";

/**
 * Copies the database of a stopped sandbox to a file that only its owner can read. To restore the copy, stop the sandbox, delete `vault.db` and the
 * files whose names start with `vault.db-`, and copy the backup to `vault.db`. The data directory must still contain the keys that it had when you
 * created the backup.
 *
 * @param data the data directory
 * @param file the file to create
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if a sandbox uses the directory, the directory contains no usable database, or the file already
 * exists or cannot be written
 * @example
 * ```ts
 * await backUpSandbox(".antom-vault/sandbox", "vault-backup.db");
 * ```
 */
export async function backUpSandbox(data: string, file: string): Promise<void> {
  requireDependencies([], { sqlite: true });
  const database = join(data, DATABASE_FILE);
  if (!existsSync(database)) throw invalidConfiguration(`${data} contains no database to back up.`);
  if (existsSync(file))
    throw invalidConfiguration(
      `Cannot write the backup to ${file}: the file already exists. Delete it, or use a different file.`,
    );
  using _lock = await lockDirectory(data, "sandbox");
  // Opening and closing the database moves all commits from the write-ahead log to the database file.
  await openSqlite({ file: database }).then((engine) => engine.close());
  const temporary = `${file}.new`;
  try {
    if (existsSync(`${database}-wal`))
      throw invalidConfiguration(
        "Cannot back up the database: the disk that contains the data directory is full. Free up some space.",
      );
    await rm(temporary, { force: true });
    await copyFile(database, temporary);
    {
      await using copy = await open(temporary, "r+");
      await copy.chmod(0o600);
      await copy.sync();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof AntomVaultError) throw error;
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw invalidConfiguration(
      `Cannot write the backup to ${file}: ${code}. Fix this problem, or use a different file.`,
    );
  }
}

const invalidConfiguration = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);
