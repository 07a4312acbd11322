/** PostgreSQL: any number of sandbox processes share it. */
import { hash } from "node:crypto";
import type { Pool, PoolClient, PoolConfig } from "pg";
import { AntomVaultError, loadDependency } from "../../protocol/errors.ts";
import type { BoundQuery, Engine, Transaction } from "./database-engine.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Never shown: it may hold a password. */
  readonly url: string;
  readonly connections?: number;
}

/** Within how many milliseconds a call is answered, whatever the database does. */
const CALL_TIMEOUT_MS = 4_000;

/** How often work is run again that the database gave up for another transaction's sake. */
const MAX_ATTEMPTS = 5;

/** Serialization failure and deadlock: nothing was done, and the same work may succeed now. */
const RETRYABLE_CODES: ReadonlySet<string> = new Set(["40001", "40P01"]);

/**
 * Connects.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without the package `pg`; `CONFIGURATION_INVALID` where the server cannot be reached, or may
 * forget what it has committed
 */
export async function openPostgres({ url, connections = 10 }: PostgresOptions): Promise<Engine> {
  const { Pool: PgPool, types } = (await loadDependency("--database", () => import("pg"))).default;
  const pool = new PgPool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 3_000,
    // What a process leaves behind that is gone or cut off holds its locks no longer than this.
    statement_timeout: 3_500,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: "antom-vault sandbox",
    types: {
      // A bigint comes as text. Ours are times and counts, which a number holds.
      getTypeParser: (oid: number, format?: "text") => (oid === BIGINT_OID ? Number : types.getTypeParser(oid, format)),
    } as NonNullable<PoolConfig["types"]>,
  });
  // A connection that breaks is replaced, and whoever waits for it is told; without listeners it would end the process as well.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const engine = createEngine(pool);
  try {
    await requireSafeSettings(engine);
    return engine;
  } catch (error) {
    await engine.close();
    if (error instanceof AntomVaultError) throw error;
    const { code = "no answer" } = error as { readonly code?: string };
    throw configurationError(
      `The database cannot be used: ${code}. Is it running, and may the user of --database connect to it?`,
    );
  }
}

const BIGINT_OID = 20;

const configurationError = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

async function requireSafeSettings(engine: Engine): Promise<void> {
  const names = ["synchronous_commit", "fsync", "server_encoding"] as const;
  const sql = `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`;
  const [settings] = await engine.read<Readonly<Record<(typeof names)[number], string>>>({ sql, values: [] });
  for (const name of ["synchronous_commit", "fsync"] as const) {
    if (settings?.[name] === "off") {
      throw configurationError(
        `The database has ${name} = off: it forgets in a power cut what it has answered. Switch it on for the user of --database.`,
      );
    }
  }
  if (settings?.server_encoding !== "UTF8") {
    throw configurationError(
      "The database cannot keep every character. Make one with encoding UTF8, and name that with --database.",
    );
  }
}

function createEngine(pool: Pool): Engine {
  async function run<Row>(client: PoolClient, { sql, values }: BoundQuery<Row>): Promise<readonly Row[]> {
    // A name makes the server parse and plan a query once for each connection.
    const { rows } = await client.query({ name: hash("sha1", sql), text: sql, values: [...values] });
    // The type of the statement in queries.ts says what the rows are.
    return rows as readonly Row[];
  }

  /** Lends a connection for as long as a call may take. One whose state nobody knows is thrown away, and the pool makes another. */
  async function connected<Result>(
    work: (client: PoolClient, discard: () => void) => Promise<Result>,
  ): Promise<Result> {
    const end = performance.now() + CALL_TIMEOUT_MS;
    const client = await pool.connect();
    let lent = true;
    const giveBack = (broken: boolean) => {
      if (lent) client.release(broken);
      lent = false;
    };
    // What still waits for an answer is told that the connection is closed.
    const timer = setTimeout(() => giveBack(true), end - performance.now());
    try {
      return await work(client, () => giveBack(true));
    } finally {
      clearTimeout(timer);
      giveBack(false);
    }
  }

  async function attempt<Result>(
    client: PoolClient,
    discard: () => void,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    try {
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      const result = await work({ all: (query) => run(client, query) });
      // Where a query has failed and the work did not mind, the database answers COMMIT with ROLLBACK, and without an error.
      const { command } = await client.query("COMMIT");
      if (command !== "COMMIT") throw new Error("The database took back what was to be committed.");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(discard);
      throw error;
    }
  }

  const transact: Engine["transact"] = (work) =>
    connected(async (client, discard) => {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(client, discard, work);
        } catch (error) {
          const { code = "" } = error as { readonly code?: string };
          if (!RETRYABLE_CODES.has(code) || tries === MAX_ATTEMPTS) throw error;
        }
      }
    });

  const inFlight = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function tracked<Result>(call: () => Promise<Result>): Promise<Result> {
    if (closing) throw new Error("The store is closed.");
    const result = call();
    inFlight.add(result);
    try {
      return await result;
    } finally {
      inFlight.delete(result);
    }
  }

  return {
    name: "postgresql",
    transact: (work) => tracked(() => transact(work)),
    read: (query) => tracked(() => connected((client) => run(client, query))),
    close: () => {
      // A pool that ends drops those who wait for a connection.
      closing ??= Promise.allSettled(inFlight).then(() => pool.end());
      return closing;
    },
  };
}
