/**
 * Checks the structure of the source: import rules, import cycles, and size limits. `npm run lint` runs this script. Exits with code 1 on any
 * violation.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import ts from "typescript";
import { groupBy } from "../src/protocol/group-by.ts";
import { importRules } from "./check-structure/import-rules.ts";

/** Raise a limit only with a reason in the commit message. */
const LIMITS = { linesOfSource: 54_000, filesPerDirectory: 20, linesPerFunction: 100 };

const DIRECTORIES = ["src", "scripts", "contract-tests"];

interface Measurement {
  readonly name: string;
  readonly count: number;
}

const violations = await findViolations();
const files = listFiles();
const sources = files.filter((file) => !/\.(test|test-d|fixture)\.ts$|^src\/testing\//.test(file));
const linesOfSource = sources.reduce((total, file) => total + readFileSync(file, "utf8").split("\n").length - 1, 0);
const directories = sortBySize(
  [...groupBy(sources, dirname)].map(([name, contents]) => ({ name, count: contents.length })),
);
const functions = sortBySize(files.filter((file) => !/\.test(-d)?\.ts$/.test(file)).flatMap(findFunctions));
const longFunctions = functions.filter(({ count }) => count > LIMITS.linesPerFunction);

console.log(`source: ${linesOfSource} lines in ${sources.length} files (limit ${LIMITS.linesOfSource} lines)`);
console.log(`largest directory: ${format(directories[0])} files (limit ${LIMITS.filesPerDirectory})`);
console.log(`longest function: ${format(functions[0])} lines (limit ${LIMITS.linesPerFunction})`);
console.log(`import cycles and forbidden imports: ${violations.length}`);

const problems = [
  ...violations,
  ...(linesOfSource > LIMITS.linesOfSource ? [`the source exceeds the limit of ${LIMITS.linesOfSource} lines`] : []),
  ...directories
    .filter(({ count }) => count > LIMITS.filesPerDirectory)
    .map((directory) => `too many files in a directory: ${format(directory)}`),
  ...longFunctions.map((long) => `function too long: ${format(long)}`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Returns the import cycles, including type-only ones, and the imports that the rules forbid. */
async function findViolations(): Promise<readonly string[]> {
  const options = {
    validate: true,
    ruleSet: importRules,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    // These programs import clients that only npm run codegen generates.
    exclude: { path: "^scripts/codegen/programs/" },
  };
  const { output } = await cruise(DIRECTORIES, options, { extensions: [".ts", ".js", ".json"] });
  // The output is an object, because the options set no output type.
  const { summary } = output as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${from} imports ${to}: ${rule.name}`);
}

function listFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...DIRECTORIES], {
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file.endsWith(".ts"));
}

/** Returns the functions of a file with their lengths in lines. */
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

function sortBySize(measured: readonly Measurement[]): readonly Measurement[] {
  return measured.toSorted((one, other) => other.count - one.count);
}

function format(measured: Measurement | undefined): string {
  return measured ? `${measured.name}: ${measured.count}` : "none";
}
