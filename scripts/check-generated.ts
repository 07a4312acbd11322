/** Fails if the committed generated files differ from those that `npm run generate` produces. */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "./generate.ts";
import { generateAgentFiles } from "./generate-docs/agent-files.ts";
import { generateDocs } from "./generate-docs.ts";

const root = join(import.meta.dirname, "..");
const temporary = mkdtempSync(join(tmpdir(), "antom-vault-generated-"));
try {
  for (const [directory, pattern, produce] of [
    ["generated", "*", generate],
    ["docs", "{api/**/*.md,images/*.svg}", generateDocs],
    [".", "llms*.txt", generateAgentFiles],
  ] as const) {
    const produced = await produce(join(temporary, directory));
    const committed = globSync(pattern, { cwd: join(root, directory) });
    const stale = produced.filter((file) => !committed.includes(file) || !hasSameBytes(join(directory, file)));
    const extra = committed.filter((file) => !produced.includes(file));
    for (const file of stale)
      console.error(`${directory}/${file} is stale: run npm run generate, and commit the file.`);
    for (const file of extra) console.error(`${directory}/${file} is not produced by npm run generate: delete it.`);
    if (stale.length + extra.length > 0) process.exitCode = 1;
    else console.log(`${directory}/ is up to date: ${produced.length} files.`);
  }
} finally {
  rmSync(temporary, { recursive: true });
}

function hasSameBytes(file: string): boolean {
  return readFileSync(join(root, file)).equals(readFileSync(join(temporary, file)));
}
