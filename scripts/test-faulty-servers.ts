/**
 * Runs the contract tests against each faulty server and prints which check catches it. `npm run test:faulty-servers [-- NAME…]`. Exit code 1 if a
 * faulty server is not caught, or if a check fails against the correct server.
 */
import { faultyServers, type Mutations } from "../contract-tests/faulty-servers/index.ts";
import { startFaultyServer } from "../contract-tests/faulty-servers/mutating-proxy.ts";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { formatCount } from "./format-count.ts";

const checks = allChecks();

async function runContractTests(name: string, mutations: Mutations): Promise<ContractReport> {
  await using server = await startFaultyServer(name, mutations);
  // Wait for the checks here, because the server stops when this function returns.
  return await runChecks(checks, await detectCapabilities(server.target));
}

const names = process.argv.slice(2);
const chosen = faultyServers.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0)
  throw new Error(`Unknown faulty servers: ${names.join(", ")}; the names are in contract-tests/faulty-servers/.`);
let missed = 0;
const baseline = await runContractTests("correct server", { handler: (next) => next, delivery: (next) => next });
for (const { id, message, status } of baseline.checks)
  if (status === "failed") console.log(`FALSE FAILURE: ${id}\n${message}`);
for (const { name, caughtBy: _, ...mutations } of chosen) {
  const started = performance.now();
  const { checks: results, totals } = await runContractTests(name, mutations);
  const first = results.find(({ status }) => status === "failed");
  if (!first) missed += 1;
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const others = totals.failed > 1 ? ` and ${totals.failed - 1} more` : "";
  console.log(`${name.padEnd(46)} ${time.padStart(7)}  ${first ? `${first.id}${others}` : "MISSED"}`);
}
const falseFailures = baseline.totals.failed;
console.log(
  `\n${chosen.length - missed} of ${chosen.length} faulty servers caught, ${formatCount(falseFailures, "false failure")} against the correct server`,
);
process.exitCode = missed + falseFailures === 0 ? 0 : 1;
