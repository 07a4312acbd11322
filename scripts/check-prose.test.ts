import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "antom-vault-prose-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function check(name: string, text: string): Promise<{ readonly exitCode: number; readonly output: string }> {
  const file = join(directory, name);
  writeFileSync(file, text);
  const run = promisify(execFile)(process.execPath, [join(root, "scripts/check-prose.ts"), file], { cwd: root });
  return run.then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, output: stdout + stderr }),
  );
}

test("accepts plain English", async () => {
  const text = "/** Returns the response of the gateway. */\nexport const response = receive();\n";
  expect(await check("plain.ts", text)).toEqual({ exitCode: 0, output: "" });
});

test.each([
  ["a word in a text", "guide.md", "The vendor refuses it.", ["(vendor)", "(refuses)"]],
  ["a word in capitals", "guide.md", "Nobody Told them.", ["(Nobody)", "(Told)"]],
  ["a part of a name", "names.ts", "const toldAnswer = 1;\n", ["(told)", "(Answer)"]],
  ["a word in a string", "text.ts", 'console.log("It is wrongly signed.");\n', ["(wrongly)"]],
  ["a phrase", "guide.md", "Use this in the place of that.", ['"in the place of"']],
  ["a phrase over two lines of a comment", "comment.ts", "/**\n * There are so\n * many.\n */\n", ['"so many"']],
  ["a typing error", "guide.md", "The notifcation arrives.", ["(notifcation)"]],
  ["British spelling", "guide.md", "The colour is serialised.", ["(colour)", "(serialised)"]],
])("rejects %s", async (_, name, text, findings) => {
  const { exitCode, output } = await check(name, text);
  expect(exitCode).toBe(1);
  for (const finding of findings) expect(output).toContain(finding);
});
