import { afterAll, describe, expect, test } from "vitest";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { correctServers } from "./correct-servers.ts";
import { faultyServers } from "./faulty-servers/index.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";

const SANDBOX_CAPABILITIES = [
  "both-base-paths",
  "state",
  "notifications",
  "clock",
  "multiple-merchants",
  "forced-results",
] as const;

type FaultyServer = Awaited<ReturnType<typeof startFaultyServer>>;

const getFailedChecks = ({ checks }: ContractReport): readonly string[] =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);

describe("the contract tests", () => {
  // Each server is reused with different faults, because starting a server takes longer than running a check.
  const servers: FaultyServer[] = [];
  const idle: FaultyServer[] = [];
  const startServer = async (): Promise<FaultyServer> => {
    const server = await startFaultyServer("server with changing faults", {});
    servers.push(server);
    return server;
  };
  afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));

  test.concurrent.each(faultyServers)("catch $name with $caughtBy", async ({ caughtBy, ...mutations }) => {
    const server = idle.pop() ?? (await startServer());
    server.setMutations(mutations);
    const checks = allChecks().filter(({ id }) => id === caughtBy);
    const report = await runChecks(checks, { ...server.target, capabilities: SANDBOX_CAPABILITIES });
    idle.push(server);
    expect(getFailedChecks(report)).toEqual([caughtBy]);
  });

  test.concurrent.each(correctServers)("pass against $name", async ({
    name,
    mutations,
    lenient = false,
    sendsErrorsUnsigned = false,
    ...options
  }) => {
    await using server = await startFaultyServer(name, mutations, options);
    const target = await detectCapabilities({ ...server.target, lenient });
    expect(target.capabilities).toEqual(SANDBOX_CAPABILITIES);
    const report = await runChecks(allChecks(), target);
    expect(report.checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.unsignedErrors > 100).toBe(sendsErrorsUnsigned);
    expect(report.totals.skipped).toBeLessThan(10);
  }, 240_000);
});

describe("the faulty servers", () => {
  test("have unique names", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
