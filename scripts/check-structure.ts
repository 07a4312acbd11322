/**
 * Counts and enforces the structure of the source: import rules, import cycles, and the limits below. `npm run lint` runs it; exit code 1 on
 * any violation.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import ts from "typescript";
import { importRules } from "./check-structure/import-rules.ts";

/** Raise one only with a reason in the commit. */
const LIMITS = { linesOfSource: 32_500, filesPerDirectory: 20, linesPerFunction: 100 };

const DIRECTORIES = ["src", "scripts", "contract-tests"];

interface Measurement {
  readonly name: string;
  readonly count: number;
}

const violations = await findViolations();
const files = listFiles();
const sources = files.filter((file) => !/\.(test|test-d|fixture)\.ts$|^src\/testing\//.test(file));
const linesOfSource = sum(sources.map((file) => countLines(readFileSync(file, "utf8"))));
const directories = largestFirst(
  [...Map.groupBy(sources, dirname)].map(([name, inside]) => ({ name, count: inside.length })),
);
const functions = largestFirst(files.filter((file) => !/\.test(-d)?\.ts$/.test(file)).flatMap(findFunctions));
const longFunctions = functions.filter(({ count }) => count > LIMITS.linesPerFunction);

console.log(`source: ${linesOfSource} lines in ${sources.length} files, at most ${LIMITS.linesOfSource} lines`);
console.log(`largest directory: ${format(directories[0])} files, at most ${LIMITS.filesPerDirectory}`);
console.log(`longest function: ${format(functions[0])} lines, at most ${LIMITS.linesPerFunction}`);
console.log(`import cycles and forbidden imports: ${violations.length}`);

const problems = [
  ...violations,
  ...(linesOfSource > LIMITS.linesOfSource ? [`source has more than ${LIMITS.linesOfSource} lines`] : []),
  ...directories
    .filter(({ count }) => count > LIMITS.filesPerDirectory)
    .map((each) => `too many files: ${format(each)}`),
  ...longFunctions.map((each) => `too long a function: ${format(each)}`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Import cycles, type-only ones included, and imports that the rules forbid. */
async function findViolations(): Promise<readonly string[]> {
  const options = {
    validate: true,
    ruleSet: importRules,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  };
  const { output } = await cruise(DIRECTORIES, options, { extensions: [".ts", ".js", ".json"] });
  // Without an output type the result is the object; with one it would be a text.
  const { summary } = output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${from} imports ${to}: ${rule.name}`);
}

function listFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...DIRECTORIES], {
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file.endsWith(".ts"));
}

/** The functions of a file with their lengths in lines. */
function findFunctions(file: string): readonly Measurement[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: Measurement[] = [];
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const first = lineAt(node.getStart());
      found.push({ name: `${file}:${first}`, count: lineAt(node.getEnd()) - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function largestFirst(measured: readonly Measurement[]): readonly Measurement[] {
  return measured.toSorted((one, other) => other.count - one.count);
}

function format(measured: Measurement | undefined): string {
  return measured ? `${measured.name}, ${measured.count}` : "none";
}
