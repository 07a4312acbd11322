import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { startProgram } from "../../testing/processes/store-program.ts";
import type { Engine } from "./database-engine.ts";
import { openSqlite, type SqliteOptions } from "./sqlite.ts";

async function open(options: SqliteOptions = {}): Promise<Engine> {
  const engine = await openSqlite(options);
  onTestFinished(() => engine.close());
  return engine;
}

const statement = (sql: string, ...values: readonly (string | number | null)[]) => ({ sql, values });
const createTable = (engine: Engine) =>
  engine.transact((tx) => tx.all(statement("create table t (name text primary key, more text)")));
const insert = (name: string, more = "") => statement("insert into t values (?, ?)", name, more);
const put = (engine: Engine, name: string, more = "") => engine.transact((tx) => tx.all(insert(name, more)));
const listNames = async (engine: Engine) =>
  (await engine.read<{ readonly name: string }>(statement("select name from t order by name"))).map(({ name }) => name);

/** Counts the executions of a statement. */
function countExecutions(sql: string): () => number {
  const run = vi.spyOn(StatementSync.prototype, "run");
  const exec = vi.spyOn(DatabaseSync.prototype, "exec");
  onTestFinished(() => {
    run.mockRestore();
    exec.mockRestore();
  });
  return () =>
    run.mock.contexts.filter((statement) => (statement as StatementSync).sourceSQL === sql).length +
    exec.mock.calls.filter(([statement]) => statement === sql).length;
}

describe("group commit", () => {
  test("commits the work of one event loop turn in one transaction, in order", async () => {
    const engine = await open();
    await createTable(engine);
    const commits = countExecutions("COMMIT");
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await engine.transact(async (tx) => {
          order.push(index);
          await tx.all(insert(String(index)));
        });
      }),
    );
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(commits()).toBe(1);
    await put(engine, "later");
    expect(commits()).toBe(2);
  });

  test("commits later work in the next group, and at most 256 jobs in one group", async () => {
    const engine = await open();
    await createTable(engine);
    const commits = countExecutions("COMMIT");
    await Promise.all(Array.from({ length: 600 }, (_, index) => put(engine, String(index))));
    expect(commits()).toBe(3);
    let inner: Promise<unknown> | undefined;
    await engine.transact(async () => {
      inner = put(engine, "inner");
    });
    await inner;
    expect(commits()).toBe(5);
    expect(await listNames(engine)).toHaveLength(601);
  });

  test("commits each `alone` job in a separate transaction, in order", async () => {
    const engine = await open();
    await createTable(engine);
    const commits = countExecutions("COMMIT");
    const order: string[] = [];
    const run = (name: string, alone: boolean) =>
      engine.transact(async () => void order.push(name), { alone }).then(() => order.push(`${name} ${commits()}`));
    const work = [run("a", false), run("b", false), run("c", true), run("d", true), run("e", false), run("f", false)];
    await Promise.all(work);
    expect(order).toEqual(["a", "b", "a 1", "b 1", "c", "c 2", "d", "d 3", "e", "f", "e 4", "f 4"]);
  });

  test("resolves no call before the commit", async () => {
    const engine = await open();
    await createTable(engine);
    const commits = countExecutions("COMMIT");
    const seen: number[] = [];
    await Promise.all(["a", "b", "c"].map((name) => put(engine, name).then(() => seen.push(commits()))));
    expect(seen).toEqual([1, 1, 1]);
  });

  test("rolls back only the work that fails", async () => {
    const engine = await open();
    await createTable(engine);
    const commits = countExecutions("COMMIT");
    const first = put(engine, "a");
    const broken = engine.transact(async (tx) => {
      await tx.all(insert("b"));
      await tx.all(insert("b2"));
      await tx.all(insert("a"));
    });
    const between = put(engine, "c");
    const thrown = engine.transact(async (tx) => {
      await tx.all(insert("d"));
      throw new Error("failed");
    });
    const results = await Promise.allSettled([first, broken, between, thrown, put(engine, "e")]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await listNames(engine)).toEqual(["a", "c", "e"]);
    // The read causes the second commit.
    expect(commits()).toBe(2);
  });

  test("rejects the whole group if the commit fails, and recovers", async () => {
    const engine = await open();
    await createTable(engine);
    // SQLite checks a deferred constraint only on commit.
    const parents = statement("create table p (id integer primary key)");
    const children = statement("create table c (id integer references p deferrable initially deferred)");
    for (const table of [parents, children]) await engine.transact((tx) => tx.all(table));
    const orphan = engine.transact((tx) => tx.all(statement("insert into c values (1)")));
    const results = await Promise.allSettled([put(engine, "a"), orphan, put(engine, "b")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await listNames(engine)).toEqual([]);
    await put(engine, "c");
    expect(await listNames(engine)).toEqual(["c"]);
  });

  test("stores exactly the rows of the resolved calls if the disk fills up while a group runs", async () => {
    const onFatal = vi.fn();
    const engine = await open({ onFatal });
    await createTable(engine);
    const [{ page_count: pages } = { page_count: 0 }] = await engine.read<{ readonly page_count: number }>(
      statement("pragma page_count"),
    );
    await engine.read(statement(`pragma max_page_count = ${pages + 20}`));
    const all = ["a", "b", "c", "d", "e"];
    const results = await Promise.allSettled(
      all.map((name) => put(engine, name, name === "c" ? "x".repeat(1_000_000) : "")),
    );
    expect(results[2]).toMatchObject({ status: "rejected", reason: { errstr: "database or disk is full" } });
    const resolved = all.filter((_, index) => results[index]?.status === "fulfilled");
    expect(await listNames(engine)).toEqual(resolved);
    await engine.read(statement("pragma max_page_count = 100000"));
    await put(engine, "later", "x".repeat(1_000_000));
    expect(await listNames(engine)).toEqual([...resolved, "later"]);
    expect(onFatal).not.toHaveBeenCalled();
  });

  test("hides uncommitted changes from readers", async () => {
    const engine = await open();
    await createTable(engine);
    const failing = engine.transact(async (tx) => {
      await tx.all(insert("a"));
      throw new Error("rolled back");
    });
    const [, seen] = await Promise.allSettled([failing, listNames(engine)]);
    expect(seen).toEqual({ status: "fulfilled", value: [] });
  });
});

