import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "antom-vault-prose-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function check(files: Readonly<Record<string, string>>) {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  });
  const run = promisify(execFile)(process.execPath, [join(root, "scripts/check-prose.ts"), ...paths], { cwd: root });
  return run.then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, output: stdout + stderr }),
  );
}

test("check-prose accepts plain English", async () => {
  const text = "/** Returns the response of the gateway. */\nexport const response = receive();\n";
  expect(await check({ "plain.ts": text })).toEqual({ exitCode: 0, output: "" });
});

test("check-prose rejects avoided words and phrases, typos, and British spelling, in text and in parts of names", async () => {
  const { exitCode, output } = await check({
    "word.md": "The vendor refuses it. Nobody Told them.",
    "name.ts": "const heldAnswer = 1;\n",
    "string.ts": 'console.log("It is wrongly signed.");\n',
    "phrase.md": "Use this in the place of that.",
    "comment.ts": "/**\n * There are so\n * many.\n */\n",
    "typo.md": "The notifcation arrives.",
    "british.md": "The colour is serialised.",
  });
  expect(exitCode).toBe(1);
  for (const word of "vendor refuses Nobody Told held Answer wrongly notifcation colour serialised".split(" "))
    expect(output).toContain(`(${word})`);
  for (const phrase of ["in the place of", "so many"]) expect(output).toContain(`"${phrase}"`);
});
