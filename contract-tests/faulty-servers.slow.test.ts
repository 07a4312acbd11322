import { describe, expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import type { Handler } from "./faulty-servers/http-messages.ts";
import { faultyServers, type Mutations } from "./faulty-servers/index.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import type { Deliver } from "./faulty-servers/notification-relay.ts";

async function findFailedChecks(name: string, mutations: Mutations, only?: string): Promise<readonly string[]> {
  await using server = await startFaultyServer(name, mutations);
  const checks = allChecks().filter(({ id }) => only === undefined || id === only);
  const report = await runChecks(checks, await detectCapabilities(server.target));
  expect(report.totals.passed + report.totals.failed).toBeGreaterThan(0);
  return report.checks.filter(({ status }) => status === "failed").map(({ id }) => id);
}

// `npm run test:faulty-servers` runs all checks against each server. These tests run only the check that must catch it.
describe("the contract tests", () => {
  test.concurrent.each(faultyServers)("catch $name with $caughtBy", async ({ name, caughtBy, ...mutations }) => {
    expect(await findFailedChecks(name, mutations, caughtBy)).toEqual([caughtBy]);
  });

  test("pass against a correct server behind the same proxy", async () => {
    const mutations = { handler: (next: Handler) => next, delivery: (next: Deliver) => next };
    expect(await findFailedChecks("correct server", mutations)).toEqual([]);
  });
});

describe("the faulty servers", () => {
  test("have unique names", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
