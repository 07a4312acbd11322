import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { startProgram } from "../../testing/processes/store-program.ts";
import { openSqlite } from "./sqlite.ts";

const snapshot = (directory: string) =>
  readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString("base64")]);
const countRows = async (file: string) => {
  const engine = await openSqlite({ file });
  const query = { sql: "select count(*) rows from setting", values: [] };
  const [row] = await engine.read<{ readonly rows: number }>(query).finally(() => engine.close());
  return row?.rows;
};

/** Overwrites a file from a position to the end. A negative position counts from the end. */
function damage(file: string, position: number): void {
  const content = readFileSync(file);
  content.fill(0xa5, position < 0 ? content.length + position : position, undefined);
  writeFileSync(file, content);
}

describe("a database whose process was killed", () => {
  const killed = createTemporaryDirectory();
  const early = createTemporaryDirectory();
  afterAll(() => [killed, early].map((directory) => directory[Symbol.dispose]()));
  beforeAll(async () => {
    await using program = startProgram(`
      const { openSqlite } = await load("sqlite.ts");
      const engine = await openSqlite({ file: ${JSON.stringify(join(killed.path, "vault.db"))} });
      const run = (sql) => engine.transact((tx) => tx.all({ sql, values: [] }));
      await run("create table setting (name text)");
      const { createInterface } = await import("node:readline");
      for await (const line of createInterface(process.stdin)) {
        for (let row = 0; row < 20; row++) await run("insert into setting values ('" + "x".repeat(500) + "')");
        print("stored");
      }
    `);
    program.send(1);
    await program.readLine();
    cpSync(killed.path, early.path, { recursive: true });
    program.send(2);
    await program.readLine();
    program.kill("SIGKILL");
    await program.ended;
  });

  const copyKilled = () => {
    const directory = createTemporaryDirectory();
    cpSync(killed.path, directory.path, { recursive: true });
    const file = join(directory.path, "vault.db");
    return { file, directory, [Symbol.dispose]: () => directory[Symbol.dispose]() };
  };

  test("has all rows after a restart, and files that only the owner can read", async () => {
    using copy = copyKilled();
    for (const name of readdirSync(killed.path)) expect(statSync(join(killed.path, name)).mode & 0o777).toBe(0o600);
    expect(await countRows(copy.file)).toBe(40);
    // A clean stop moves everything to the database file.
    expect(existsSync(`${copy.file}-wal`)).toBe(false);
    expect(await countRows(copy.file)).toBe(40);
  });

  test.each<readonly [string, string, (file: string) => void]>([
    ["no log", "is missing. Restore the log", (file) => rmSync(`${file}-wal`)],
    ["an empty log", "does not contain the last commits", (file) => truncateSync(`${file}-wal`)],
    ["a truncated log", "does not contain the last commits", (file) => truncateSync(`${file}-wal`, 60_000)],
    ["an older log", "the last commits", (file) => copyFileSync(join(early.path, "vault.db-wal"), `${file}-wal`)],
    ["a log that is damaged from byte 1,000", "the last commits", (file) => damage(`${file}-wal`, 1_000)],
    ["a log that is damaged at the end", "the last commits", (file) => damage(`${file}-wal`, -100)],
    ["no database file", "the file is missing, but the sandbox stored data in it", (file) => rmSync(file)],
    ["an empty database file", "the file is empty, but", (file) => truncateSync(file)],
  ])("is rejected and left unchanged if it has %s", async (_, message, spoil) => {
    using copy = copyKilled();
    spoil(copy.file);
    const before = snapshot(copy.directory.path);
    await expect(openSqlite({ file: copy.file })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(message),
    });
    expect(snapshot(copy.directory.path)).toEqual(before);
  });

  test("is used without its log if the record is deleted, as the error advises", async () => {
    using copy = copyKilled();
    rmSync(`${copy.file}-wal`);
    rmSync(`${copy.file}-commit`);
    await (await openSqlite({ file: copy.file })).close();
  });
});

describe("openSqlite", () => {
  async function createDatabase(path: string): Promise<string> {
    const file = join(path, "vault.db");
    const engine = await openSqlite({ file });
    for (const sql of ["create table setting (name text)", "insert into setting values (zeroblob(100000))"])
      await engine.transact((tx) => tx.all({ sql, values: [] }));
    await engine.close();
    return file;
  }

  test.each<readonly [string, string, (file: string) => void]>([
    ["without tables", "the file contains no tables", (file) => emptyDatabase(file)],
    ["with damaged pages", "its pages are damaged", (file) => damage(file, 4_096 + 8)],
    ["that is truncated", "malformed", (file) => truncateSync(file, 50_000)],
    ["of a different application", "a different application (application_id 0)", (file) => createForeign(file, 0)],
    ["with an unknown application ID", "application (application_id 7)", (file) => createForeign(file, 7)],
  ])("rejects a database %s, and leaves it unchanged", async (_, message, spoil) => {
    using directory = createTemporaryDirectory();
    const file = await createDatabase(directory.path);
    spoil(file);
    const before = snapshot(directory.path);
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining(message),
    });
    expect(snapshot(directory.path)).toEqual(before);
  });

  function emptyDatabase(file: string): void {
    rmSync(file);
    using database = new DatabaseSync(file);
    database.exec("create table t (a); drop table t;");
  }

  function createForeign(file: string, id: number): void {
    rmSync(file);
    using database = new DatabaseSync(file);
    database.exec(`create table bookmarks (url text); pragma application_id = ${id}`);
  }

  test("adds the application ID to a database that an early version created", async () => {
    using directory = createTemporaryDirectory();
    const file = await createDatabase(directory.path);
    {
      using database = new DatabaseSync(file);
      database.exec("pragma application_id = 0");
    }
    expect(await countRows(file)).toBe(1);
    using database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare("pragma application_id").get()).toEqual({ application_id: 0x41564c54 });
  });

  test.each([
    "vault.db",
    "vault.db-commit",
  ])("rejects %s if it is a symbolic link, and leaves the target unchanged", async (name) => {
    using directory = createTemporaryDirectory();
    const target = join(directory.path, "target");
    writeFileSync(target, "");
    symlinkSync(target, join(directory.path, name));
    await expect(openSqlite({ file: join(directory.path, "vault.db") })).rejects.toThrow(`${name} is a symbolic link`);
    expect(readFileSync(target, "utf8")).toBe("");
  });

  test("moves commits to the database file within 5 seconds, so that a copy of the file is recent", async () => {
    using directory = createTemporaryDirectory();
    const file = join(directory.path, "vault.db");
    await using program = startProgram(`
      const { openSqlite } = await load("sqlite.ts");
      const engine = await openSqlite({ file: ${JSON.stringify(file)} });
      const run = (sql) => engine.transact((tx) => tx.all({ sql, values: [] }));
      await run("create table setting (name text)");
      await run("insert into setting values ('a')");
      print("stored");
    `);
    await program.readLine();
    const copy = join(directory.path, "copy.db");
    const countCopied = async () => {
      copyFileSync(file, copy);
      return countRows(copy).catch(() => 0);
    };
    await expect.poll(countCopied, { timeout: 5_000 }).toBe(1);
  });
});
