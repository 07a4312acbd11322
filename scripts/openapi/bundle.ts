/** Bundles the files of a document with Redocly. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ControlDocument, Document } from "./openapi-document.ts";

const run = promisify(execFile);
const redocly = join(dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")), "bin", "cli.js");

/** Runs Redocly's command. Rejects with the output if the command fails. */
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

/** Bundles the document at `root`, such as `spec/openapi.yaml`. */
export async function bundle<T extends ControlDocument = Document>(root: string): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "antom-vault-bundle-"));
  try {
    const out = join(directory, "openapi.json");
    await runRedocly(["bundle", root, "--output", out]);
    return JSON.parse(await readFile(out, "utf8")) as T;
  } finally {
    await rm(directory, { recursive: true });
  }
}
