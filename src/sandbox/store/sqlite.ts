/** The SQLite engine. Only one process can open a database file. A call resolves when its commit is on disk. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { requireDependencies } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { BoundQuery, Engine, Transaction } from "./database-engine.ts";

export interface SqliteOptions {
  /** The database file. Default: in memory. */
  readonly file?: string;
  /** Called on an I/O error or corruption, but not if the disk is full. The database then rejects all calls. */
  readonly onFatal?: (error: Error) => void;
  /** Default: `FULL`. A test uses `NORMAL` to show that this setting can lose data. */
  readonly synchronous?: "FULL" | "NORMAL";
}

/** The maximum number of jobs in one transaction. The first job waits for the last. */
const MAX_GROUP_SIZE = 256;

/** The size of the write-ahead log, in pages of 4 KiB, at which a checkpoint runs. */
const CHECKPOINT_PAGES = 2_000;

/**
 * Opens the database file, or creates it if it does not exist.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the file is already in use or cannot be opened;
 * `DEPENDENCY_MISSING` if this Node.js has an unsafe version of SQLite
 */
export async function openSqlite({ file, onFatal, synchronous = "FULL" }: SqliteOptions): Promise<Engine> {
  requireDependencies([], { sqlite: true });
  const { DatabaseSync: Database } = await import("node:sqlite");
  const db = runOpeningStep(() => new Database(file ?? ":memory:", { timeout: 0 }), file);
  runOpeningStep(
    () => {
      configure(db, synchronous);
      if (file !== undefined) writeFileSync(getOwnerFile(file), String(process.pid), { mode: 0o600 });
    },
    file,
    () => db.close(),
  );
  return createEngine(db, onFatal);
}

function configure(db: DatabaseSync, synchronous: string): void {
  // The operating system releases the lock when the process ends.
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(`PRAGMA synchronous = ${synchronous}`);
  // Automatic checkpoints do not report errors, and the next one would rely on lost data.
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec("PRAGMA cache_size = -4000");
  db.exec("PRAGMA temp_store = MEMORY");
  // Acquires the lock now instead of at the first write.
  db.exec("BEGIN IMMEDIATE");
  db.exec("COMMIT");
}

const getOwnerFile = (file: string): string => join(dirname(file), "sandbox.pid");

function runOpeningStep<Result>(step: () => Result, file: string | undefined, cleanUp = () => {}): Result {
  try {
    return step();
  } catch (error) {
    cleanUp();
    const where = file ?? "memory";
    if (getPrimaryCode(error) === SQLITE_BUSY) {
      throw configurationError(
        `${where} is already in use by a sandbox (${describeOwner(where)}). Stop it, or use a different --data directory.`,
      );
    }
    const { errstr = "it cannot be opened" } = error as { readonly errstr?: string };
    throw configurationError(
      `Cannot use ${where} as the sandbox's database: ${errstr}. Fix this problem, or use a different --data directory.`,
    );
  }
}

const configurationError = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function describeOwner(file: string): string {
  try {
    return `process ${Number(readFileSync(getOwnerFile(file), "utf8"))}`;
  } catch {
    return "unknown process";
  }
}

const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;

/** Returns SQLite's primary result code. The higher bits distinguish extended codes. */
const getPrimaryCode = (error: unknown): number =>
  typeof error === "object" && error !== null && "errcode" in error ? Number(error.errcode) & 0xff : 0;

interface Job {
  readonly work: (transaction: Transaction) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates a committer, which commits jobs in groups and flushes each group to disk once. */
function createCommitter(db: DatabaseSync, onFatal?: (error: Error) => void) {
  const statements = new Map<string, StatementSync>();
  const [begin, commit, savepoint, release] = [
    db.prepare("BEGIN IMMEDIATE"),
    db.prepare("COMMIT"),
    db.prepare("SAVEPOINT job"),
    db.prepare("RELEASE job"),
  ] as const;
  const logStatus = db.prepare("PRAGMA wal_checkpoint(NOOP)");
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  let diskError: Error | undefined;

  function run<Row>({ sql, values }: BoundQuery<Row>): readonly Row[] {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = db.prepare(sql);
      statements.set(sql, prepared);
    }
    // The type of the rows is defined in queries.ts.
    return prepared.all(...values) as unknown as readonly Row[];
  }

