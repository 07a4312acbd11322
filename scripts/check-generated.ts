/** Checks that generated/ is up to date with spec/. Exit code 1 if it is not. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "./generate.ts";

const committed = join(import.meta.dirname, "..", "generated");
const fresh = mkdtempSync(join(tmpdir(), "antom-vault-drift-"));
try {
  const created = await generate(fresh);
  const stale = created.filter((name) => !readdirSync(committed).includes(name) || !sameBytes(name));
  const unexpected = readdirSync(committed).filter((name) => !created.includes(name));
  for (const name of stale)
    console.error(`generated/${name} is out of date. Run npm run generate and commit the result.`);
  for (const name of unexpected) console.error(`generated/${name} is not a generated file. Delete it.`);
  if (stale.length + unexpected.length > 0) process.exitCode = 1;
  else console.log(`generated/ is up to date (${created.length} files)`);
} finally {
  rmSync(fresh, { recursive: true });
}

function sameBytes(name: string): boolean {
  return readFileSync(join(committed, name)).equals(readFileSync(join(fresh, name)));
}
