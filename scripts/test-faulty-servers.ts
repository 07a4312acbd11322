/**
 * Runs the contract tests against each faulty server. Prints which check catches each server, and how many servers are caught per area.
 *
 *     npm run test:faulty-servers [-- --all] [NAME…]
 *
 * A run ends at the first check that fails. With `--all`, it runs all checks, and the last lines list the checks that do not fail against any faulty
 * server. Exits with code 1 if a faulty server is not caught, or if a check fails against the correct server.
 */
import { parseArgs } from "node:util";
import { faultyServers } from "../contract-tests/faulty-servers/index.ts";
import { startFaultyServer } from "../contract-tests/faulty-servers/mutating-proxy.ts";
import type { Mutations } from "../contract-tests/faulty-servers/mutations.ts";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { formatCount } from "./format-count.ts";

const { values, positionals: names } = parseArgs({ options: { all: { type: "boolean" } }, allowPositionals: true });
const chosen = faultyServers.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0)
  throw new Error(`Unknown faulty servers: ${names.join(", ")}. The names are in contract-tests/faulty-servers/.`);

const checks = allChecks();
const isFailed = ({ status }: ContractReport["checks"][number]) => status === "failed";

async function runContractTests(name: string, mutations: Mutations, onlyFirst: boolean): Promise<ContractReport> {
  await using server = await startFaultyServer(name, mutations);
  const stop = new AbortController();
  // Wait for the checks here, because the server stops when this function returns.
  return await runChecks(checks, await detectCapabilities(server.target), {
    signal: stop.signal,
    onResult: (result) => onlyFirst && isFailed(result) && stop.abort(),
  });
}

const baseline = await runContractTests("correct server", {}, false);
for (const { id, message } of baseline.checks.filter(isFailed)) console.log(`FALSE FAILURE: ${id}\n${message}`);
const areas = new Map<string, { servers: number; caught: number }>();
const neverFailed = new Set(checks.map(({ id }) => id));
for (const { name, area, caughtBy: _, ...mutations } of chosen) {
  const started = performance.now();
  const failed = (await runContractTests(name, mutations, values.all !== true)).checks.filter(isFailed);
  for (const { id } of failed) neverFailed.delete(id);
  const { servers, caught } = areas.get(area) ?? { servers: 0, caught: 0 };
  areas.set(area, { servers: servers + 1, caught: caught + Number(failed.length > 0) });
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const others = failed.length > 1 ? ` and ${failed.length - 1} more` : "";
  console.log(`${name.padEnd(46)} ${time.padStart(7)}  ${failed[0] ? `${failed[0].id}${others}` : "MISSED"}`);
}
console.log("");
for (const [area, { servers, caught }] of areas) console.log(`${area.padEnd(16)} ${caught} of ${servers} caught`);
const missed = [...areas.values()].reduce((sum, { servers, caught }) => sum + servers - caught, 0);
const falseFailures = baseline.totals.failed;
console.log(
  `${chosen.length - missed} of ${chosen.length} faulty servers caught, ${formatCount(falseFailures, "false failure")} against the correct server`,
);
if (values.all) {
  console.log(`\n${neverFailed.size} of ${checks.length} checks did not fail against any faulty server:`);
  for (const id of neverFailed) console.log(`  ${id}`);
}
process.exitCode = missed + falseFailures === 0 ? 0 : 1;
