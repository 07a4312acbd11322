/**
 * The main job: three cards on the sandbox, through the client: the vendor's own sample straight to a card token, one through the 3-D
 * Secure page, one that the issuer refuses. Then the contract, on mock and sandbox.
 */
import {
  allChecks,
  type ContractReport,
  type ContractTarget,
  detectCapabilities,
  runChecks,
} from "../../contract/index.ts";
import { startMock } from "../../mock/index.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { type DemoResult, runDemoVaultings } from "../calling/demo-vaultings.ts";
import { type ExitCode, type Output, writeLine } from "../console/output.ts";
import { createProgressReporter, printReport } from "../contract-run/print-contract-report.ts";

/** Runs the main job. Exit code 0 only if all of it held. */
export async function demo(output: Output, { json }: { readonly json?: true }): Promise<ExitCode> {
  const started = performance.now();
  const { stdout, style } = output;
  const say = (text = "") => {
    if (!json) writeLine(stdout, text);
  };
  // First of all, so that a part that is missing is told before anything is shown.
  await using mock = await startMock();
  await using sandbox = await startSandbox();
  const cards = await runDemoVaultings(sandbox, say, style);

  say(style.bold("4. The contract: every constraint of the document, from both sides"));
  const reports: ContractReport[] = [];
  const targets: readonly ContractTarget[] = [
    { name: "mock", ...mock.credentials },
    { name: "sandbox", ...sandbox.credentials },
  ];
  for (const target of targets) {
    const since = performance.now();
    const report = await runChecks(allChecks(), await detectCapabilities(target), {
      onResult: createProgressReporter(output, json),
    });
    reports.push(report);
    if (!json) printReport(output, report, (performance.now() - since) / 1000);
  }
  const held =
    cards.every((card) => card.passed) && reports.every(({ totals }) => totals.failed === 0 && totals.passed > 0);
  say(held ? style.green(`✓ All of it held (${seconds(started)} s).`) : style.red("✗ Not all of it held."));
  if (json) writeLine(stdout, JSON.stringify(toJson(cards, reports, held)));
  return held ? 0 : 1;
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

const toJson = (cards: readonly DemoResult[], reports: readonly ContractReport[], held: boolean) => ({
  held,
  vaultings: cards,
  contract: Object.fromEntries(reports.map((report) => [report.target, report])),
});
