/** Sends 3 cards to the sandbox with the client, then runs the contract tests against the mock and the sandbox. @module */
import {
  allChecks,
  type ContractReport,
  type ContractTarget,
  detectCapabilities,
  runChecks,
} from "../../contract/index.ts";
import { requireDependencies } from "../../gateway/index.ts";
import { startMock } from "../../mock/index.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { type DemoPrinter, type DemoResult, runDemoVaultings } from "../calling/demo-vaultings.ts";
import { type ExitCode, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { createProgressReporter, printReport } from "../contract-run/print-contract-report.ts";

/** Runs the demo. Returns exit code 0 if each vaulting has the expected result, no check failed, and at least one check per target passed. */
export async function demo(output: Output, { json }: { readonly json?: true }): Promise<ExitCode> {
  const started = performance.now();
  const { stdout, style } = output;
  const print: DemoPrinter = {
    text: (text, label) => json || writeText(stdout, text, label),
    block: (block) => json || writeLine(stdout, block),
    style,
  };
  requireDependencies(["mock", "sandbox"], { sqlite: true });
  await using mock = await startMock();
  await using sandbox = await startSandbox();
  const cards = await runDemoVaultings(sandbox, print);

  print.text(style.bold("4. Run the contract tests against the mock and the sandbox"));
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
    if (!json) printReport(output, report, { seconds: (performance.now() - since) / 1000 });
  }
  const passed =
    cards.every((card) => card.passed) && reports.every(({ totals }) => totals.failed === 0 && totals.passed > 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print.text(passed ? style.green(`✓ The demo passed (${seconds} s).`) : style.red("✗ The demo failed."));
  if (json) writeJson(stdout, toJson(cards, reports, passed));
  return passed ? 0 : 1;
}

const toJson = (cards: readonly DemoResult[], reports: readonly ContractReport[], passed: boolean) => ({
  passed,
  vaultings: cards,
  contract: Object.fromEntries(reports.map((report) => [report.target, report])),
});
