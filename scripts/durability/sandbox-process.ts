/** The sandbox as a process of its own, which can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
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

const START_MS = 20_000;
const main = fileURLToPath(import.meta.resolve("../../src/cli/main.ts"));
const serve = fileURLToPath(import.meta.resolve("./serve-without-fsync.ts"));

/** Starts it, and resolves once it listens. Rejects with what it said where it does not. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const { data, database, synchronous, cleanUp } = options;
  const command = ["sandbox", "--data", data, "--port", "0", "--json", "--notify", "loopback"];
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
  const { baseUrl } = JSON.parse(await firstLine(child)) as { readonly baseUrl: string };
  const credentials = JSON.parse(await readFile(join(data, "credentials.json"), "utf8")) as Credentials;
  return { credentials: { ...credentials, baseUrl }, kill };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error("The process has no pipes.");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const late = AbortSignal.timeout(START_MS);
  const ended = once(child, "close", { signal: late }).then(
    () => `it ended with exit code ${child.exitCode}`,
    () => `it does not listen after ${START_MS} ms`,
  );
  const told = once(createInterface(child.stdout), "line", { signal: late }).then(
    ([line]) => ({ line: String(line) }),
    () => ended,
  );
  const first = await Promise.race([told, ended]);
  if (typeof first === "object") return first.line;
  throw new Error(`The sandbox did not start: ${first}. ${said.trim()}`);
}
