import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { BoundQuery } from "./database-engine.ts";
import { migrate } from "./migrate.ts";
import { createQueries, type Queries } from "./queries.ts";
import { openSqlite } from "./sqlite.ts";

const sqlite = createQueries("sqlite");
const postgresql = createQueries("postgresql");

/** Binds each statement, using the name of each parameter as its value. */
const bindToNames = (queries: Queries) =>
  Object.entries(queries).map(([name, query]) => {
    const names = new Proxy({}, { get: (_, parameter) => parameter });
    // The proxy provides every parameter, but the union type of the statements cannot express this.
    return [name, (query as (parameters: object) => BoundQuery<unknown>)(names)] as const;
  });

test("createQueries uses each engine's placeholder syntax and lists the values in placeholder order", () => {
  const given = { vaultingRequestId: "1", clientId: "A" };
  expect(sqlite.vaultingFind(given)).toEqual({
    sql: 'select * from "vaulting" where "clientId" = ? and "vaultingRequestId" = ?',
    values: ["A", "1"],
  });
  expect(postgresql.vaultingFind(given)).toEqual({
    sql: 'select * from "vaulting" where "clientId" = $1 and "vaultingRequestId" = $2',
    values: ["A", "1"],
  });
});

test("createQueries binds a value in both places if its parameter occurs twice", () => {
  expect(sqlite.settingSet({ name: "n", value: "v" }).values).toEqual(["n", "v", "v"]);
  expect(sqlite.notificationResend({ seq: 7, now: 5 }).values).toEqual([5, 5, 7]);
});

test("createQueries returns functions that reject a missing value, which PostgreSQL would read as null", () => {
  const none = {} as { name: string };
  expect(() => postgresql.settingGet(none)).toThrow("The statement has no value for :name.");
});

test("createQueries defines the same statements with the same parameters for both engines", () => {
  const getValues = (queries: Queries) => bindToNames(queries).map(([name, { values }]) => [name, values]);
  expect(getValues(sqlite)).toEqual(getValues(postgresql));
});

test("createQueries locks rows only on PostgreSQL", () => {
  const claim = { host: "h", limit: 1, now: 1, real: 1, until: 2, lease: "l" };
  expect(postgresql.notificationClaim(claim).sql).toContain("for update skip locked");
  expect(sqlite.notificationClaim(claim).sql).not.toContain("for update");
});

test("createQueries never includes a value in the SQL text", () => {
  const { sql } = postgresql.settingGet({ name: "" });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(postgresql.settingGet({ name })).toEqual({ sql, values: [name] });
    }),
  );
});

test.each([[0], [2 ** 53 - 1]])("createQueries passes the number %d unchanged", (time) => {
  expect(sqlite.vaultingListExpired({ time }).values).toEqual([time]);
});

test("createQueries uses an index in every statement that runs during an API call or a delivery", async () => {
  const engine = await openSqlite({});
  onTestFinished(() => engine.close());
  await migrate(engine);
  const statements = bindToNames(sqlite).filter(([name]) => !FULL_SCANS.has(name));
  expect(statements.length).toBeGreaterThan(15);
  for (const [name, { sql, values }] of statements) {
    const plan = await engine.read<{ readonly detail: string }>({
      sql: `explain query plan ${sql}`,
      values: values.map(() => null),
    });
    const scans = plan
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?:vaulting|notification|attempt|call)\b/.test(detail));
    expect(scans, name).toEqual([]);
  }
});

/** Statements that may scan a table, because they run only at the request of a user or once at startup, or because they read few rows. */
const FULL_SCANS = new Set([
  "vaultingCount",
  "notificationCountPending",
  "notificationReleaseAll",
  // Reads only the oldest calls.
  "callPrune",
  // The next 2 statements read an index with at most 10,000 entries.
  "callListNumbers",
  "callListByVaulting",
  // A reset deletes all rows.
  "callDeleteAll",
  "vaultingDeleteAll",
  "notificationDeleteAll",
  "attemptDeleteAll",
]);
