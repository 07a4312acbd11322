/** The sandbox as a process of its own, which can be killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Credentials } from "../../src/gateway/index.ts";
import type { CleanUp } from "./clean-up.ts";

export type Synchronous = "FULL" | "NORMAL";

export interface SandboxProcess {
  readonly credentials: Credentials;
  /** SIGKILL. Resolves once the process is gone. */
  readonly kill: () => Promise<void>;
}

export interface SandboxProcessOptions {
  readonly data: string;
  readonly database?: string | undefined;
  /** Of the embedded engine. `FULL` is the command that everybody runs; `NORMAL` is a program of this harness: the command has no such option. */
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
}

const START_TIMEOUT_MS = 20_000;
const main = fileURLToPath(import.meta.resolve("../../src/cli/main.ts"));
const serve = fileURLToPath(import.meta.resolve("./serve-without-fsync.ts"));

/** Starts it, and resolves once it listens. Rejects with what it said where it does not. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const { data, database, synchronous, cleanUp } = options;
  const command = ["sandbox", "--data", data, "--port", "0", "--json", "--notification-scope", "loopback"];
  const args =
    synchronous === "NORMAL" && database === undefined
      ? [serve, data]
      : [main, ...command, ...(database ? ["--database", database] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = cleanUp.add(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const line = await readFirstLine(child.stdout);
  if (line === undefined) {
    await kill();
    throw new Error(`The sandbox ended, or did not start within ${START_TIMEOUT_MS} ms: ${said.trim()}`);
  }
  const { baseUrl } = JSON.parse(line) as { readonly baseUrl: string };
  const credentials = JSON.parse(await readFile(join(data, "credentials.json"), "utf8")) as Credentials;
  return { credentials: { ...credentials, baseUrl }, kill };
}

/** Returns the first line, or `undefined` if the stream ends before or the line is late. The rest of the stream is ignored. */
async function readFirstLine(stream: Readable): Promise<string | undefined> {
  const lines = createInterface(stream);
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = once(lines, "close", { signal }).then(() => []);
  const [line] = await Promise.race([once(lines, "line", { signal }), ended]).catch(() => []);
  return line;
}
