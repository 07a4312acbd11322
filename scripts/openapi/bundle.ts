/** The split document as one, by Redocly. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ControlDocument, Document } from "./openapi-document.ts";

const run = promisify(execFile);
const redocly = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin", "cli.js");

/** Runs Redocly's command; rejects with what it printed when it fails. */
export async function runRedocly(args: readonly string[]): Promise<string> {
  try {
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const { stdout, stderr } = await run(process.execPath, [redocly, ...args], { env, maxBuffer: 64 << 20 });
    return stdout + stderr;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`redocly ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

/** The document at `root` (a file such as `spec/openapi.yaml`) with every file of it put in. */
export async function bundle<T extends ControlDocument = Document>(root: string): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "antom-vault-bundle-"));
  try {
    const out = join(folder, "openapi.json");
    await runRedocly(["bundle", root, "--output", out]);
    return JSON.parse(await readFile(out, "utf8")) as T;
  } finally {
    await rm(folder, { recursive: true });
  }
}
