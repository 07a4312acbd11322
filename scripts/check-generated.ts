/** Fails if a generated file differs from what `npm run generate` makes now. */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "./generate.ts";
import { generateDocs } from "./generate-docs.ts";

const root = join(import.meta.dirname, "..");
const temporary = mkdtempSync(join(tmpdir(), "antom-vault-generated-"));
try {
  for (const [directory, pattern, make] of [
    ["generated", "*", generate],
    ["docs", "{api/**/*.md,images/*.svg}", generateDocs],
  ] as const) {
    const made = await make(join(temporary, directory));
    const committed = globSync(pattern, { cwd: join(root, directory) });
    const stale = made.filter((file) => !committed.includes(file) || !hasSameBytes(join(directory, file)));
    const extra = committed.filter((file) => !made.includes(file));
    for (const file of stale) console.error(`${directory}/${file} is stale: run npm run generate and commit it.`);
    for (const file of extra) console.error(`${directory}/${file} is not made by npm run generate: delete it.`);
    if (stale.length + extra.length > 0) process.exitCode = 1;
    else console.log(`${directory}/ is up to date: ${made.length} files.`);
  }
} finally {
  rmSync(temporary, { recursive: true });
}

function hasSameBytes(file: string): boolean {
  return readFileSync(join(root, file)).equals(readFileSync(join(temporary, file)));
}
