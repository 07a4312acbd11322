/** The embedded engine: Node's own SQLite, one file, one process, every commit on the disk before it is answered. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { BoundQuery, Engine, Transaction } from "./database-engine.ts";

export interface SqliteOptions {
  /** The file; without one, in memory. */
  readonly file?: string;
  /** Told when the disk can no longer be trusted: what was written may be lost, so nothing may be answered any more. */
  readonly onFatal?: (error: Error) => void;
  /** `FULL` but in the test that proves what `NORMAL` loses. */
  readonly synchronous?: "FULL" | "NORMAL";
}

/** How many requests go into one transaction at the most: the first of them waits for the last. */
const MAX_GROUP_SIZE = 256;

/** From how many pages on the log is written into the database: 8 MB. */
const CHECKPOINT_PAGES = 2_000;

/** SQLite's WAL-reset bug, which could lose commits, is mended in this version. */
const MIN_VERSION = [3, 51, 3] as const;

/**
 * Opens the file, or makes it.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where another process has it open (named), or it cannot be opened;
 * `DEPENDENCY_MISSING` where this Node has no SQLite that is safe
 */
export async function openSqlite({ file, onFatal, synchronous = "FULL" }: SqliteOptions): Promise<Engine> {
  requireSqlite();
  const { DatabaseSync: Database } = await import("node:sqlite");
  const db = open(() => new Database(file ?? ":memory:", { timeout: 0 }), file);
  open(
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
  // The lock is the file's own and goes with the process, however it ends.
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(`PRAGMA synchronous = ${synchronous}`);
  // SQLite's own checkpoint says nothing when it fails, and the next one would trust what the disk has lost.
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec("PRAGMA cache_size = -4000");
  db.exec("PRAGMA temp_store = MEMORY");
  // Takes the lock now and not with the first write.
  db.exec("BEGIN IMMEDIATE");
  db.exec("COMMIT");
}

const getOwnerFile = (file: string): string => join(dirname(file), "sandbox.pid");

/** @throws AntomVaultError `DEPENDENCY_MISSING` where this Node has no SQLite that is safe */
export function requireSqlite(): void {
  const version = (process.versions["sqlite"] ?? "0.0.0").split(".").map(Number);
  const old = MIN_VERSION.findIndex((part, at) => (version[at] ?? 0) !== part);
  if (old >= 0 && (version[old] ?? 0) < (MIN_VERSION[old] ?? 0)) {
    throw new AntomVaultError(
      "DEPENDENCY_MISSING",
      `The sandbox keeps its data in Node's own SQLite, ${MIN_VERSION.join(".")} or later, which comes with Node 24.15; this is Node ${process.versions.node}. Run: npm install --save-dev node@24 (npx and npm scripts take it then), or keep the data in PostgreSQL (database, --database)`,
    );
  }
}

function open<Result>(work: () => Result, file: string | undefined, giveUp = () => {}): Result {
  try {
    return work();
  } catch (error) {
    giveUp();
    const where = file ?? "memory";
    if (getPrimaryCode(error) === SQLITE_BUSY) {
      throw configurationError(
        `${where} is in use by another sandbox (${describeOwner(where)}). Stop it, or take another folder with --data.`,
      );
    }
    const { errstr = "it cannot be opened" } = error as { readonly errstr?: string };
    throw configurationError(
      `${where} cannot be used as the sandbox's database: ${errstr}. Mend this, or take another folder with --data.`,
    );
  }
}

const configurationError = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

function describeOwner(file: string): string {
  try {
    return `process ${Number(readFileSync(getOwnerFile(file), "utf8"))}`;
  } catch {
    return "a process that left no name";
  }
}

const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;

/** SQLite's primary result code; the higher bits say more. */
const getPrimaryCode = (error: unknown): number =>
  typeof error === "object" && error !== null && "errcode" in error ? Number(error.errcode) & 0xff : 0;

interface Job {
  readonly work: (transaction: Transaction) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits jobs in groups: one flush of the disk serves all of a group. */
function createCommitter(db: DatabaseSync, onFatal?: (error: Error) => void) {
  const statements = new Map<string, StatementSync>();
  const [begin, commit, savepoint, release] = [
    db.prepare("BEGIN IMMEDIATE"),
    db.prepare("COMMIT"),
    db.prepare("SAVEPOINT job"),
    db.prepare("RELEASE job"),
  ] as const;
  const logged = db.prepare("PRAGMA wal_checkpoint(NOOP)");
  const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  let dead: Error | undefined;

  function run<Row>({ sql, values }: BoundQuery<Row>): readonly Row[] {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = db.prepare(sql);
      statements.set(sql, prepared);
    }
    // The type of the statement in queries.ts says what the rows are.
    return prepared.all(...values) as unknown as readonly Row[];
  }

  const transaction: Transaction = { all: async (query) => run(query) };

  /** One transaction for all that came in one turn of the event loop: one flush of the disk serves them all. */
  async function commitGroup(group: readonly Job[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      if (dead) throw dead;
      begin.run();
      for (const job of group) settle.push(await runJob(job));
      if (dead) throw dead;
      commit.run();
      checkpointWhenLong();
    } catch (error) {
      distrust(error);
      rollBack();
      for (const { reject } of group) reject(error);
      return;
    }
    for (const each of settle) each();
  }

  function rollBack(): void {
    try {
      if (db.isTransaction) db.exec("ROLLBACK");
    } catch (error) {
      distrust(error);
    }
  }

  /** A full disk is no harm: the log stays, and grows, until there is room. */
  function checkpointWhenLong(): void {
    if (Number(logged.get()?.["log"]) < CHECKPOINT_PAGES) return;
    try {
      checkpoint.run();
    } catch (error) {
      distrust(error);
      if (dead) throw error;
    }
  }

  /** A job that fails takes only its own work back. */
  async function runJob({ work, resolve, reject }: Job): Promise<() => void> {
    savepoint.run();
    try {
      const value = await work(transaction);
      release.run();
      return () => resolve(value as never);
    } catch (error) {
      distrust(error);
      // A full disk has rolled everything back already.
      if (!db.isTransaction) throw error;
      db.exec("ROLLBACK TO job");
      release.run();
      return () => reject(error);
    }
  }

  /** After a failed flush nobody knows what is on the disk: the kernel may have dropped the pages, and a second flush would succeed. */
  function distrust(error: unknown): void {
    const code = getPrimaryCode(error);
    if (dead || (code !== SQLITE_IOERR && code !== SQLITE_CORRUPT) || !(error instanceof Error)) return;
    dead = error;
    onFatal?.(error);
  }

  return { commitGroup, dead: () => dead };
}

function createEngine(db: DatabaseSync, onFatal?: (error: Error) => void): Engine {
  const { commitGroup, dead } = createCommitter(db, onFatal);
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
    // Not at once: the sockets have their turn between two transactions.
    if (jobs.length > 0) setImmediate(() => void drain());
    else onIdle?.();
  }

  const transact: Engine["transact"] = (work) =>
    new Promise((resolve, reject) => {
      const error = dead();
      if (error) return reject(error);
      if (closing) return reject(new Error("The store is closed."));
      jobs.push({ work, resolve, reject });
      // What the sockets still have for this turn comes first, so that it goes into the same transaction.
      if (!running && jobs.length === 1) setImmediate(() => void drain());
    });

  return {
    name: "sqlite",
    transact,
    // An open transaction's own changes are seen by everything on the connection, and may yet be taken back.
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
