import { afterAll, describe, expect, test } from "vitest";
import { allChecks, runChecks } from "../src/contract/index.ts";
import { faultyServers } from "./faulty-servers/index.ts";
import { SANDBOX_CAPABILITIES, startFaultyServer } from "./faulty-servers/mutating-proxy.ts";

type FaultyServer = Awaited<ReturnType<typeof startFaultyServer>>;

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
    expect(report.checks.map(({ id, status }) => [id, status])).toEqual([[caughtBy, "failed"]]);
  }, 240_000);
});

describe("the faulty servers", () => {
  test("have unique names", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
