/** PostgreSQL: any number of sandbox processes share it. */
import type { Pool, PoolClient, PoolConfig } from "pg";
import { AntomVaultError } from "../../errors.ts";
import type { Engine, Transaction } from "./engine.ts";
import type { BoundQuery } from "./queries.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Never shown: it may hold a password. */
  readonly url: string;
  readonly connections?: number;
}

/** How often work is run again that the database gave up for another transaction's sake. */
const RETRIES = 5;

/** Serialization failure and deadlock: nothing was done, and the same work may succeed now. */
const RETRIED: ReadonlySet<string> = new Set(["40001", "40P01"]);

/**
 * Connects.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without the package `pg`; `CONFIGURATION_INVALID` where the server cannot be reached, or may
 * forget what it has committed
 */
export async function openPostgres({ url, connections = 10 }: PostgresOptions): Promise<Engine> {
  const { Pool: PgPool, types } = await loadPg();
  const pool = new PgPool({
    connectionString: url,
    max: connections,
    // A call is answered within seconds, whatever the database does.
    connectionTimeoutMillis: 3_000,
    query_timeout: 4_000,
    keepAlive: true,
    application_name: "antom-vault sandbox",
    types: {
      // A bigint comes as text. Ours are times and counts, which a number holds.
      getTypeParser: (oid: number, format?: "text") => (oid === BIGINT ? Number : types.getTypeParser(oid, format)),
    } as NonNullable<PoolConfig["types"]>,
  });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on("error", () => {});
  const engine = engineOf(pool);
  try {
    await refuseForgetful(engine);
    return engine;
  } catch (error) {
    await pool.end();
    if (error instanceof AntomVaultError) throw error;
    const { code = "no answer" } = error as { readonly code?: string };
    throw wrong(`The database cannot be used: ${code}. Is it running, and may the user of --database connect to it?`);
  }
}

const BIGINT = 20;

const wrong = (message: string) => new AntomVaultError("CONFIGURATION_INVALID", message);

async function refuseForgetful(engine: Engine): Promise<void> {
  const query = {
    sql: "select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync",
    values: [],
  };
  const [settings] = await engine.read<{ readonly commit: string; readonly fsync: string }>(query);
  for (const [name, value] of [
    ["synchronous_commit", settings?.commit],
    ["fsync", settings?.fsync],
  ]) {
    if (value === "off") {
      throw wrong(
        `The database has ${name} = off: it forgets in a power cut what it has answered. Switch it on for the user of --database.`,
      );
    }
  }
}

async function loadPg(): Promise<Pick<typeof import("pg"), "Pool" | "types">> {
  try {
    return (await import("pg")).default;
  } catch (error) {
    throw new AntomVaultError(
      "DEPENDENCY_MISSING",
      "--database needs a part that is not installed. Run: npm install --save-dev pg@8",
      {
        cause: error,
      },
    );
  }
}

function engineOf(pool: Pool): Engine {
  const names = new Map<string, string>();

  /** A name makes the server parse and plan a query once for each connection. */
  function nameOf(sql: string): string {
    let name = names.get(sql);
    if (name === undefined) {
      name = `q${names.size}`;
      names.set(sql, name);
    }
    return name;
  }

  async function run<Row>(client: PoolClient | Pool, { sql, values }: BoundQuery<Row>): Promise<readonly Row[]> {
    const { rows } = await client.query({ name: nameOf(sql), text: sql, values: [...values] });
    // The query builder's type says what the rows are.
    return rows as readonly Row[];
  }

  async function attempt<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await work({ all: (query) => run(client, query) });
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch((again: Error) => {
        broken = again;
      });
      throw error;
    } finally {
      // A connection that cannot even roll back is thrown away; the pool makes another.
      client.release(broken);
    }
  }

  return {
    name: "postgresql",
    transact: async (work) => {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(work);
        } catch (error) {
          const { code = "" } = error as { readonly code?: string };
          if (!RETRIED.has(code) || tries === RETRIES) throw error;
        }
      }
    },
    read: (query) => run(pool, query),
    close: () => pool.end(),
  };
}
