/** Runs the contract tests against each faulty server and prints which check caught it. `npm run test:faulty-servers [-- NAME…]`. Exit code 1 where one is missed. */

import { faultyServers, type Mutations } from "../contract-tests/faulty-servers/index.ts";
import { startFaultyServer } from "../contract-tests/faulty-servers/mutating-proxy.ts";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";

const checks = allChecks();

async function runContractTests(name: string, wrongs: Mutations): Promise<ContractReport> {
  await using server = await startFaultyServer(name, wrongs);
  // Awaited here: the server stops at the end of this function.
  return await runChecks(checks, await detectCapabilities(server.target));
}

const names = process.argv.slice(2);
const chosen = faultyServers.filter(({ name }) => names.length === 0 || names.includes(name));
let missed = 0;
const baseline = await runContractTests("nothing-wrong", { handler: (right) => right, delivery: (right) => right });
for (const { id, message, status } of baseline.checks)
  if (status === "failed") console.log(`false alarm: ${id}\n${message}`);
for (const { name, by: _, ...wrongs } of chosen) {
  const since = performance.now();
  const { checks: results, totals } = await runContractTests(name, wrongs);
  const first = results.find(({ status }) => status === "failed");
  if (!first) missed += 1;
  const took = `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const others = totals.failed > 1 ? ` and ${totals.failed - 1} more` : "";
  console.log(`${name.padEnd(44)} ${took.padStart(7)}  ${first ? `${first.id}${others}` : "MISSED"}`);
}
const alarms = baseline.totals.failed;
console.log(
  `\n${chosen.length - missed} of ${chosen.length} caught; ${alarms} false alarms on the right server behind the same relay.`,
);
process.exitCode = missed + alarms === 0 ? 0 : 1;
