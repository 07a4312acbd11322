import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { startProgram } from "../../testing/processes/store-program.ts";
import { openTestStore } from "../../testing/sandbox/store.ts";
import { getPostgresSkipReason, type PostgresServer, startPostgres } from "../../testing/servers/postgres-server.ts";
import type { Engine } from "./database-engine.ts";
import { getMigrations } from "./migrations.ts";
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";

const schemaVersion = getMigrations("sqlite").length;
const LATER_VERSION_ERROR = {
  name: "AntomVaultError",
  code: "CONFIGURATION_INVALID",
  message: `The sandbox cannot use the database: it has schema version ${schemaVersion + 1}, but this version of antom-vault supports only versions up to ${schemaVersion}. Update antom-vault, or use a different --data directory or database. Nothing was changed.`,
};

const statement = (sql: string) => ({ sql, values: [] });

/** Creates a database, and changes its schema as a later version of antom-vault could. */
async function createLaterDatabase(engine: Engine): Promise<void> {
  const store = await openTestStore(engine);
  await store.engine.transact((tx) => tx.all(statement('alter table "vaulting" rename to "vaulted"')));
  await store.settings.set("schemaVersion", String(schemaVersion + 1));
  await store.close();
}

/** Migrates a database in a process that is killed after `count` statements. `opening` is the code that opens the engine. */
async function killAfter(count: number, opening: string): Promise<void> {
  await using migrating = startProgram(`
    ${opening}
    const { migrate } = await load("migrate.ts");
    let left = ${count};
    const all = (tx) => async (query) => {
      if (left-- === 0) process.kill(process.pid, "SIGKILL");
      return tx.all(query);
    };
    await migrate({ ...engine, transact: (work) => engine.transact((tx) => work({ all: all(tx) })) });
    print("done");
  `);
  await expect(migrating.readLine()).rejects.toThrow("SIGKILL");
  expect(await migrating.ended).toBe("SIGKILL");
}

const statementCount = (getMigrations("sqlite")[0] ?? []).length;

test.each([
  ["sqlite", ["cf46fdba695de3a45b44b55e6ff0e11965a89223260e4a150b2631fe6979aaa7"]],
  ["postgresql", ["3b6e94035efa715765a145b425aceb6c91822a88734a6001db5ff03ba64c39cb"]],
] as const)("getMigrations returns the released migrations for %s unchanged", (engine, released) => {
  const hashes = getMigrations(engine).map((migration) => hash("sha256", JSON.stringify(migration)));
  expect(hashes.slice(0, released.length)).toEqual(released);
});

describe("migrate on SQLite", () => {
  test("rejects a database of a later version of antom-vault, and leaves every byte of it unchanged", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    await createLaterDatabase(await openSqlite({ file }));
    const hashes = () =>
      readdirSync(directory.path).map((name) => [name, hash("sha256", readFileSync(join(directory.path, name)))]);
    const before = hashes();
    const engine = await openSqlite({ file });
    await expect(openTestStore(engine)).rejects.toMatchObject(LATER_VERSION_ERROR);
    await engine.close();
    expect(hashes()).toEqual(before);
  });

  test.each([
    [1],
    [2],
    [Math.floor(statementCount / 2)],
    [statementCount + 2],
  ])("rolls back if the process is killed after %d statements, and migrates on the next start", async (count) => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    await killAfter(
      count,
      `const engine = await (await load("sqlite.ts")).openSqlite({ file: ${JSON.stringify(file)} });`,
    );
    const engine = await openSqlite({ file });
    expect(await engine.read(statement("select name from sqlite_schema"))).toEqual([]);
    const store = await openTestStore(engine);
    expect(await store.settings.get("schemaVersion")).toBe(String(schemaVersion));
    await store.close();
  });

  test("does not change the schema of an up-to-date database", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    const schema = async () => {
      const store = await openTestStore(await openSqlite({ file }));
      const rows = await store.engine.read(statement("select * from sqlite_schema"));
      const [version] = await store.engine.read(statement("pragma schema_version"));
      await store.close();
      return { rows, version };
    };
    expect(await schema()).toEqual(await schema());
  });
});

describe.skipIf(getPostgresSkipReason())("migrate on PostgreSQL", () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  const createDatabase = async () => (await server?.createDatabase()) ?? "";
  const tables = (engine: Engine) =>
    engine.read(
      statement(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, 2",
      ),
    );

  test("rejects a database of a later version of antom-vault, and leaves it unchanged", async () => {
    const url = await createDatabase();
    await createLaterDatabase(await openPostgres({ url }));
    const engine = await openPostgres({ url });
    const before = await tables(engine);
    await expect(openTestStore(engine)).rejects.toMatchObject(LATER_VERSION_ERROR);
    expect(await tables(engine)).toEqual(before);
    await engine.close();
  });

  test.each([
    [1],
    [2],
    [statementCount + 2],
  ])("rolls back if the process is killed after %d statements, and migrates on the next start", async (count) => {
    const url = await createDatabase();
    await killAfter(
      count,
      `const engine = await (await load("postgres.ts")).openPostgres({ url: ${JSON.stringify(url)} });`,
    );
    const engine = await openPostgres({ url });
    expect(await tables(engine)).toEqual([]);
    const store = await openTestStore(engine);
    expect(await store.settings.get("schemaVersion")).toBe(String(schemaVersion));
    await store.close();
  });

  test("succeeds for each of 5 engines that open an empty database concurrently", async () => {
    const url = await createDatabase();
    const stores = await Promise.all(
      Array.from({ length: 5 }, async () => openTestStore(await openPostgres({ url, connections: 2 }))),
    );
    for (const store of stores) {
      expect(await store.vaultings.count()).toBe(0);
      await store.close();
    }
  });
});
