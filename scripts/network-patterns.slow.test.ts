/** Checks that every regular expression that processes network input runs in linear time. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";
import { expect, test, vi } from "vitest";
import document from "../generated/openapi.json" with { type: "json" };

// The other backends require a native program or Java.
vi.stubEnv("RECHECK_BACKEND", "pure");

const root = join(import.meta.dirname, "..");
const DIRECTORIES =
  "src/{protocol,gateway,signature,client,notification,cards,sandbox/{access,control,dashboard,buyer-pages},contract/traffic}";

/** Returns the regular expressions in a file. If the file calls `new RegExp`, imports the file to record the expressions that it creates. */
async function collectFromFile(file: string): Promise<RegExp[]> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const patterns: RegExp[] = [];
  let hasConstructor = false;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      patterns.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
    }
    hasConstructor ||= ts.isNewExpression(node) && node.expression.getText() === "RegExp";
    ts.forEachChild(node, visit);
  };
  visit(source);
  return hasConstructor ? [...patterns, ...(await recordConstructed(file))] : patterns;
}

async function recordConstructed(file: string): Promise<RegExp[]> {
  const recorded: RegExp[] = [];
  const construct = (...[target, args]: Parameters<typeof Reflect.construct>) => {
    const pattern: RegExp = Reflect.construct(target, args);
    recorded.push(pattern);
    return pattern;
  };
  vi.stubGlobal("RegExp", new Proxy(RegExp, { construct }));
  await import(file);
  vi.unstubAllGlobals();
  expect(recorded, file).not.toEqual([]);
  return recorded;
}

function collectFromDocument(value: unknown): RegExp[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === "pattern" && typeof part === "string" ? [new RegExp(part, "u")] : collectFromDocument(part),
  );
}

/** Returns why a pattern might take longer than linear time, or `undefined` if its time is linear. */
function findProblem({ source, flags }: RegExp): string | undefined {
  const result = checkSync(source, flags, { timeout: 60_000 });
  if (result.status === "safe") return undefined;
  return `/${source}/${flags}: ${result.status === "vulnerable" ? result.complexity.summary : result.error.kind}`;
}

test("every regular expression that processes network input runs in linear time", { timeout: 600_000 }, async () => {
  const files = globSync(`${DIRECTORIES}/**/*.ts`, { cwd: root }).filter((file) => !/\.test(-d)?\.ts$/.test(file));
  const inSources: RegExp[] = [];
  for (const file of files) inSources.push(...(await collectFromFile(join(root, file))));
  const inDocument = collectFromDocument(document);
  expect(Math.min(inSources.length, inDocument.length)).toBeGreaterThan(50);
  const patterns = new Map([...inSources, ...inDocument].map((pattern) => [String(pattern), pattern]));
  expect([...patterns.values()].flatMap((pattern) => findProblem(pattern) ?? [])).toEqual([]);
});

test.each([/^\s*json\s*;?\s*$/, /\s+$/, /^(?:a+)+$/])("findProblem reports %s", (pattern) => {
  expect(findProblem(pattern)).toMatch(/polynomial|exponential/);
});