describe("engine.close", () => {
  test("completes pending calls", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    const engine = await openSqlite({ file });
    const all = [createTable(engine), ...Array.from({ length: 300 }, (_, index) => put(engine, String(index)))];
    await Promise.all([engine.close(), engine.close()]);
    await Promise.all(all);
    const again = await open({ file });
    expect(await listNames(again)).toHaveLength(300);
  });
});

describe("openSqlite", () => {
  test("configures SQLite to flush every commit to a write-ahead log", async () => {
    using directory = createTemporaryDirectory();
    const engine = await openSqlite({ file: join(directory.path, "vault.db") });
    const setting = async (name: string) =>
      Object.values((await engine.read<object>(statement(`pragma ${name}`)))[0] ?? {});
    expect(await setting("synchronous")).toEqual([2]);
    expect(await setting("journal_mode")).toEqual(["wal"]);
    expect(await setting("locking_mode")).toEqual(["exclusive"]);
    await engine.close();
  });

  test("rejects a database that a different process has open, and succeeds after that process ends", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    await using first = startProgram(`
      const { openSqlite } = await load("sqlite.ts");
      const engine = await openSqlite({ file: ${JSON.stringify(file)} });
      await engine.transact((tx) => tx.all({ sql: "create table setting (name text)", values: [] }));
      print("open");
      setInterval(() => {}, 1000);
    `);
    expect(await first.readLine()).toBe("open");
    const inUse = {
      code: "CONFIGURATION_INVALID",
      message: `Cannot use ${file} as the sandbox's database: a different process has opened it. Fix this problem, or use a different --data directory.`,
    };
    await expect(openSqlite({ file })).rejects.toMatchObject(inUse);
    first.kill("SIGKILL");
    await first.ended;
    const engine = await open({ file });
    await expect(openSqlite({ file })).rejects.toMatchObject(inUse);
    expect(await engine.read(statement("select * from setting"))).toEqual([]);
  });

  test.each([
    ["plain text", "This is not a database, and it is longer than a header of one hundred bytes would be. ".repeat(50)],
    ["a damaged header", `SQLite format 3\0${"\xff".repeat(5000)}`],
  ])("rejects a database file that contains %s, and leaves it unchanged", async (_, content) => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    writeFileSync(file, content, "latin1");
    await expect(openSqlite({ file })).rejects.toMatchObject({
      name: "AntomVaultError",
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("file is not a database"),
    });
    expect(readFileSync(file, "latin1")).toBe(content);
    expect(readdirSync(directory.path)).toEqual(["vault.db"]);
  });

  test.each([
    ["a missing directory", (directory: string) => join(directory, "none", "vault.db"), "ENOENT"],
    ["a directory instead of a file", (directory: string) => directory, "unable to open database file"],
  ])("rejects %s", async (_, getFile, problem) => {
    using directory = createTemporaryDirectory();
    const file = getFile(directory.path);
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: `Cannot use ${file} as the sandbox's database: ${problem}. Fix this problem, or use a different --data directory.`,
    });
  });
});
