import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { compiled } from "../../../generated/queries.ts";
import { migrate } from "./migrate.ts";
import { queriesFor } from "./queries.ts";
import { openSqlite } from "./sqlite.ts";

const sqlite = queriesFor("sqlite");
const postgresql = queriesFor("postgresql");

test("an engine's own words, with the values in their places", () => {
  const given = { vaultingRequestId: "1", clientId: "A" };
  expect(sqlite.vaultingById(given)).toEqual({
    sql: 'select * from "vaulting" where "clientId" = ? and "vaultingRequestId" = ?',
    values: ["A", "1"],
  });
  expect(postgresql.vaultingById(given)).toEqual({
    sql: 'select * from "vaulting" where "clientId" = $1 and "vaultingRequestId" = $2',
    values: ["A", "1"],
  });
});

test("one parameter can stand in two places, beside values that are always the same", () => {
  expect(sqlite.settingSet({ name: "n", value: "v" }).values).toEqual(["n", "v", "v"]);
  const { values } = sqlite.notificationResend({ seq: 7, now: 5 });
  expect(values).toEqual(["PENDING", 0, 5, 5, 0, null, 7]);
});

test("both engines have the same queries, which take the same values", () => {
  const parametersOf = (engine: "sqlite" | "postgresql") =>
    Object.entries(compiled[engine]).map(([name, { places }]) => [
      name,
      [...new Set(places.map((place) => ("parameter" in place ? place.parameter : undefined)))].sort(),
    ]);
  expect(parametersOf("sqlite")).toEqual(parametersOf("postgresql"));
});

test("only PostgreSQL locks rows", () => {
  const claim = { host: "h", limit: 1, now: 1, real: 1, until: 2, lease: "l" };
  expect(postgresql.notificationClaim(claim).sql).toContain("for update skip locked");
  expect(sqlite.notificationClaim(claim).sql).not.toContain("for update");
});

test("a value is never part of the text, whatever it is", () => {
  const { sql } = postgresql.settingGet({ name: "" });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(postgresql.settingGet({ name })).toEqual({ sql, values: [name] });
    }),
  );
});

test.each([[0], [2 ** 53 - 1]])("hands the number %d through as it is", (time) => {
  expect(sqlite.vaultingExpired({ time }).values).toEqual([time, 100]);
});

test("whatever a call or a delivery asks is found along an index, however much waits", async () => {
  const engine = await openSqlite({});
  onTestFinished(() => engine.close());
  await migrate(engine);
  const all = Object.entries(compiled.sqlite).filter(([name]) => !READS_MUCH.has(name));
  expect(all.length).toBeGreaterThan(15);
  for (const [name, { sql, places }] of all) {
    const plan = await engine.read<{ readonly detail: string }>({
      sql: `explain query plan ${sql}`,
      values: places.map((place) => ("constant" in place ? place.constant : null)),
    });
    const scans = plan
      .map(({ detail }) => detail)
      .filter((each) => /^SCAN (?:vaulting|notification|attempt)\b/.test(each));
    expect(scans, name).toEqual([]);
  }
});

/** Asked by a person, or once at the start. */
const READS_MUCH = new Set([
  "vaultingCount",
  "notificationPending",
  "notificationList",
  "notificationReleaseAll",
  "forgetVaultings",
  "forgetNotifications",
  "forgetAttempts",
]);
