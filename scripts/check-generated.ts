/** Fails where generated/ is not what `npm run generate` makes of spec/ now. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "./generate.ts";

const committed = join(import.meta.dirname, "..", "generated");
const fresh = mkdtempSync(join(tmpdir(), "antom-vault-drift-"));
try {
  const made = await generate(fresh);
  const stale = made.filter((name) => !readdirSync(committed).includes(name) || !sameBytes(name));
  const foreign = readdirSync(committed).filter((name) => !made.includes(name));
  for (const name of stale) console.error(`generated/${name} is stale: run npm run generate and commit it.`);
  for (const name of foreign) console.error(`generated/${name} is not made by npm run generate.`);
  if (stale.length + foreign.length > 0) process.exitCode = 1;
  else console.log(`generated/ is what spec/ makes: ${made.length} files.`);
} finally {
  rmSync(fresh, { recursive: true });
}

function sameBytes(name: string): boolean {
  return readFileSync(join(committed, name)).equals(readFileSync(join(fresh, name)));
}