  const transaction: Transaction = { all: async (query) => run(query) };

  async function commitGroup(group: readonly Job[]): Promise<void> {
    const settleCalls: (() => void)[] = [];
    try {
      if (diskError) throw diskError;
      begin.run();
      for (const job of group) settleCalls.push(await runJob(job));
      if (diskError) throw diskError;
      commit.run();
      checkpointIfLong();
    } catch (error) {
      stopOnDiskFailure(error);
      rollBack();
      for (const { reject } of group) reject(error);
      return;
    }
    for (const settle of settleCalls) settle();
  }

  function rollBack(): void {
    try {
      if (db.isTransaction) db.exec("ROLLBACK");
    } catch (error) {
      stopOnDiskFailure(error);
    }
  }

  /** Runs a checkpoint if the log is long. Ignores a full disk, because the log keeps the data until space is available. */
  function checkpointIfLong(): void {
    if (Number(logStatus.get()?.["log"]) < CHECKPOINT_PAGES) return;
    try {
      checkpoint.run();
    } catch (error) {
      stopOnDiskFailure(error);
      if (diskError) throw error;
    }
  }

  /** Runs a job, and rolls back only this job if it fails. Returns a function that settles the job; call it after the commit. */
  async function runJob({ work, resolve, reject }: Job): Promise<() => void> {
    savepoint.run();
    try {
      const value = await work(transaction);
      release.run();
      return () => resolve(value as never);
    } catch (error) {
      stopOnDiskFailure(error);
      // SQLite has already rolled back everything if the disk is full.
      if (!db.isTransaction) throw error;
      db.exec("ROLLBACK TO job");
      release.run();
      return () => reject(error);
    }
  }

  /** Stops all work after an I/O error or corruption. After a failed flush, the kernel may have dropped the pages, but a second flush would succeed. */
  function stopOnDiskFailure(error: unknown): void {
    const code = getPrimaryCode(error);
    if (diskError || (code !== SQLITE_IOERR && code !== SQLITE_CORRUPT) || !(error instanceof Error)) return;
    diskError = error;
    onFatal?.(error);
  }

  return { commitGroup, getDiskError: () => diskError };
}

function createEngine(db: DatabaseSync, onFatal?: (error: Error) => void): Engine {
  const { commitGroup, getDiskError } = createCommitter(db, onFatal);
  let jobs: Job[] = [];
  let running = false;
  let onIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    running = true;
    const group = jobs.slice(0, MAX_GROUP_SIZE);
    jobs = jobs.slice(MAX_GROUP_SIZE);
    await commitGroup(group);
    running = false;
    // Lets socket events run between two transactions.
    if (jobs.length > 0) setImmediate(() => void drain());
    else onIdle?.();
  }

  const transact: Engine["transact"] = (work) =>
    new Promise((resolve, reject) => {
      const error = getDiskError();
      if (error) return reject(error);
      if (closing) return reject(new Error("The store is closed."));
      jobs.push({ work, resolve, reject });
      // Waits for more jobs from this turn of the event loop, so that they share the transaction.
      if (!running && jobs.length === 1) setImmediate(() => void drain());
    });

  return {
    name: "sqlite",
    transact,
    // A read on this connection would otherwise see uncommitted changes.
    read: (query) => transact((tx) => tx.all(query)),
    close: () => {
      closing ??= (async () => {
        if (running || jobs.length > 0) await new Promise<void>((resolve) => (onIdle = resolve));
        db.close();
      })();
      return closing;
    },
  };
}
