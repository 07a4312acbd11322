/** The SQLite engine. Only one process can open a database file. A call resolves when its commit is on disk. */
import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { createPrivateFile, requireDependencies } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { type CommitRecord, describeLoss, findLostCommits, hasRecord, openCommitRecord } from "./commit-record.ts";
import type { BoundQuery, Engine, Transaction } from "./database-engine.ts";

export interface SqliteOptions {
  /** The database file. Default: in memory. */
  readonly file?: string;
  /** Called when SQLite reports an I/O error or corruption. The engine then rejects all calls. Not called if the disk is full. */
  readonly onFatal?: (error: Error) => void;
  /** Default: `FULL`. With `NORMAL`, a power failure can lose commits, so only tests and benchmarks use it. */
  readonly synchronous?: "FULL" | "NORMAL";
}

/** The maximum number of jobs in one transaction. The first job waits for the last. */
const MAX_GROUP_SIZE = 256;

/** The size of the write-ahead log, in pages of 4 KiB, at which a checkpoint runs. */
const CHECKPOINT_PAGES = 2_000;

/** The maximum time between a commit and the next checkpoint. Because of this limit, a copy of the database file without its log is recent. */
const CHECKPOINT_MS = 1_000;

/** The maximum size of a database whose pages are all checked when it is opened. The check takes about 1 ms per MiB. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** The `application_id` of the sandbox's databases. */
const APPLICATION_ID = 0x41_56_4c_54;

/**
 * Opens the database file, or creates it if it does not exist. Changes nothing if the file cannot be used.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the file is in use, cannot be opened, is damaged, has lost data, or belongs to a different
 * application; `DEPENDENCY_MISSING` if this Node.js has an unsafe version of SQLite
 */
export async function openSqlite({ file, onFatal, synchronous = "FULL" }: SqliteOptions): Promise<Engine> {
  requireDependencies([], { sqlite: true });
  const { DatabaseSync: Database } = await import("node:sqlite");
  const db = runOpeningStep(() => {
    if (file !== undefined) requireCompleteFile(file);
    return new Database(file ?? ":memory:", { timeout: 0 });
  }, file);
  const record = runOpeningStep(
    () => {
      configure(db, synchronous, file);
      // Without flushes, the record could be ahead of the log after a power failure.
      return file === undefined || synchronous !== "FULL" ? undefined : openCommitRecord(file);
    },
    file,
    () => db.close(),
  );
  return createEngine(db, record, onFatal);
}

function requireCompleteFile(file: string): void {
  const loss = findLostCommits(file);
  if (loss !== undefined) throw unusable(file, loss);
  // SQLite creates the log with the mode of the database file.
  createPrivateFile(file);
}

function configure(db: DatabaseSync, synchronous: string, file = ":memory:"): void {
  // The operating system releases the lock when the process ends.
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  const isMarked = requireOwnDatabase(db, file);
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(`PRAGMA synchronous = ${synchronous}`);
  // Automatic checkpoints do not report errors. After a failed flush, the next checkpoint would rely on lost data.
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec("PRAGMA cache_size = -4000");
  db.exec("PRAGMA temp_store = MEMORY");
  // Acquires the lock now instead of at the first write.
  db.exec("BEGIN IMMEDIATE");
  if (!isMarked) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec("COMMIT");
}

/** Rejects a damaged database, and the database of a different application. Returns whether the database has the sandbox's application ID. */
function requireOwnDatabase(db: DatabaseSync, file: string): boolean {
  const id = Number(db.prepare("PRAGMA application_id").get()?.["application_id"]);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  // The first versions of the sandbox set no ID.
  const isOwn = id === APPLICATION_ID || tables.length === 0 || tables.some(({ name }) => name === "setting");
  if (!isOwn || (id !== APPLICATION_ID && id !== 0))
    throw unusable(file, `it belongs to a different application (application_id ${id}). Nothing was changed`);
  if (tables.length === 0 && hasRecord(file)) throw unusable(file, describeLoss(file, "the file contains no tables"));
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const check = size <= MAX_CHECKED_BYTES ? db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"] : "ok";
  if (check !== "ok") throw unusable(file, `its pages are damaged. Restore a backup. SQLite reports: ${check}`);
  return id === APPLICATION_ID;
}

const unusable = (file: string, problem: string) =>
  new AntomVaultError(
    "CONFIGURATION_INVALID",
    `Cannot use ${file} as the sandbox's database: ${problem}. Fix this problem, or use a different --data directory.`,
  );

