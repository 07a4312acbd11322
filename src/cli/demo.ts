/**
 * The main job: three cards on the sandbox, through the client: the vendor's own sample straight to a card token, one through the 3-D
 * Secure page, one that the issuer refuses. Then the contract, on mock and sandbox.
 */
import { allChecks, type ContractReport, runChecks, type Target } from "../contract/index.ts";
import { startMock } from "../mock/start-mock.ts";
import { startSandbox } from "../sandbox/index.ts";
import { type Told, vaultThreeCards } from "./demo-cards.ts";
import { indent, line, type Output } from "./output.ts";
import type { ExitCode } from "./program.ts";

/** Runs the main job. Exit code 0 only if all of it held. */
export async function demo(output: Output, { json }: { readonly json?: true }): Promise<ExitCode> {
  const started = performance.now();
  const { stdout, style } = output;
  const say = (text = "") => {
    if (!json) line(stdout, text);
  };
  // First of all, so that a part that is missing is told before anything is shown.
  await using mock = await startMock();
  await using sandbox = await startSandbox();
  const cards = await vaultThreeCards(sandbox, say, style);

  say(style.bold("4. The contract: every constraint of the document, from both sides"));
  const reports: ContractReport[] = [];
  const targets: readonly Target[] = [
    { name: "mock", ...mock.credentials, abilities: ["examples", "both-paths"] },
    { name: "sandbox", ...sandbox.credentials, abilities: ["both-paths"] },
  ];
  for (const target of targets) {
    const since = performance.now();
    const report = await runChecks(allChecks(), target, { onResult: progress(output, json) });
    reports.push(report);
    sayReport(say, style, report, seconds(since));
  }
  const held =
    cards.every((card) => card.held) && reports.every(({ totals }) => totals.failed === 0 && totals.passed > 0);
  say(held ? style.green(`✓ All of it held (${seconds(started)} s).`) : style.red("✗ Not all of it held."));
  if (json) line(stdout, JSON.stringify(asJson(cards, reports, held)));
  return held ? 0 : 1;
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

/** A line that counts, on a terminal. */
function progress({ stderr }: Output, json: true | undefined) {
  if (json || stderr.isTTY !== true || process.env["CI"]) return () => {};
  return (_result: unknown, done: number, total: number) => {
    stderr.write(done === total ? "\r\u001B[K" : `\r    ${done} of ${total}`);
  };
}

function sayReport(say: (text?: string) => void, style: Output["style"], report: ContractReport, took: string): void {
  const { checks, totals, target } = report;
  const { passed, failed, notApplicable } = totals;
  say(indent(style.bold(target)));
  for (const operation of new Set(checks.map((check) => check.operation))) {
    const own = checks.filter((check) => check.operation === operation && check.status !== "not-applicable");
    const wrong = own.filter(({ status }) => status === "failed");
    const mark = wrong.length === 0 ? style.green("✓") : style.red("✗");
    say(indent(`${mark} ${operation.padEnd(22)} ${String(own.length - wrong.length).padStart(4)} of ${own.length}`));
    for (const { id, detail } of wrong) say(indent(`${style.red(id)}\n${indent(detail)}`, "      "));
  }
  const unasked = notApplicable > 0 ? `, ${notApplicable} that only a mock can be asked` : "";
  say(indent(`${passed} passed, ${failed} failed${unasked} in ${took} s`));
  say();
}

const asJson = (cards: readonly Told[], reports: readonly ContractReport[], held: boolean) => ({
  held,
  vaultings: cards,
  contract: Object.fromEntries(reports.map((report) => [report.target, report])),
});
