/** Prints a contract report as text. @module */
import { type ContractReport, type CoverageRow, formatUnsignedErrors } from "../../contract/index.ts";
import { type FailureGroup, groupFailures } from "../../contract/report/index.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { groupBy } from "../../protocol/group-by.ts";
import { commandPrefix, type Output, writeCommand, writeLine, writeText } from "../console/output.ts";
import { canAnimate } from "../console/terminal-capabilities.ts";

const INDENT = "    ";
const DETAIL_INDENT = "      ";

/** Returns a function that shows the number of finished checks on one line of the terminal. Prints a note when the run is interrupted. */
export function createProgressReporter({ stderr }: Output, json: true | undefined, signal?: AbortSignal) {
  const isShown = !json && canAnimate(stderr, process.env);
  signal?.addEventListener("abort", () => {
    if (isShown) stderr.write("\r\u001B[K");
    writeText(stderr, "Waiting for the checks that are running. To stop now, press Ctrl-C again.", "! ");
  });
  return (_result: unknown, done: number, total: number) => {
    if (!isShown || signal?.aborted) return;
    stderr.write(done === total ? "\r\u001B[K" : `\r${INDENT}${done} of ${total}`);
  };
}

export interface PrintOptions {
  readonly seconds: number;
  /** Whether to print the request, the response, and a curl command for each kind of failure. */
  readonly verbose?: boolean;
  /** Returns the command that runs one check. */
  readonly getCommand?: (id: string) => string;
}

/** Prints the results by operation, each kind of failure, the coverage, and the skipped checks with the reason. */
export function printReport({ stdout, style }: Output, report: ContractReport, options: PrintOptions): void {
  const { checks, totals, target, coverage = [] } = report;
  const { seconds, verbose = false, getCommand = (id) => commandForCheck(target, id) } = options;
  const print = (text: string, label = "") => writeText(stdout, text, INDENT + label);
  print(style.bold(target));
  for (const operation of new Set(checks.map((check) => check.operation))) {
    const tested = checks.filter((check) => check.operation === operation && check.status !== "skipped");
    const failed = tested.filter(({ status }) => status === "failed");
    const mark = failed.length === 0 ? style.green("✓") : style.red("✗");
    const passed = String(tested.length - failed.length).padStart(4);
    if (tested.length > 0) writeLine(stdout, `${INDENT}${mark} ${operation.padEnd(22)} ${passed} of ${tested.length}`);
  }
  const groups = groupFailures(checks);
  if (groups.length > 0 && !verbose) writeLine(stdout);
  for (const group of groups) {
    if (verbose) printFailureDetails({ stdout, style }, group, getCommand);
    else print(`${style.bold(group.summary)} ${listChecks(group)}`, `${style.red("✗")} `);
  }
  if (groups.length > 0) writeLine(stdout);
  for (const row of formatCoverage(coverage)) writeLine(stdout, INDENT + style.dim(row));
  const skipped = checks.filter(({ status }) => status === "skipped");
  for (const [reason, { length }] of groupBy(skipped, ({ message }) => message))
    print(style.dim(`${length} of ${checks.length} checks skipped: ${reason}`), style.dim("– "));
  const unsigned = formatUnsignedErrors(report);
  if (unsigned) print(unsigned, `${style.yellow("!")} `);
  print(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped in ${seconds.toFixed(1)} s`);
  const [first] = groups[0]?.checks ?? [];
  if (first && !verbose) {
    print("For requests, responses, and curl commands, add --verbose. To run one failed check:");
    writeCommand(stdout, `${getCommand(first.id)} --verbose`, DETAIL_INDENT);
  }
  writeLine(stdout);
}

/** Returns the command that runs one check against a target or a recording. */
export const commandForCheck = (target: string, id: string, credentials?: string): string => {
  const keys = credentials === undefined ? "" : ` --credentials ${shellQuote(credentials)}`;
  return `${commandPrefix} contract ${id.startsWith("replay.") ? "--replay " : ""}${shellQuote(target)}${keys} --only ${id}`;
};

const listChecks = ({ checks: [first, ...others] }: FailureGroup): string =>
  `(${first?.id}${others.length > 0 ? ` and ${others.length} more` : ""})`;

/** Formats the coverage as a table with a row for each operation. */
function formatCoverage(coverage: readonly CoverageRow[]): readonly string[] {
  if (coverage.length === 0) return [];
  const kinds = ["constraints", "messages", "codes"] as const;
  const formatRow = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(22)}${cells.map((cell) => cell.padStart(13)).join("")}`;
  const rows = [...groupBy(coverage, ({ subject }) => subject)].map(([subject, subjectRows]) => {
    const cells = kinds.map((kind) => subjectRows.find((row) => row.kind === kind));
    return formatRow(
      subject,
      cells.map((cell) => (cell ? `${cell.covered} of ${cell.total}` : "")),
    );
  });
  return [formatRow("covered", kinds), ...rows];
}

const MAX_SHOWN_IDS = 5;

function printFailureDetails(
  { stdout, style }: Pick<Output, "stdout" | "style">,
  { summary, checks }: FailureGroup,
  getCommand: (id: string) => string,
): void {
  const [first, ...others] = checks;
  if (!first) return;
  const print = (text: string) => writeText(stdout, text, DETAIL_INDENT);
  const printCommand = (label: string, command: string) => {
    print(label);
    writeCommand(stdout, command, `${DETAIL_INDENT}  `);
  };
  writeLine(stdout);
  writeText(stdout, style.bold(summary), `${INDENT}${style.red("✗")} `);
  print(`${first.id}: ${first.title}`);
  for (const line of first.message.slice(summary.length + 1).split("\n")) {
    const [, label = "", curl] = /^(\w+:) (curl .*)$/.exec(line) ?? [];
    if (curl !== undefined) printCommand(label, curl);
    // Bodies are not wrapped, because a line break would change them.
    else if (/[{}]/.test(line)) writeLine(stdout, DETAIL_INDENT + line);
    else print(line);
  }
  printCommand("Run this check:", getCommand(first.id));
  if (others.length > 0) {
    const more = others.length > MAX_SHOWN_IDS ? `, and ${others.length - MAX_SHOWN_IDS} more` : "";
    const ids = others.slice(0, MAX_SHOWN_IDS).map(({ id }) => id);
    print(style.dim(`Same failure in ${ids.join(", ")}${more}.`));
  }
}
