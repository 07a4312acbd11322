/** Locks a data directory, so that only one sandbox or mock creates and uses the files in it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPrivateDirectory } from "../machine/create-private-directory.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { getField } from "../protocol/json-fields.ts";
import { createPrivateFile, writePrivateFile } from "./private-files.ts";
import { findSqliteProblem } from "./require-dependencies.ts";

/** A locked directory. Disposing it releases the lock. */
export interface DirectoryLock extends Disposable {
  /** Stores the port, so that the error of a second process can report it. */
  readonly setPort: (port: number) => Promise<void>;
}

/** The release functions of this process. Keeping them prevents the locks from being garbage-collected. */
const releaseFunctions = new Set<() => void>();

const LOCK_FILE = "server.lock";
const OWNER_FILE = "server.json";

const OWNER_POLL_MS = 50;
const OWNER_POLLS = 20;

/**
 * Locks a directory until the lock is disposed or the process ends. Creates the directory if it does not exist.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the directory is already locked or cannot be used.
 */
export async function lockDirectory(directory: string, program: "sandbox" | "mock"): Promise<DirectoryLock> {
  const ownerFile = join(directory, OWNER_FILE);
  const owner = { program, processId: process.pid, startedAt: new Date().toISOString() };
  const writeOwner = (port?: number) => writePrivateFile(ownerFile, `${JSON.stringify({ ...owner, port })}\n`);
  let release: (() => void) | undefined;
  const dispose = () => {
    if (!release || !releaseFunctions.delete(release)) return;
    rmSync(ownerFile, { force: true });
    release();
  };
  try {
    await createPrivateDirectory(directory);
    release = await acquire(directory);
    if (release) {
      releaseFunctions.add(release);
      rmSync(ownerFile, { force: true });
      await writeOwner();
      return { setPort: writeOwner, [Symbol.dispose]: dispose };
    }
  } catch (error) {
    dispose();
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const problem = error instanceof AntomVaultError ? error.message : `${code}.`;
    throw invalidConfiguration(
      `Cannot use the directory ${directory}: ${problem} Fix this problem, or use a different directory.`,
    );
  }
  const description = await describeOwner(ownerFile);
  throw invalidConfiguration(
    `${directory} is already in use by ${description}. Stop it, or use a different --data directory.`,
  );
}

const invalidConfiguration = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

/** Returns a function that unlocks the directory, or `undefined` if the directory is already locked. */
async function acquire(directory: string): Promise<(() => void) | undefined> {
  const file = join(directory, LOCK_FILE);
  // A version of Node.js without a safe version of SQLite can run only the mock, or the sandbox with PostgreSQL.
  if (findSqliteProblem() !== undefined) return acquireByProcessId(`${file}.pid`);
  createPrivateFile(file);
  const { DatabaseSync } = await import("node:sqlite");
  // Node.js has no file locks, but SQLite does. The operating system releases the lock when the process ends, even if it is killed.
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (getField(error, "errcode") !== SQLITE_BUSY)
      throw invalidConfiguration(`${LOCK_FILE}: ${String(getField(error, "errstr") ?? "it cannot be locked")}.`);
    return undefined;
  }
  return () => database.close();
}

const SQLITE_BUSY = 5;

/** Locks the directory with a file that contains the process ID. Takes over the file of a process that is no longer running. */
function acquireByProcessId(file: string): (() => void) | undefined {
  try {
    writeFileSync(file, String(process.pid), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!takeOver(file)) return undefined;
  }
  return () => rmSync(file, { force: true });
}

/** Replaces the process ID in a file. Returns `false` if the process with that ID is still running, or if a different process replaces the ID. */
function takeOver(file: string): boolean {
  if (isRunning(Number(readFileSync(file, "utf8")))) return false;
  // If several processes read the same process ID, only one of them can create this file.
  const guard = `${file}.new`;
  try {
    writeFileSync(guard, "", { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    if (isRunning(Number(readFileSync(file, "utf8")))) return false;
    writeFileSync(file, String(process.pid));
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    // The file is empty until the process that created it has written its ID. The ID 0 would address the whole process group.
    return processId === 0 || process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Describes the process that has locked the directory. If the process is still starting, waits for its port. */
async function describeOwner(ownerFile: string): Promise<string> {
  let owner: unknown;
  for (let poll = 0; poll < OWNER_POLLS && getField(owner, "port") === undefined; poll++) {
    if (poll > 0) await sleep(OWNER_POLL_MS);
    owner = readOwner(ownerFile) ?? owner;
  }
  if (owner === undefined) return "an unknown process";
  const [program, processId, startedAt] = ["program", "processId", "startedAt"].map((name) => getField(owner, name));
  const port = getField(owner, "port");
  return `a ${program} (process ${processId}, ${port === undefined ? "" : `port ${port}, `}started ${startedAt})`;
}

function readOwner(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
