/**
 * Checks the OpenAPI document in spec/, and lints the OpenAPI document of the control API. Usage: `npm run check:spec [-- --json]`. Exits with code 1
 * if a check fails.
 */
import { join } from "node:path";
import { alignColumns } from "./align-columns.ts";
import type { Check, Measurement, Violation } from "./check-spec/check.ts";
import { documentChecks } from "./check-spec/document-checks.ts";
import { exampleChecks } from "./check-spec/example-checks.ts";
import { patternChecks } from "./check-spec/pattern-checks.ts";
import { resultCodeChecks } from "./check-spec/result-code-checks.ts";
import { schemaChecks } from "./check-spec/schema-checks.ts";
import { sourceChecks } from "./check-spec/source-facts.ts";
import { formatCount } from "./format-count.ts";
import { bundle, runRedocly } from "./openapi/bundle.ts";
import type { Document } from "./openapi/openapi-document.ts";

const root = join(import.meta.dirname, "..");

const CHECKS: readonly Check[] = [
  ...documentChecks,
  ...exampleChecks,
  ...schemaChecks,
  ...patternChecks,
  ...resultCodeChecks,
  ...sourceChecks,
];

/** The result of one check. */
export interface CheckResult extends Measurement {
  readonly title: string;
  readonly requirement: string;
}

export interface SpecReport {
  readonly ok: boolean;
  readonly results: readonly CheckResult[];
}

interface Options {
  /** Whether to also run Redocly's rules, which take half of the run time. Default: true. */
  readonly lint?: boolean;
}

/** Checks the OpenAPI document in a directory. Lists violations in the report instead of throwing. */
export async function checkSpec(specDirectory: string, { lint = true }: Options = {}): Promise<SpecReport> {
  const file = join(specDirectory, "openapi.yaml");
  const control = join(specDirectory, "control", "openapi.yaml");
  const [bundled, linted, controlLinted] = await Promise.allSettled([
    bundle(file),
    lint ? findLintViolations(file) : [],
    lint ? findLintViolations(control) : [],
  ]);
  const results =
    bundled.status === "rejected"
      ? [toBundleResult(bundled.reason)]
      : CHECKS.map((check) => runCheck(check, bundled.value));
  if (lint && bundled.status === "fulfilled") {
    results.unshift(
      toLintResult("Redocly's rules", file, linted),
      toLintResult("Redocly's rules, control API", control, controlLinted),
    );
  }
  return { ok: results.every(({ violations }) => violations.length === 0), results };
}

function toLintResult(title: string, file: string, linted: PromiseSettledResult<readonly Violation[]>): CheckResult {
  const violations = linted.status === "fulfilled" ? linted.value : [{ at: file, message: getMessage(linted.reason) }];
  return { title, requirement: "no problems", measured: formatCount(violations.length, "problem"), violations };
}

const getMessage = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** Runs a check. If the check throws, its result is a violation. */
function runCheck({ title, requirement, measure }: Check, document: Document): CheckResult {
  try {
    return { title, requirement, ...measure(document) };
  } catch (error) {
    return {
      title,
      requirement,
      measured: "nothing",
      violations: [{ at: "#", message: `check failed: ${getMessage(error)}` }],
    };
  }
}

/**
 * Returns the result for a document that cannot be bundled. Redocly numbers the problems that it prints, and marks each error with "Error was
 * generated".
 */
function toBundleResult(reason: unknown): CheckResult {
  const text = getMessage(reason);
  const problem = text.split(/\n(?=\[\d+\] )/).find((part) => part.includes("Error was generated")) ?? text;
  const message = problem
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 2)
    .join(" ");
  return {
    title: "bundling",
    requirement: "succeeds",
    measured: "failed",
    violations: [{ at: "openapi.yaml", message: `cannot be bundled: ${message}` }],
  };
}

interface LintProblem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly source: { readonly ref: string }; readonly pointer?: string }[];
}

/** Returns the problems that Redocly's rules find, including warnings. Redocly prints other text before and after the JSON. */
async function findLintViolations(file: string): Promise<readonly Violation[]> {
  const config = join(root, "redocly.yaml");
  const args = ["lint", file, "--config", config, "--format", "json", "--max-problems", "1000"];
  const text = await runRedocly(args).catch(getMessage);
  const json = /^\{$[\s\S]*?^\}/m.exec(text)?.[0];
  if (json === undefined) return [{ at: file, message: text }];
  // The cast is safe, because package.json pins the version of Redocly.
  const { problems } = JSON.parse(json) as { readonly problems: readonly LintProblem[] };
  return problems.map(({ ruleId, message, location: [place] }) => ({
    at: place ? `${place.source.ref}${place.pointer ?? ""}` : file,
    message: `${ruleId}: ${message}`,
  }));
}

function formatTable(results: readonly CheckResult[]): string {
  return alignColumns([
    ["", "check", "result", "required"],
    ...results.map(({ title, measured, requirement, violations }) => [
      violations.length === 0 ? "✓" : "✗",
      title,
      measured,
      requirement,
    ]),
  ]);
}

if (import.meta.main) {
  const report = await checkSpec(join(root, "spec"));
  if (process.argv.includes("--json")) console.log(JSON.stringify(report, null, 2));
  else {
    console.log(formatTable(report.results));
    for (const { title, violations } of report.results) {
      for (const { at, message } of violations) console.log(`${title}: ${at}: ${message}`);
    }
  }
  process.exitCode = report.ok ? 0 : 1;
}
