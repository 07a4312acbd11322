/** Runs the sandbox in a separate process that can be killed. */
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
  /** Sends SIGKILL. Resolves when the process has exited. */
  readonly kill: () => Promise<void>;
}

export interface SandboxProcessOptions {
  readonly data: string;
  readonly database?: string | undefined;
  /** Whether SQLite flushes each commit (`FULL`). `NORMAL` runs serve-without-fsync.ts, because the command cannot turn flushing off. */
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
}

const START_TIMEOUT_MS = 20_000;
const main = fileURLToPath(import.meta.resolve("../../src/cli/main.ts"));
const serverScript = fileURLToPath(import.meta.resolve("./serve-without-fsync.ts"));

/** Starts the sandbox. Resolves when it is listening. Rejects with its error output if it does not start. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const { data, database, synchronous, cleanUp } = options;
  const command = ["sandbox", "--data", data, "--port", "0", "--json", "--notification-scope", "loopback"];
  const args =
    synchronous === "NORMAL" && database === undefined
      ? [serverScript, data]
      : [main, ...command, ...(database ? ["--database", database] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = cleanUp.add(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  let errorOutput = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errorOutput = (errorOutput + text).slice(-2_000);
  });
  const line = await readFirstLine(child.stdout);
  if (line === undefined) {
    await kill();
    throw new Error(`The sandbox exited or did not start within ${START_TIMEOUT_MS} ms: ${errorOutput.trim()}`);
  }
  const { baseUrl } = JSON.parse(line) as { readonly baseUrl: string };
  const credentials = JSON.parse(await readFile(join(data, "credentials.json"), "utf8")) as Credentials;
  return { credentials: { ...credentials, baseUrl }, kill };
}

/** Returns the first line, or `undefined` if the stream ends first or the timeout expires. Ignores the rest of the stream. */
async function readFirstLine(stream: Readable): Promise<string | undefined> {
  const lines = createInterface(stream);
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = once(lines, "close", { signal }).then(() => []);
  const [line] = await Promise.race([once(lines, "line", { signal }), ended]).catch(() => []);
  return line;
}
