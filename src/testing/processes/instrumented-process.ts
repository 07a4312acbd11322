/**
 * Runs a server in a child process that measures its event loop, memory, and CPU time. The server is a sandbox, a mock, a recording proxy, or a
 * notification receiver.
 *
 * The test imports this file to start the child process. The child process also loads this file, either before the command or as its program.
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
import { type Credentials, generateCredentials } from "../../gateway/index.ts";
import { createNotificationReceiver } from "../../notification/index.ts";
import { toNodeHandler } from "../../notification/node.ts";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { startNodeServer } from "../servers/node-server.ts";

/** Event loop delays in milliseconds, and the memory and CPU time of the process. */
export interface Stalls {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The highest `ownMs` of the stalls that are longer than 20 ms, or 0 if there are none. */
  readonly ownMax: number;
  /**
   * The highest CPU time that the process used during a stall longer than 20 ms, but at most the duration of that stall. Other load on the computer
   * does not affect it.
   */
  readonly busyMax: number;
  /** The 5 stalls with the highest `ownMs`. */
  readonly longest: readonly Stall[];
  /** The longest pause for garbage collection. */
  readonly gcMax: number;
  readonly rssMb: number;
  readonly cpuMs: number;
}

export interface Stall {
  readonly ms: number;
  /** How long the thread waited for a CPU that other threads or virtual machines used. 0 if the system does not report it. */
  readonly cpuWaitMs: number;
  /** The rest of the stall, in which the thread worked or waited for the disk. */
  readonly ownMs: number;
  /** The CPU time of the whole process during the stall. */
  readonly cpuMs: number;
  readonly gcMs: number;
}

export interface InstrumentedProcess extends AsyncDisposable {
  readonly credentials: Credentials;
  readonly pid: number;
  /** The last 10 MB that the process wrote to standard output and standard error. */
  readonly output: () => string;
  /** Returns the stalls since the previous call. */
  readonly measureStalls: () => Promise<Stalls>;
  /** Writes a snapshot of all live strings and objects to a file. */
  readonly writeHeapSnapshot: (file: string) => Promise<void>;
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => Promise<number | null>;
}

const OUTPUT_LIMIT = 10_000_000;
const MODE = "ANTOM_VAULT_INSTRUMENTED";
const MAIN_PATH = join(import.meta.dirname, "../../cli/main.ts");

const THIS_FILE = fileURLToPath(import.meta.url);

/**
 * Starts `antom-vault sandbox` with a data directory or, if `data` is not set, an in-memory sandbox. The sandbox sends notifications only to loopback
 * addresses, and resolves no host names.
 */
export const startInstrumentedSandbox = (data?: string): Promise<InstrumentedProcess> =>
  data === undefined
    ? startInstrumented("memory")
    : startInstrumented(
        "command",
        ["sandbox", "--data", data, "--port", "0", "--json", "--notification-scope", "loopback"],
        join(data, "credentials.json"),
      );

/** Starts `antom-vault mock`. */
export const startInstrumentedMock = (data: string): Promise<InstrumentedProcess> =>
  startInstrumented("command", ["mock", "--data", data, "--port", "0", "--json"], join(data, "credentials.json"));

/** Starts `antom-vault record` for the sandbox with this data directory. Writes the recording to `out`. */
export function startInstrumentedRecorder(data: string, out: string): Promise<InstrumentedProcess> {
  const credentials = join(data, "credentials.json");
  const args = ["record", "--credentials", credentials, "--out", out, "--port", "0", "--json"];
  return startInstrumented("command", args, credentials);
}

/** Starts a notification receiver. Its credentials contain the gateway's private key, not the merchant's, so that tests can sign notifications. */
export const startInstrumentedReceiver = (): Promise<InstrumentedProcess> => startInstrumented("receiver");

type Mode = "memory" | "receiver" | "command";

async function startInstrumented(
  mode: Mode,
  args: readonly string[] = [],
  credentialsFile = "",
): Promise<InstrumentedProcess> {
  const program = mode === "command" ? ["--import", THIS_FILE, MAIN_PATH, ...args] : [THIS_FILE];
  const child = spawn(process.execPath, ["--heap-snapshot-string-limit=10000000", ...program], {
    env: { ...process.env, [MODE]: mode },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("latin1")).slice(-OUTPUT_LIMIT);
    });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const firstOutput = mode === "command" ? readFirstLine(child) : sendRequest(child, { kind: "credentials" });
  const announced = await Promise.race([firstOutput, ended.then(() => undefined)]);
  if (announced === undefined) throw new Error(`The process did not start: ${output}`);
  const { baseUrl } = (typeof announced === "string" ? JSON.parse(announced) : announced) as Credentials;
  const credentials = (
    typeof announced === "string" ? { ...JSON.parse(readFileSync(credentialsFile, "utf8")), baseUrl } : announced
  ) as Credentials;
  const kill = (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    return ended;
  };
  return {
    credentials,
    pid: child.pid ?? 0,
    output: () => output,
    measureStalls: async () => (await sendRequest(child, { kind: "stalls" })) as Stalls,
    writeHeapSnapshot: async (file) => void (await sendRequest(child, { kind: "heap-snapshot", file })),
    kill,
    [Symbol.asyncDispose]: async () => void (await kill("SIGKILL")),
  };
}

