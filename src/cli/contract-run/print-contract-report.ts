/** A contract report as a person reads it in a terminal. */

import type { ContractReport, CoverageRow } from "../../contract/index.ts";
import { type FailureGroup, groupFailures } from "../../contract/report/index.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { commandPrefix, indent, type Output, writeLine } from "../console/output.ts";
import { canAnimate } from "../console/terminal-capabilities.ts";

/** A line that counts, on a terminal. */
export function createProgressReporter({ stderr }: Output, json: true | undefined) {
  if (json || !canAnimate(stderr, process.env)) return () => {};
  return (_result: unknown, done: number, total: number) => {
    stderr.write(done === total ? "\r\u001B[K" : `\r    ${done} of ${total}`);
  };
}

/** What held, by operation; each kind of failure with its first check in full; what could not be asked and why. */
export function printReport(
  output: Output,
  report: ContractReport,
  seconds: number,
  alone = (id: string) => commandForCheck(report.target, id),
): void {
  const { stdout, style } = output;
  const { checks, totals, target } = report;
  const say = (text: string) => writeLine(stdout, indent(text));
  say(style.bold(target));
  for (const operation of new Set(checks.map((check) => check.operation))) {
    const own = checks.filter((check) => check.operation === operation && check.status !== "skipped");
    const wrong = own.filter(({ status }) => status === "failed");
    const mark = wrong.length === 0 ? style.green("✓") : style.red("✗");
    if (own.length > 0)
      say(`${mark} ${operation.padEnd(22)} ${String(own.length - wrong.length).padStart(4)} of ${own.length}`);
  }
  for (const failures of groupFailures(checks)) printFailures(output, alone, failures);
  for (const covered of formatCoverage(report.coverage ?? [])) say(style.dim(covered));
  const unasked = checks.filter(({ status }) => status === "skipped");
  for (const [reason, { length }] of Map.groupBy(unasked, ({ message }) => message))
    say(style.dim(`– ${length} could not be asked. ${reason}`));
  say(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} not applicable in ${seconds.toFixed(1)} s`);
  writeLine(stdout);
}

/** The command that asks a target, or a recording, for one check alone. */
export const commandForCheck = (target: string, id: string, credentials?: string): string => {
  const keys = credentials === undefined ? "" : ` --credentials ${shellQuote(credentials)}`;
  return `${commandPrefix} contract ${id.startsWith("replay.") ? "--replay " : ""}${shellQuote(target)}${keys} --only ${id}`;
};

const SHOWN = 5;

/** A table: what was met of what there is, by operation. */
function formatCoverage(coverage: readonly CoverageRow[]): readonly string[] {
  if (coverage.length === 0) return [];
  const kinds = ["constraints", "messages", "codes"] as const;
  const line = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(22)}${cells.map((cell) => cell.padStart(13)).join("")}`;
  const rows = [...Map.groupBy(coverage, ({ subject }) => subject)].map(([subject, own]) => {
    const cells = kinds.map((kind) => own.find(({ kind: of }) => of === kind));
    return line(
      subject,
      cells.map((cell) => (cell ? `${cell.covered} of ${cell.total}` : "")),
    );
  });
  return [line("covered", kinds), ...rows];
}

function printFailures(
  { stdout, style }: Output,
  alone: (id: string) => string,
  { summary: what, checks }: FailureGroup,
): void {
  const [first, ...others] = checks;
  if (!first) return;
  writeLine(stdout);
  writeLine(stdout, indent(`${style.red("✗")} ${style.bold(what)}`));
  writeLine(stdout, indent(`${first.id}: ${first.title}`, "      "));
  writeLine(stdout, indent(first.message.slice(what.length + 1), "      "));
  writeLine(stdout, indent(`This check alone: ${alone(first.id)}`, "      "));
  if (others.length > 0) {
    const more = others.length > SHOWN ? `, and ${others.length - SHOWN} more` : "";
    const ids = others.slice(0, SHOWN).map(({ id }) => id);
    writeLine(stdout, indent(style.dim(`The same in ${ids.join(", ")}${more}.`), "      "));
  }
}
