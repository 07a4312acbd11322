/**
 * A sandbox in a process of its own, with a hole to look through: how long its event loop stood still, and what is in its memory.
 *
 * This file is both ends of it: the test starts the process, and the process loads it before the program.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { promises as dns } from "node:dns";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { writeHeapSnapshot } from "node:v8";
import type { Credentials } from "../../gateway/index.ts";
import { startSandbox } from "../../sandbox/start-sandbox.ts";

/** How long the event loop was kept from its next turn, in milliseconds. */
export interface Stalls {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The longest without what the machine's other programs are to blame for; 0 where it is under 20 ms. */
  readonly ownMax: number;
  /** The most processor time that went by in one: what no other program is to blame for, whatever else the machine does. */
  readonly busyMax: number;
  /** The longest ones by their own time. */
  readonly longest: readonly Stall[];
  /** The longest pause for garbage collection. */
  readonly gcMax: number;
  readonly rssMb: number;
  readonly cpuMs: number;
}

export interface Stall {
  readonly ms: number;
  /** How long the thread was ready and waited for a processor that others had; 0 where the system does not tell. */
  readonly cpuWaitMs: number;
  /** The rest: its own work, or its own waiting for the disk. */
  readonly ownMs: number;
  /** The processor time of the whole process meanwhile. */
  readonly cpuMs: number;
  readonly gcMs: number;
}

export interface InstrumentedSandbox extends AsyncDisposable {
  readonly credentials: Credentials;
  readonly pid: number;
  /** All that the process wrote to standard output and standard error. */
  readonly output: () => string;
  /** The stalls since the last call. */
  readonly measureStalls: () => Promise<Stalls>;
  /** Writes all strings and objects that are alive to a file. */
  readonly writeHeapSnapshot: (file: string) => Promise<void>;
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => Promise<number | null>;
}

const MODE = "ANTOM_VAULT_WATCHED";
const MAIN_PATH = join(import.meta.dirname, "../../cli/main.ts");

/** Starts `antom-vault sandbox` on a folder, or without one a sandbox in memory. It sends notifications to loopback alone and looks up no name. */
export async function startInstrumentedSandbox(data?: string): Promise<InstrumentedSandbox> {
  const own = fileURLToPath(import.meta.url);
  const program =
    data === undefined
      ? [own]
      : [
          "--import",
          own,
          MAIN_PATH,
          "sandbox",
          "--data",
          data,
          "--port",
          "0",
          "--json",
          "--notification-scope",
          "loopback",
        ];
  const child = spawn(process.execPath, ["--heap-snapshot-string-limit=10000000", ...program], {
    env: { ...process.env, [MODE]: data === undefined ? "memory" : "command" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString("latin1");
    });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const first = data === undefined ? sendRequest(child, { kind: "credentials" }) : readFirstLine(child);
  const announced = await Promise.race([first, ended.then(() => undefined)]);
  if (announced === undefined) throw new Error(`The sandbox did not start: ${printed}`);
  const credentials = (
    data === undefined ? announced : JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"))
  ) as Credentials;
  const kill = (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    return ended;
  };
  return {
    credentials,
    pid: child.pid ?? 0,
    output: () => printed,
    measureStalls: async () => (await sendRequest(child, { kind: "stalls" })) as Stalls,
    writeHeapSnapshot: async (file) => void (await sendRequest(child, { kind: "heap-snapshot", file })),
    kill,
    [Symbol.asyncDispose]: async () => void (await kill("SIGKILL")),
  };
}

async function readFirstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("the process has no pipes");
  const [line] = (await once(createInterface(stdout), "line")) as [string];
  return line;
}

interface InstrumentRequest {
  readonly kind: "credentials" | "stalls" | "heap-snapshot";
  readonly file?: string;
}

/** One question at a time. */
async function sendRequest(child: ChildProcess, question: InstrumentRequest): Promise<unknown> {
  const answered = once(child, "message");
  child.send(question);
  return (await answered)[0];
}

const RESOLUTION_MS = 2;
const LONG_MS = 20;

/** The other end: answers questions and is in nobody's way. */
async function runInstruments(mode: string): Promise<void> {
  // Whatever a hostile address names, no resolver is asked.
  dns.lookup = (): Promise<never> => Promise.reject(new Error("There is no resolver in a test."));
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let longest: (Omit<Stall, "gcMs"> & { readonly end: number })[] = [];
  let pauses: { readonly startTime: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) if (duration > 1) pauses.push({ startTime, duration });
  });
  observer.observe({ entryTypes: ["gc"] });
  const look = () => ({ at: performance.now(), cpu: process.cpuUsage(), waitedMs: readCpuWaitMs() });
  let last = look();
  setInterval(() => {
    const now = look();
    const ms = now.at - last.at - RESOLUTION_MS;
    if (ms > LONG_MS) {
      const cpu = process.cpuUsage(last.cpu);
      const waitedMs = Math.min(ms, now.waitedMs - last.waitedMs);
      longest.push({
        end: now.at,
        ms,
        cpuWaitMs: waitedMs,
        ownMs: ms - waitedMs,
        cpuMs: (cpu.user + cpu.system) / 1000,
      });
    }
    last = now;
  }, RESOLUTION_MS).unref();
  const started = mode === "memory" ? startSandbox() : undefined;
  const collectedBetween = (start: number, end: number): number =>
    pauses.reduce(
      (sum, { startTime, duration }) =>
        sum + Math.max(0, Math.min(end, startTime + duration) - Math.max(start, startTime)),
      0,
    );
  const stalls = async (): Promise<Stalls> => {
    // What is known of garbage collection comes a turn later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { user, system } = process.cpuUsage();
    const told: Stalls = {
      p50: delays.percentile(50) / 1e6 - RESOLUTION_MS,
      p99: delays.percentile(99) / 1e6 - RESOLUTION_MS,
      max: delays.max / 1e6 - RESOLUTION_MS,
      ownMax: Math.max(0, ...longest.map(({ ownMs }) => ownMs)),
      busyMax: Math.max(0, ...longest.map(({ ms, cpuMs }) => Math.min(ms, cpuMs))),
      longest: longest
        .sort((a, b) => b.ownMs - a.ownMs)
        .slice(0, 5)
        .map(({ end, ...stall }) => ({ ...stall, gcMs: collectedBetween(end - stall.ms, end) })),
      gcMax: Math.max(0, ...pauses.map(({ duration }) => duration)),
      rssMb: process.memoryUsage().rss / 1e6,
      cpuMs: (user + system) / 1000,
    };
    delays.reset();
    longest = [];
    pauses = [];
    return told;
  };
  process.on("message", async ({ kind: what, file }: InstrumentRequest) => {
    if (what === "credentials") process.send?.((await started)?.credentials ?? {});
    if (what === "stalls") process.send?.(await stalls());
    if (what === "heap-snapshot") process.send?.(writeHeapSnapshot(file));
  });
  if (mode === "command") process.channel?.unref();
}

/** How long this thread has been ready to run and did not, because others did. Linux alone tells. */
function readCpuWaitMs(): number {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

const mode = process.env[MODE];
if (mode !== undefined && process.send) await runInstruments(mode);
