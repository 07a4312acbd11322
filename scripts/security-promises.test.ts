import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const SECTIONS = ["What is protected", "What cannot be disabled", "Threats considered"];
/** A link to a test file. The title of the link is the name of a test. */
const TEST_LINK = /\[[^\]]+\]\(([^\s)]+\.test\.ts) "([^"]+)"\)/g;

const markdown = readFileSync(join(root, "SECURITY.md"), "utf8");
const links = Array.from(markdown.matchAll(TEST_LINK), ([, file = "", name = ""]) => ({ file, name }));

describe("SECURITY.md", () => {
  test.each(SECTIONS)("links each promise in the section %s to a test", (title) => {
    const section = markdown.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
    const promises = section.split("\n").filter((line) => /^(?:- |\| (?!Asset \|))/.test(line));
    expect(promises.length).toBeGreaterThan(3);
    expect(promises.filter((promise) => !promise.match(TEST_LINK))).toEqual([]);
  });

  test.each(links)("links to the existing test $name in $file", ({ file, name }) => {
    expect(readTestNames(file)).toContain(name);
  });
});

test("readTestNames returns the names of tests and groups, but no other strings", () => {
  const names = readTestNames("scripts/security-promises.test.ts");
  expect(names).toContain("SECURITY.md");
  expect(names).toContain("links each promise in the section %s to a test");
  expect(names).not.toContain("typescript");
});

/** Returns the names of the tests and groups in a file, as written in the source. */
function readTestNames(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:test|describe)\b/.test(node.expression.getText(source))) {
      const [name] = node.arguments;
      if (name && (ts.isStringLiteralLike(name) || ts.isTemplateExpression(name)))
        names.push(name.getText(source).slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}