async function readFirstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("The process was started without pipes.");
  const [line] = (await once(createInterface(stdout), "line")) as [string];
  return line;
}

interface InstrumentRequest {
  readonly kind: "credentials" | "stalls" | "heap-snapshot";
  readonly file?: string;
}

/** Sends a request and returns the response. Do not make concurrent calls. */
async function sendRequest(child: ChildProcess, request: InstrumentRequest): Promise<unknown> {
  const response = once(child, "message");
  child.send(request);
  return (await response)[0];
}

const RESOLUTION_MS = 2;
const LONG_STALL_MS = 20;

/** Measures this process, and responds to requests from its parent process. */
async function runInstruments(mode: string): Promise<void> {
  // Malicious URLs must not cause DNS queries.
  dns.lookup = (): Promise<never> => Promise.reject(new Error("Tests must not resolve host names."));
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let longStalls: (Omit<Stall, "gcMs"> & { readonly end: number })[] = [];
  let pauses: { readonly startTime: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) if (duration > 1) pauses.push({ startTime, duration });
  });
  observer.observe({ entryTypes: ["gc"] });
  const measure = () => ({ at: performance.now(), cpu: process.cpuUsage(), cpuWaitMs: readCpuWaitMs() });
  let last = measure();
  setInterval(() => {
    const now = measure();
    const ms = now.at - last.at - RESOLUTION_MS;
    if (ms > LONG_STALL_MS) {
      const cpu = process.cpuUsage(last.cpu);
      const cpuWaitMs = Math.min(ms, now.cpuWaitMs - last.cpuWaitMs);
      longStalls.push({
        end: now.at,
        ms,
        cpuWaitMs,
        ownMs: ms - cpuWaitMs,
        cpuMs: (cpu.user + cpu.system) / 1000,
      });
    }
    last = now;
  }, RESOLUTION_MS).unref();
  const started = mode === "memory" ? startSandbox() : mode === "receiver" ? startReceiver() : undefined;
  const computeGcMs = (start: number, end: number): number =>
    pauses.reduce(
      (sum, { startTime, duration }) =>
        sum + Math.max(0, Math.min(end, startTime + duration) - Math.max(start, startTime)),
      0,
    );
  const collectStalls = async (): Promise<Stalls> => {
    // The entries for garbage collection arrive with a delay.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { user, system } = process.cpuUsage();
    const measured: Stalls = {
      p50: delays.percentile(50) / 1e6 - RESOLUTION_MS,
      p99: delays.percentile(99) / 1e6 - RESOLUTION_MS,
      max: delays.max / 1e6 - RESOLUTION_MS,
      ownMax: Math.max(0, ...longStalls.map(({ ownMs }) => ownMs)),
      busyMax: Math.max(0, ...longStalls.map(({ ms, cpuMs }) => Math.min(ms, cpuMs))),
      longest: longStalls
        .sort((a, b) => b.ownMs - a.ownMs)
        .slice(0, 5)
        .map(({ end, ...stall }) => ({ ...stall, gcMs: computeGcMs(end - stall.ms, end) })),
      gcMax: Math.max(0, ...pauses.map(({ duration }) => duration)),
      rssMb: process.memoryUsage().rss / 1e6,
      cpuMs: (user + system) / 1000,
    };
    delays.reset();
    longStalls = [];
    pauses = [];
    return measured;
  };
  process.on("message", async ({ kind, file }: InstrumentRequest) => {
    if (kind === "credentials") process.send?.((await started)?.credentials ?? {});
    if (kind === "stalls") process.send?.(await collectStalls());
    if (kind === "heap-snapshot") process.send?.(writeHeapSnapshot(file));
  });
  if (mode === "command") process.channel?.unref();
}

async function startReceiver() {
  const { gatewayPrivateKey, antomPublicKey, clientId } = await generateCredentials();
  const receive = createNotificationReceiver({ clientId, antomPublicKey, onVaulting: () => {} });
  const { baseUrl } = await startNodeServer(toNodeHandler(receive));
  return { credentials: { baseUrl, clientId, merchantPrivateKey: gatewayPrivateKey, antomPublicKey } };
}

/**
 * Returns, in milliseconds, how long the main thread has waited for a CPU, plus how long the host of a virtual machine has used the CPUs for other
 * work. Returns 0 on systems other than Linux, which do not report these times.
 */
function readCpuWaitMs(): number {
  try {
    const waitNs = Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]);
    // The eighth number is the stolen time of all CPUs, in hundredths of a second.
    const [, ...times] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0]?.split(/ +/) ?? [];
    return waitNs / 1e6 + Number(times[7] ?? 0) * 10;
  } catch {
    return 0;
  }
}

const mode = process.env[MODE];
if (mode !== undefined && process.send) await runInstruments(mode);
