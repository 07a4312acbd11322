/** Measures the document in spec/ against what it promises. `npm run check:spec [-- --json]`; exit code 1 on any fault. */
import { join } from "node:path";
import { alignColumns } from "./align-columns.ts";
import type { Check, Fault, Finding } from "./check-spec/check.ts";
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
export interface Measure extends Finding {
  readonly title: string;
  readonly bar: string;
}

export interface SpecReport {
  readonly ok: boolean;
  readonly measures: readonly Measure[];
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
    lint ? lintFaults(file) : [],
    lint ? lintFaults(control) : [],
  ]);
  const measures =
    bundled.status === "rejected" ? [unbundled(bundled.reason)] : CHECKS.map((check) => run(check, bundled.value));
  if (lint && bundled.status === "fulfilled") {
    measures.unshift(
      lintMeasure("Redocly's rules", file, linted),
      lintMeasure("Redocly's rules, control API", control, controlLinted),
    );
  }
  return { ok: measures.every(({ faults }) => faults.length === 0), measures };
}

function lintMeasure(title: string, file: string, linted: PromiseSettledResult<readonly Fault[]>): Measure {
  const faults = linted.status === "fulfilled" ? linted.value : [{ at: file, message: textOf(linted.reason) }];
  return { title, bar: "no problem", measured: `${faults.length} problems`, faults };
}

const textOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** A check that stumbles over the document has found a fault, too. */
function run({ title, bar, find }: Check, document: Document): Measure {
  try {
    return { title, bar, ...find(document) };
  } catch (error) {
    return { title, bar, measured: "nothing", faults: [{ at: "#", message: `cannot be checked: ${textOf(error)}` }] };
  }
}

/** Redocly prints a numbered paragraph for each problem, warnings included, and ends the bad ones in "Error was generated". */
function unbundled(reason: unknown): Measure {
  const text = textOf(reason);
  const problem = text.split(/\n(?=\[\d+\] )/).find((each) => each.includes("Error was generated")) ?? text;
  const message = problem
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 2)
    .join(" ");
  return {
    title: "one document",
    bar: "can be bundled",
    measured: "no",
    faults: [{ at: "openapi.yaml", message: `cannot be bundled: ${message}` }],
  };
}

interface LintProblem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly source: { readonly ref: string }; readonly pointer?: string }[];
}

/** What Redocly's rules find, warnings included. It prints JSON whether it passes or fails, with other text around it. */
async function lintFaults(file: string): Promise<readonly Fault[]> {
  const config = join(root, "redocly.yaml");
  const args = ["lint", file, "--config", config, "--format", "json", "--max-problems", "1000"];
  const text = await runRedocly(args).catch(textOf);
  const json = /^\{$[\s\S]*?^\}/m.exec(text)?.[0];
  if (json === undefined) return [{ at: file, message: text }];
  // The shape is Redocly's own; its version is fixed in package.json.
  const { problems } = JSON.parse(json) as { readonly problems: readonly LintProblem[] };
  return problems.map(({ ruleId, message, location: [place] }) => ({
    at: place ? `${place.source.ref}${place.pointer ?? ""}` : file,
    message: `${ruleId}: ${message}`,
  }));
}

function table(measures: readonly Measure[]): string {
  const rows = [
    ["what", "measured", "bar", ""],
    ...measures.map(({ title, measured, bar, faults }) => [title, measured, bar, faults.length === 0 ? "ok" : "FAULT"]),
  ];
  return alignColumns(rows);
}

if (import.meta.main) {
  const report = await checkSpec(join(root, "spec"));
  if (process.argv.includes("--json")) console.log(JSON.stringify(report, null, 2));
  else {
    console.log(table(report.measures));
    for (const { title, faults } of report.measures) {
      for (const { at, message } of faults) console.log(`FAULT  ${title}  ${at}  ${message}`);
    }
  }
  process.exitCode = report.ok ? 0 : 1;
}