function runOpeningStep<Result>(step: () => Result, file = "memory", cleanUp = () => {}): Result {
  try {
    return step();
  } catch (error) {
    cleanUp();
    if (error instanceof AntomVaultError) throw error;
    if (getPrimaryCode(error) === SQLITE_BUSY) throw unusable(file, "a different process has opened it");
    const { errstr, code = "it cannot be opened" } = error as NodeJS.ErrnoException & { readonly errstr?: string };
    throw unusable(file, errstr ?? code);
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
  /** Whether the job needs a separate transaction. */
  readonly alone: boolean;
}

interface DiskFailure {
  readonly report: (error: unknown) => void;
  readonly get: () => Error | undefined;
}

/** Creates a checkpointer, which moves commits from the log to the database file, and records the last commit. */
function createCheckpointer(db: DatabaseSync, failure: DiskFailure, record?: CommitRecord) {
  const logStatus = db.prepare("PRAGMA wal_checkpoint(NOOP)");
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  // The commit that sets the application ID is not recorded, because the database might still be empty.
  let lastFrames = Number(logStatus.get()?.["log"]);
  let timer: NodeJS.Timeout | undefined;

  /** Records the length of the log. Runs a checkpoint if the log is long, and schedules the next one. */
  function recordCommit(): void {
    const frames = Number(logStatus.get()?.["log"]);
    if (frames === lastFrames) return;
    lastFrames = frames;
    record?.save(frames);
    if (frames >= CHECKPOINT_PAGES) runCheckpoint();
    timer ??= setTimeout(runScheduledCheckpoint, CHECKPOINT_MS).unref();
  }

  function runScheduledCheckpoint(): void {
    // After a failed flush, the log might contain pages that are not on the disk.
    if (failure.get()) return;
    timer = db.isTransaction ? setTimeout(runScheduledCheckpoint, 1).unref() : undefined;
    if (!timer) runCheckpoint();
  }

  /** Runs a checkpoint, and returns whether it completed. Ignores a full disk, because the log keeps the data until space is available. */
  function runCheckpoint(): boolean {
    try {
      const { log, checkpointed } = checkpoint.get() ?? {};
      return log === checkpointed;
    } catch (error) {
      failure.report(error);
      return false;
    }
  }

  /** Closes the database. Runs a checkpoint first, except after a disk error. */
  function close(): void {
    clearTimeout(timer);
    if (!failure.get() && runCheckpoint()) record?.markComplete();
    db.close();
    record?.close();
  }

  return { recordCommit, close };
}

/** Creates a committer, which commits jobs in groups and flushes each group to disk once. */
function createCommitter(db: DatabaseSync, record?: CommitRecord, onFatal?: (error: Error) => void) {
  const statements = new Map<string, StatementSync>();
  const [begin, commit, savepoint, release] = [
    db.prepare("BEGIN IMMEDIATE"),
    db.prepare("COMMIT"),
    db.prepare("SAVEPOINT job"),
    db.prepare("RELEASE job"),
  ] as const;
  let diskError: Error | undefined;
  const checkpointer = createCheckpointer(db, { report: stopOnDiskFailure, get: () => diskError }, record);

  function run<Row>({ sql, values }: BoundQuery<Row>): readonly Row[] {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = db.prepare(sql);
      statements.set(sql, prepared);
    }
    // queries.ts defines the type of the rows.
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
      checkpointer.recordCommit();
      if (diskError) throw diskError;
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

  /**
   * Stops all work after an I/O error or corruption. After a failed flush, the kernel might have dropped the pages, but a second flush would
   * succeed.
   */
  function stopOnDiskFailure(error: unknown): void {
    const code = getPrimaryCode(error);
    if (diskError || (code !== SQLITE_IOERR && code !== SQLITE_CORRUPT) || !(error instanceof Error)) return;
    diskError = error;
    onFatal?.(error);
  }

  return { commitGroup, close: checkpointer.close, getDiskError: () => diskError };
}

function createEngine(db: DatabaseSync, record?: CommitRecord, onFatal?: (error: Error) => void): Engine {
  const { commitGroup, close, getDiskError } = createCommitter(db, record, onFatal);
  const jobs: Job[] = [];
  let running = false;
  let onIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    running = true;
    const end = jobs.findIndex(({ alone }, index) => index > 0 && (alone || jobs[0]?.alone));
    const group = jobs.splice(0, Math.min(MAX_GROUP_SIZE, end === -1 ? jobs.length : end));
    await commitGroup(group);
    running = false;
    // Lets socket events run between two transactions.
    if (jobs.length > 0) setImmediate(() => void drain());
    else onIdle?.();
  }

  const transact: Engine["transact"] = (work, { alone = false } = {}) =>
    new Promise((resolve, reject) => {
      const error = getDiskError();
      if (error) return reject(error);
      if (closing) return reject(new Error("The store is closed."));
      jobs.push({ work, resolve, reject, alone });
      // Waits for more jobs from this turn of the event loop, so that they share the transaction.
      if (!running && jobs.length === 1) setImmediate(() => void drain());
    });

  return {
    name: "sqlite",
    transact,
    // Outside `transact`, a read on this connection could see uncommitted changes.
    read: (query) => transact((tx) => tx.all(query)),
    close: () => {
      closing ??= (async () => {
        if (running || jobs.length > 0) await new Promise<void>((resolve) => (onIdle = resolve));
        close();
      })();
      return closing;
    },
  };
}
