import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { correctServers } from "./correct-servers.ts";
import { faultyServers, type Mutations } from "./faulty-servers/index.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";

interface Options {
  readonly lenient?: boolean;
  readonly idReuse?: "reject";
}

async function runContractTests(
  name: string,
  mutations: Mutations,
  only?: string,
  { lenient = false, ...options }: Options = {},
): Promise<ContractReport> {
  await using server = await startFaultyServer(name, mutations, options);
  const checks = allChecks().filter(({ id }) => only === undefined || id === only);
  const report = await runChecks(checks, await detectCapabilities({ ...server.target, lenient }));
  expect(report.totals.passed + report.totals.failed).toBeGreaterThan(0);
  return report;
}
const getFailedChecks = ({ checks }: ContractReport): readonly string[] =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);

const isSignatureFault = ({ caughtBy }: (typeof faultyServers)[number]) => caughtBy.startsWith("protocol.signature.");

// One server has these faults in turn, because a start takes much longer than a check.
describe("the contract tests of signatures", () => {
  let mutation: Mutation = (next) => next;
  let server: Awaited<ReturnType<typeof startFaultyServer>> | undefined;
  beforeAll(async () => {
    server = await startFaultyServer("signature faults", {
      handler: (next, context) => (call) => mutation(next, context)(call),
    });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.each(faultyServers.filter(isSignatureFault))("catch $name with $caughtBy", async ({ caughtBy, handler }) => {
    if (!server || !handler) throw new Error("The server is not running, or the fault has no handler.");
    mutation = handler;
    const checks = allChecks().filter(({ id }) => id === caughtBy);
    const target = { ...server.target, capabilities: ["multiple-merchants"] as const };
    expect(getFailedChecks(await runChecks(checks, target))).toEqual([caughtBy]);
  });
});

// `npm run test:faulty-servers` runs all checks against each server. These tests run only the check that must catch its fault.
describe("the contract tests", () => {
  test.concurrent.each(
    faultyServers.filter((server) => !isSignatureFault(server)),
  )("catch $name with $caughtBy", async ({ name, caughtBy, ...mutations }) => {
    expect(getFailedChecks(await runContractTests(name, mutations, caughtBy))).toEqual([caughtBy]);
  });

  test.each(correctServers)("pass against $name", async ({
    name,
    mutations,
    sendsErrorsUnsigned = false,
    ...options
  }) => {
    const report = await runContractTests(name, mutations, undefined, options);
    expect(report.checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.unsignedErrors > 100).toBe(sendsErrorsUnsigned);
    expect(report.totals.skipped).toBeLessThan(10);
  });
});

describe("the faulty servers", () => {
  test("have unique names", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
