import { expect, test } from "vitest";
import { allChecks, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { correctServers } from "./correct-servers.ts";
import { SANDBOX_CAPABILITIES, startFaultyServer } from "./faulty-servers/mutating-proxy.ts";

test.each(correctServers)("the contract tests pass against $name", async ({
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
