/** The PostgreSQL engine. Several sandbox processes can share its database. */
import { hash } from "node:crypto";
import type { Pool, PoolClient, PoolConfig } from "pg";
import { AntomVaultError, loadDependency } from "../../protocol/errors.ts";
import type { BoundQuery, Engine, Transaction } from "./database-engine.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Never print it, because it might contain a password. */
  readonly url: string;
  readonly connections?: number;
}

/** The timeout of a call, including its wait for a connection. */
const CALL_TIMEOUT_MS = 4_000;

/** The maximum number of attempts for work that conflicts with other transactions. */
const MAX_ATTEMPTS = 5;

/** The codes for a serialization failure and a deadlock. PostgreSQL rolls back the transaction, so a retry can succeed. */
const RETRYABLE_CODES: ReadonlySet<string> = new Set(["40001", "40P01"]);

/**
 * Connects to PostgreSQL.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if the package `pg` is not installed; `CONFIGURATION_INVALID` if the server is
 * unreachable, could lose committed data, or does not use UTF-8
 */
export async function openPostgres({ url, connections = 10 }: PostgresOptions): Promise<Engine> {
  const { Pool: PgPool, types } = (await loadDependency("--database", () => import("pg"))).default;
  const pool = new PgPool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 3_000,
    // Limits how long the locks of a lost process block other processes.
    statement_timeout: 3_500,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: "antom-vault sandbox",
    types: {
      // pg returns bigint values as strings. Times and counts fit in a number.
      getTypeParser: (oid: number, format?: "text") => (oid === BIGINT_OID ? Number : types.getTypeParser(oid, format)),
    } as NonNullable<PoolConfig["types"]>,
  });
  // The pool replaces a broken connection and rejects its queries. Without listeners, the error would also end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const engine = createEngine(pool);
  try {
    await requireSafeSettings(engine);
    return engine;
  } catch (error) {
    await engine.close();
    if (error instanceof AntomVaultError) throw error;
    const { code = "no response" } = error as { readonly code?: string };
    throw configurationError(
      `Cannot use the database: ${code}. Check that the database is running, and that the user in its URL can connect.`,
    );
  }
}

const BIGINT_OID = 20;

const configurationError = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

async function requireSafeSettings(engine: Engine): Promise<void> {
  const names = ["synchronous_commit", "fsync", "server_encoding"] as const;
  const sql = `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`;
  const [settings] = await engine.read<Readonly<Record<(typeof names)[number], string>>>({ sql, values: [] });
  const fixes = {
    synchronous_commit: "Turn it on for the user in the database URL.",
    fsync: "Set fsync = on in postgresql.conf and reload the server.",
  };
  for (const name of ["synchronous_commit", "fsync"] as const) {
    if (settings?.[name] === "off") {
      throw configurationError(
        `The database has ${name} = off, so it could lose confirmed results in a power failure. ${fixes[name]}`,
      );
    }
  }
  if (settings?.server_encoding !== "UTF8") {
    throw configurationError(
      "The database cannot store every character: its encoding is not UTF8. Create a database with encoding UTF8, and use its URL instead.",
    );
  }
}

function createEngine(pool: Pool): Engine {
  async function run<Row>(client: PoolClient, { sql, values }: BoundQuery<Row>): Promise<readonly Row[]> {
    // Naming a query lets the server parse it only once per connection.
    const { rows } = await client.query({ name: hash("sha1", sql), text: sql, values: [...values] });
    // queries.ts defines the type of the rows.
    return rows as readonly Row[];
  }

  /**
   * Runs work on a pooled connection. If the work exceeds the timeout, closes the connection. The work calls `discard` to close a connection in an
   * unknown state. The pool replaces closed connections.
   */
  async function withConnection<Result>(
    work: (client: PoolClient, discard: () => void) => Promise<Result>,
  ): Promise<Result> {
    const end = performance.now() + CALL_TIMEOUT_MS;
    const client = await pool.connect();
    let isAcquired = true;
    const release = (broken: boolean) => {
      if (isAcquired) client.release(broken);
      isAcquired = false;
    };
    // Closing the connection rejects its pending queries.
    const timer = setTimeout(() => release(true), end - performance.now());
    try {
      return await work(client, () => release(true));
    } finally {
      clearTimeout(timer);
      release(false);
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
      // If the work ignored a failed query, the database rolls back on COMMIT without an error.
      const { command } = await client.query("COMMIT");
      if (command !== "COMMIT") throw new Error("The database rolled back the transaction on COMMIT.");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(discard);
      throw error;
    }
  }

  const transact: Engine["transact"] = (work) =>
    withConnection(async (client, discard) => {
      for (let attempts = 1; ; attempts++) {
        try {
          return await attempt(client, discard, work);
        } catch (error) {
          const { code = "" } = error as { readonly code?: string };
          if (!RETRYABLE_CODES.has(code) || attempts === MAX_ATTEMPTS) throw error;
        }
      }
    });

  const inFlight = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function track<Result>(call: () => Promise<Result>): Promise<Result> {
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
    transact: (work) => track(() => transact(work)),
    read: (query) => track(() => withConnection((client) => run(client, query))),
    close: () => {
      // Ending the pool earlier would reject calls that wait for a connection.
      closing ??= Promise.allSettled(inFlight).then(() => pool.end());
      return closing;
    },
  };
}
