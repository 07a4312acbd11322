/** Starts the processes of a benchmark, and measures their CPU time and memory. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Credentials } from "../../src/sandbox/index.ts";
import type { ClientOptions, ClientReport } from "./client.ts";
import type { LoadOptions, LoadReport } from "./load.ts";

const root = join(import.meta.dirname, "..", "..");

/** A server that a benchmark measures. */
export interface Server extends AsyncDisposable {
  readonly credentials: Credentials;
  /** The time from the start of the process until it is ready, in milliseconds. */
  readonly readyMs: number;
  /** Returns the CPU time so far, in milliseconds. */
  readonly cpuMs: () => number;
  /** Returns the current and peak resident memory, in MB. */
  readonly memory: () => { readonly now: number; readonly peak: number };
}

/** Starts the compiled command: `antom-vault <command> --data … --json`. */
export async function startCommand(
  command: "sandbox" | "mock",
  data: string,
  ...options: readonly string[]
): Promise<Server> {
  const main = join(root, "dist", "src", "cli", "main.js");
  const started = performance.now();
  const child = spawn(process.execPath, [main, command, "--data", data, "--port", "0", "--json", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const first = once(createInterface(child.stdout), "line");
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${command} exited with code ${code} before it was ready`);
  });
  ended.catch(() => {});
  await Promise.race([first, ended]);
  const readyMs = performance.now() - started;
  const credentials = JSON.parse(readFileSync(join(data, "credentials.json"), "utf8")) as Credentials;
  return { credentials, readyMs, ...createUsageReader(child), [Symbol.asyncDispose]: () => stop(child) };
}

/** Starts unmodified Prism. */
export async function startPrism(port: number): Promise<Server> {
  const started = performance.now();
  const prism = join(root, "node_modules", ".bin", "prism");
  const document = join(root, "generated", "openapi.json");
  const options = ["--port", String(port), "--verboseLevel", "silent"];
  const child = spawn(prism, ["mock", document, ...options], { stdio: "ignore" });
  const baseUrl = `http://127.0.0.1:${port}`;
  while (!(await fetch(baseUrl).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error("Prism exited before it was ready");
    await sleep(50);
  }
  const readyMs = performance.now() - started;
  const credentials = { baseUrl, clientId: "SANDBOX_BENCH", merchantPrivateKey: "", antomPublicKey: "" };
  return { credentials, readyMs, ...createUsageReader(child), [Symbol.asyncDispose]: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** Reads CPU time and memory from /proc. Linux counts CPU time in ticks of 10 ms. */
function createUsageReader({ pid }: ChildProcess): Pick<Server, "cpuMs" | "memory"> {
  const readMegabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
  return {
    cpuMs: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    memory: () => ({ now: readMegabytes("VmRSS"), peak: readMegabytes("VmHWM") }),
  };
}

/** Whether the CPU time and memory of a process can be measured. */
export const canMeasure = existsSync("/proc/self/stat");

/** Resolves to a process's next message. Rejects if the process ends first. */
function waitForMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`${name} exited with code ${code}`));
    child.once("exit", fail);
    child.once("message", (message) => {
      child.off("exit", fail);
      resolve(message as Message);
    });
  });
}

/** Measures the client in a separate process. */
export const measureClient = (options: ClientOptions): Promise<ClientReport> =>
  waitForMessage(fork(join(import.meta.dirname, "client.ts"), [JSON.stringify(options)]), "the client benchmark");

/** Generates load on a server. The result includes the CPU time that the server used for the measured requests. */
export async function runLoad(
  options: LoadOptions,
  serverCpuMs: () => number,
): Promise<LoadReport & { readonly cpuMs: number }> {
  const child = fork(join(import.meta.dirname, "load.ts"), [JSON.stringify(options)]);
  await waitForMessage(child, "the load generator");
  const before = serverCpuMs();
  child.send("go");
  const report = await waitForMessage<LoadReport>(child, "the load generator");
  return { ...report, cpuMs: serverCpuMs() - before };
}

/** Measures the CPU time of a signature and of a verification, in milliseconds. */
export const measureBaseline = (): Promise<{ readonly sign: number; readonly verify: number }> =>
  waitForMessage(fork(join(import.meta.dirname, "rsa-baseline.ts")), "the RSA baseline");

/** Starts a merchant's listener, which counts the notifications that it receives. */
export async function startListener() {
  const child = fork(join(import.meta.dirname, "listener.ts"));
  const url = await waitForMessage<string>(child, "the listener");
  return {
    url,
    received: () => {
      child.send("count");
      return waitForMessage<number>(child, "the listener");
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
