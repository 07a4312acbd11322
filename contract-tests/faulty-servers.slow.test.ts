import { describe, expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import type { Handler } from "./faulty-servers/http-messages.ts";
import { faultyServers, type Mutations } from "./faulty-servers/index.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import type { Deliver } from "./faulty-servers/notification-relay.ts";

async function failedOf(name: string, wrongs: Mutations, only?: string): Promise<readonly string[]> {
  await using server = await startFaultyServer(name, wrongs);
  const checks = allChecks().filter(({ id }) => only === undefined || id === only);
  const report = await runChecks(checks, await detectCapabilities(server.target));
  expect(report.totals.passed + report.totals.failed).toBeGreaterThan(0);
  return report.checks.filter(({ status }) => status === "failed").map(({ id }) => id);
}

// `npm run test:faulty-servers` asks each of them everything; here each meets the check that knows it.
describe("a faulty server is caught", () => {
  test.concurrent.each(faultyServers)("$name: by $by", async ({ name, by, ...wrongs }) => {
    expect(await failedOf(name, wrongs, by)).toEqual([by]);
  });

  test("and a right one behind the same relay is not", async () => {
    const wrongs = { wrong: (right: Handler) => right, delivery: (right: Deliver) => right };
    expect(await failedOf("nothing wrong", wrongs)).toEqual([]);
  });

  test("each has a name of its own", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
