/** Brings a database to this version's schema, or says why it cannot. */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { AntomVaultError } from "../../errors.ts";
import type { Engine, Transaction } from "./engine.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { EngineName, Tables } from "./schema.ts";
import type { Value } from "./statement.ts";

/** The query builder for an engine. It builds and compiles; the engine runs. */
export const builderFor = (engine: EngineName): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => (engine === "sqlite" ? new SqliteAdapter() : new PostgresAdapter()),
      createQueryCompiler: () => (engine === "sqlite" ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
      createIntrospector: (db) => (engine === "sqlite" ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
    },
  });

const VERSION = "schemaVersion";

/**
 * Runs what is missing, all of it in one transaction: a process that is killed half way leaves the database as it was.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where a later version of this program made the database
 */
export async function migrate(engine: Engine, db: Kysely<Tables>): Promise<void> {
  await engine.transact(async (tx) => {
    const run = (query: Compilable) => tx.all(bound(query));
    // Of two processes that start at once the second waits here.
    if (engine.name === "postgresql") await tx.all({ sql: "select pg_advisory_xact_lock(7261001)", values: [] });
    await run(
      db.schema
        .createTable("setting")
        .ifNotExists()
        .addColumn("name", "text", (column) => column.primaryKey())
        .addColumn("value", "text", (column) => column.notNull()),
    );
    const version = await versionOf(tx, db);
    if (version === MIGRATIONS.length) return;
    if (version > MIGRATIONS.length) {
      throw new AntomVaultError(
        "CONFIGURATION_INVALID",
        `The database has schema ${version}, and this version of antom-vault knows schema ${MIGRATIONS.length}: a later version made it. Update antom-vault, or take another folder with --data or another database. Nothing was changed.`,
      );
    }
    for (const migration of MIGRATIONS.slice(version)) for (const query of migration(db, engine.name)) await run(query);
    const value = String(MIGRATIONS.length);
    await run(
      db
        .insertInto("setting")
        .values({ name: VERSION, value })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value })),
    );
  });
}

async function versionOf(tx: Transaction, db: Kysely<Tables>): Promise<number> {
  const query = db.selectFrom("setting").select("value").where("name", "=", VERSION);
  const [row] = await tx.all<{ readonly value: string }>(bound(query));
  return row ? Number(row.value) : 0;
}

function bound(query: Compilable) {
  const { sql, parameters } = query.compile();
  return { sql, values: parameters as readonly Value[] };
}
