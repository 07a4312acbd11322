/** Measures the document in spec/ against what it promises. `npm run check:spec [-- --json]`; exit code 1 on any fault. */
import { join } from "node:path";
import { alignColumns } from "./align-columns.ts";
import type { Check, Measurement, Violation } from "./check-spec/check.ts";
import { documentChecks } from "./check-spec/document-checks.ts";
import { exampleChecks } from "./check-spec/example-checks.ts";
import { patternChecks } from "./check-spec/pattern-checks.ts";
import { resultCodeChecks } from "./check-spec/result-code-checks.ts";
import { schemaChecks } from "./check-spec/schema-checks.ts";
import { bundle, runRedocly } from "./openapi/bundle.ts";
import type { Document } from "./openapi/openapi-document.ts";

const root = join(import.meta.dirname, "..");

const CHECKS: readonly Check[] = [
  ...documentChecks,
  ...exampleChecks,
  ...schemaChecks,
  ...patternChecks,
  ...resultCodeChecks,
];

/** What one check measured. */
export interface CheckResult extends Measurement {
  readonly title: string;
  readonly requirement: string;
}

export interface SpecReport {
  readonly ok: boolean;
  readonly results: readonly CheckResult[];
}

interface Options {
  /** Whether Redocly's rules are run too; they take half of the time. */
  readonly lint?: boolean;
}

/** Measures the document in this folder. Faults of the document are in the report, never thrown. */
export async function checkSpec(specFolder: string, { lint = true }: Options = {}): Promise<SpecReport> {
  const file = join(specFolder, "openapi.yaml");
  const control = join(specFolder, "control", "openapi.yaml");
  const [bundled, linted, controlLinted] = await Promise.allSettled([
    bundle(file),
    lint ? findLintViolations(file) : [],
    lint ? findLintViolations(control) : [],
  ]);
  const measures =
    bundled.status === "rejected"
      ? [toBundleResult(bundled.reason)]
      : CHECKS.map((check) => runCheck(check, bundled.value));
  if (lint && bundled.status === "fulfilled") {
    measures.unshift(
      toLintResult("Redocly's rules", file, linted),
      toLintResult("Redocly's rules, control API", control, controlLinted),
    );
  }
  return { ok: measures.every(({ violations }) => violations.length === 0), results: measures };
}

function toLintResult(title: string, file: string, linted: PromiseSettledResult<readonly Violation[]>): CheckResult {
  const faults = linted.status === "fulfilled" ? linted.value : [{ at: file, message: getMessage(linted.reason) }];
  return { title, requirement: "no problem", measured: `${faults.length} problems`, violations: faults };
}

const getMessage = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** A check that stumbles over the document has found a fault, too. */
function runCheck({ title, requirement, measure }: Check, document: Document): CheckResult {
  try {
    return { title, requirement, ...measure(document) };
  } catch (error) {
    return {
      title,
      requirement,
      measured: "nothing",
      violations: [{ at: "#", message: `cannot be checked: ${getMessage(error)}` }],
    };
  }
}

/** Redocly prints a numbered paragraph for each problem, warnings included, and ends the bad ones in "Error was generated". */
function toBundleResult(reason: unknown): CheckResult {
  const text = getMessage(reason);
  const problem = text.split(/\n(?=\[\d+\] )/).find((each) => each.includes("Error was generated")) ?? text;
  const message = problem
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 2)
    .join(" ");
  return {
    title: "one document",
    requirement: "can be bundled",
    measured: "no",
    violations: [{ at: "openapi.yaml", message: `cannot be bundled: ${message}` }],
  };
}

interface LintProblem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly source: { readonly ref: string }; readonly pointer?: string }[];
}

/** What Redocly's rules find, warnings included. It prints JSON whether it passes or fails, with other text around it. */
async function findLintViolations(file: string): Promise<readonly Violation[]> {
  const config = join(root, "redocly.yaml");
  const args = ["lint", file, "--config", config, "--format", "json", "--max-problems", "1000"];
  const text = await runRedocly(args).catch(getMessage);
  const json = /^\{$[\s\S]*?^\}/m.exec(text)?.[0];
  if (json === undefined) return [{ at: file, message: text }];
  // The shape is Redocly's own; its version is fixed in package.json.
  const { problems } = JSON.parse(json) as { readonly problems: readonly LintProblem[] };
  return problems.map(({ ruleId, message, location: [place] }) => ({
    at: place ? `${place.source.ref}${place.pointer ?? ""}` : file,
    message: `${ruleId}: ${message}`,
  }));
}

function formatTable(measures: readonly CheckResult[]): string {
  const rows = [
    ["what", "measured", "bar", ""],
    ...measures.map(({ title, measured, requirement, violations }) => [
      title,
      measured,
      requirement,
      violations.length === 0 ? "ok" : "FAULT",
    ]),
  ];
  return alignColumns(rows);
}

if (import.meta.main) {
  const report = await checkSpec(join(root, "spec"));
  if (process.argv.includes("--json")) console.log(JSON.stringify(report, null, 2));
  else {
    console.log(formatTable(report.results));
    for (const { title, violations } of report.results) {
      for (const { at, message } of violations) console.log(`FAULT  ${title}  ${at}  ${message}`);
    }
  }
  process.exitCode = report.ok ? 0 : 1;
}
