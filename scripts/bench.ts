/**
 * Benchmarks the sandbox, the mock, and the client. The compiled command and the load generator run in separate processes. Close other programs
 * first.
 *
 * Usage: `npm run bench [-- [--quick] [--json] [--only NAME]]`. `--quick` reduces the size of most benchmarks to a tenth. `soak` takes an hour and
 * runs only with `--only soak`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser, openWindow, startBrowser } from "../src/testing/browser/browser.ts";
import {
  canMeasure,
  measureBaseline,
  measureClient,
  runLoad,
  type Server,
  startCommand,
  startListener,
  startPrism,
} from "./bench/child-processes.ts";
import type { ClientReport } from "./bench/client.ts";
import { fillDatabase } from "./bench/fill-database.ts";
import type { LoadOptions, LoadReport } from "./bench/load.ts";
import { formatCount } from "./format-count.ts";

const quick = process.argv.includes("--quick");
const json = process.argv.includes("--json");
const scale = (count: number) => (quick ? Math.ceil(count / 10) : count);

interface Row {
  readonly label: string;
  readonly value: string;
  readonly comparison?: string;
}

const root = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "antom-vault-bench-"));
const rows: Row[] = [];
const details: Record<string, unknown> = {};

function record(label: string, value: string, comparison?: string, metrics?: Readonly<Record<string, unknown>>): void {
  rows.push({ label, value, ...(comparison === undefined ? {} : { comparison }) });
  if (metrics) details[label] = metrics;
  if (!json) console.log(`${label.padEnd(52)} ${value.padEnd(44)} ${comparison ?? ""}`.trimEnd());
}

const SUCCESS = '"resultCode":"SUCCESS"';
/** The number of warm-up requests, which are not measured. */
const WARM_UP = scale(2000);
/** The notification URL for benchmarks without notifications. Nothing listens at this URL. */
const NOWHERE = "http://127.0.0.1:9/none";

interface LoadMeasurement extends LoadReport {
  readonly perSecond: number;
  /** The server's CPU time per request, in milliseconds. */
  readonly cpu: number;
}

async function measureLoad(
  server: Server,
  options: Partial<LoadOptions> & Pick<LoadOptions, "connections" | "requests" | "firstId">,
): Promise<LoadMeasurement> {
  const defaults = {
    operation: "vaultPaymentMethod",
    warmUp: WARM_UP,
    notificationUrl: NOWHERE,
    expect: SUCCESS,
  } as const;
  const report = await runLoad({ ...server.credentials, ...defaults, ...options }, server.cpuMs);
  if (report.unexpected > 0) throw new Error(`${report.unexpected} of ${report.requests} responses were unexpected`);
  return { ...report, perSecond: report.requests / report.seconds, cpu: report.cpuMs / report.requests };
}

const formatRate = ({ perSecond, p50, p99 }: LoadMeasurement) =>
  `${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;

let next = 0;
/** Reserves consecutive unused IDs, and returns the first ID. */
const reserveIds = (count: number) => {
  next += count;
  return next - count;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Measures a server under load. The baseline, measured before and after, is the CPU time of one signature and one verification. */
async function measureEfficiency(server: Server, connections: number, requests: number, warmUp: number) {
  const before = await measureBaseline();
  const measured = await measureLoad(server, { connections, requests, warmUp, firstId: reserveIds(requests + warmUp) });
  const after = await measureBaseline();
  const limit = (before.sign + before.verify + after.sign + after.verify) / 2;
  return { ...measured, limit, efficiency: limit / measured.cpu };
}

/**
 * Benchmarks vaultings and inquiries. With 32 connections, reports the median of several slices of vaultings, because other programs might slow down
 * some slices. The first slice has the longest warm-up, for the JIT compiler.
 */
async function benchmarkVaults(): Promise<void> {
  const data = join(directory, "vaults");
  await using server = await startCommand("sandbox", data, "--no-notifications");
  for (const [connections, slices, count] of [
    [1, 1, 3000],
    [8, 1, 6000],
    [32, 5, 6000],
  ] as const) {
    const measured: Awaited<ReturnType<typeof measureEfficiency>>[] = [];
    for (let slice = 0; slice < slices; slice++) {
      measured.push(await measureEfficiency(server, connections, scale(count), scale(slice === 0 ? 6000 : 500)));
    }
    const efficiencies = measured.map((slice) => slice.efficiency);
    const efficiency = median(efficiencies);
    const middle = measured.find((slice) => slice.efficiency === efficiency) ?? measured[0];
    if (!middle) return;
    const all = slices > 1 ? `; slices ${efficiencies.map((value) => value.toFixed(2)).join(" ")}` : "";
    record(
      `vaults, ${formatCount(connections, "connection")}`,
      formatRate(middle),
      `efficiency ${efficiency.toFixed(2)} (baseline ${middle.limit.toFixed(3)} ms, measured ${middle.cpu.toFixed(3)} ms${all})`,
      { ...middle, efficiency, slices: measured },
    );
  }
  const requests = scale(10_000);
  const options = { operation: "inquireVaulting", connections: 32, requests, warmUp: scale(500), firstId: 0 } as const;
  const inquiries = await measureLoad(server, options);
  record("inquiries, 32 connections", formatRate(inquiries), `${inquiries.cpu.toFixed(3)} ms CPU time per call`, {
    ...inquiries,
  });
}

async function benchmarkNotifications(): Promise<void> {
  await using listener = await startListener();
  await using server = await startCommand("sandbox", join(directory, "notifications"));
  const requests = scale(6000);
  const warmUp = scale(500);
  const options = {
    connections: 32,
    requests,
    warmUp,
    notificationUrl: listener.url,
    firstId: reserveIds(requests + warmUp),
  };
  const started = performance.now();
  const measured = await measureLoad(server, options);
  const responded = performance.now();
  while ((await listener.received()) < requests + warmUp && performance.now() - started < 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const received = await listener.received();
  const lateMs = performance.now() - responded;
  record(
    "vaults with notifications, 32 connections",
    formatRate(measured),
    `${received} of ${requests + warmUp} delivered, the last ${(lateMs / 1000).toFixed(1)} s after the last response`,
    { ...measured, received, lateMs },
  );
}

async function benchmarkPostgres(): Promise<void> {
  const { startPostgres } = await import("../src/testing/servers/postgres-server.ts");
  await using database = await startPostgres();
  if (!database) {
    record("vaults on PostgreSQL", "skipped: PostgreSQL is not installed");
    return;
  }
  await using server = await startCommand(
    "sandbox",
    join(directory, "postgres"),
    "--no-notifications",
    "--database",
    await database.createDatabase(),
  );
  for (const connections of [1, 32]) {
    const requests = scale(connections === 1 ? 1500 : 5000);
    const measured = await measureLoad(server, { connections, requests, firstId: reserveIds(requests + WARM_UP) });
    record(
      `vaults on PostgreSQL, ${formatCount(connections, "connection")}`,
      formatRate(measured),
      `${measured.cpu.toFixed(3)} ms CPU time per call`,
      { ...measured },
    );
  }
}

async function benchmarkMock(): Promise<void> {
  const requests = scale(3000);
  const options = { connections: 8, requests, warmUp: scale(500), firstId: 0, expect: "SUCCESS" };
  await using server = await startCommand("mock", join(directory, "mock"));
  const ours = await measureLoad(server, options);
  await using prism = await startPrism(45_781);
  const credentials = { merchantPrivateKey: server.credentials.merchantPrivateKey };
  const prismLoad = await measureLoad(prism, { ...options, ...credentials, path: "/v1/vaults/vaultPaymentMethod" });
  record(
    "mock, 8 connections",
    formatRate(ours),
    `${(ours.perSecond / prismLoad.perSecond).toFixed(2)} × unmodified Prism (${prismLoad.perSecond.toFixed(0)}/s)`,
    { ...ours, prism: prismLoad },
  );
}

/** Measures a call through the client, relative to the same call through `fetch` with manual signing and verification. */
async function benchmarkClient(): Promise<void> {
  await using server = await startCommand("sandbox", join(directory, "client"), "--no-notifications");
  const report: ClientReport = await measureClient({ ...server.credentials, rounds: 7, calls: scale(600) });
  // Uses the mean, because the median would ignore major garbage collections, which occur in only a few rounds.
  const ratio = (ratios: readonly number[]) => (ratios.reduce((sum, value) => sum + value) / ratios.length).toFixed(2);
  const rounds = `rounds ${report.cpu.map((value) => value.toFixed(2)).join(" ")}`;
  record(
    "client, relative to signed and verified fetch",
    `${ratio(report.wall)} × wall time, ${ratio(report.cpu)} × CPU time`,
    `limits 1.10 and 1.15 (CPU time: ${rounds})`,
    { ...report },
  );
}

async function benchmarkStartUp(): Promise<void> {
  const data = join(directory, "start");
  const times: number[] = [];
  for (let run = 0; run < 10; run++) {
    await using server = await startCommand("sandbox", data);
    times.push(server.readyMs);
  }
  const [first = 0, ...others] = times;
  record(
    "startup until ready",
    `${median(others).toFixed(0)} ms (median of ${others.length})`,
    `limit 300 ms; first start, with key generation: ${first.toFixed(0)} ms`,
    { first, others },
  );
}

async function benchmarkMemory(): Promise<void> {
  await using server = await startCommand("sandbox", join(directory, "memory"), "--no-notifications");
  const atStart = server.memory().now;
  const requests = scale(100_000);
  await measureLoad(server, { connections: 32, requests, warmUp: 0, firstId: reserveIds(requests) });
  const { now, peak } = server.memory();
  record(
    `resident memory after ${requests.toLocaleString("en")} vaultings`,
    `${now.toFixed(0)} MB (peak ${peak.toFixed(0)}, at start ${atStart.toFixed(0)})`,
    "limit 120 MB",
    { now, peak, atStart },
  );
}

/**
 * Runs for an hour at 500 vaultings per second, each with a notification. Growth of the resident memory after the first tenth of the run indicates a
 * leak.
 */
async function benchmarkSoak(): Promise<void> {
  await using listener = await startListener();
  await using server = await startCommand("sandbox", join(directory, "soak"));
  const perSecond = 500;
  const minutes = scale(60);
  const requests = minutes * 60 * perSecond;
  const resident: number[] = [];
  const progress = setInterval(async () => {
    resident.push(server.memory().now);
    const received = await listener.received();
    if (!json)
      process.stderr.write(
        `\r${resident.length} of ${minutes} min: ${resident.at(-1)?.toFixed(0)} MB, ${received} notifications `,
      );
  }, 60_000);
  const options = {
    connections: 32,
    requests,
    warmUp: 0,
    firstId: reserveIds(requests),
    notificationUrl: listener.url,
    perSecond,
  };
  const measured = await measureLoad(server, options).finally(() => clearInterval(progress));
  const received = await listener.received();
  const settled = median(resident.slice(minutes / 10, minutes / 5));
  const atEnd = median(resident.slice(-minutes / 10));
  const growth = (atEnd / settled - 1) * 100;
  record(
    `resident memory during ${requests.toLocaleString("en")} vaultings at ${measured.perSecond.toFixed(0)}/s`,
    `${settled.toFixed(0)} MB, ${atEnd.toFixed(0)} MB at the end; p99 ${measured.p99.toFixed(1)} ms`,
    `growth ${growth.toFixed(1)}% (limit 10%); ${received.toLocaleString("en")} notifications`,
    { ...measured, resident, settled, atEnd, growth, received },
  );
}

/** Creates a data directory that contains `count` vaultings. */
async function createFilledDirectory(count: number): Promise<string> {
  const data = join(directory, `filled-${count}`);
  const { clientId } = await startCommand("sandbox", data).then(async (server) => {
    await server[Symbol.asyncDispose]();
    return server.credentials;
  });
  await fillDatabase(data, clientId, count);
  return data;
}

async function benchmarkLargeDatabase(): Promise<void> {
  const counts = [1000, scale(1_000_000)] as const;
  const costs: LoadMeasurement[][] = [[], []];
  const directories = [await createFilledDirectory(counts[0]), await createFilledDirectory(counts[1])] as const;
  // The rounds alternate between the directories, so that load from other programs affects both directories equally.
  for (let round = 0; round < 4; round++) {
    const at = round % 2 === 0 ? 0 : 1;
    await using server = await startCommand("sandbox", directories[at], "--no-notifications");
    const requests = scale(6000);
    costs[at]?.push(await measureLoad(server, { connections: 8, requests, firstId: reserveIds(requests + WARM_UP) }));
  }
  const mean = (measured: readonly LoadMeasurement[] = []) =>
    measured.reduce((sum, { cpu }) => sum + cpu, 0) / measured.length;
  const [few, many] = costs.map(mean);
  const slower = ((many ?? 0) / (few ?? 1) - 1) * 100;
  record(
    `call with ${counts[1].toLocaleString("en")} stored vaultings`,
    `${(many ?? 0).toFixed(3)} ms`,
    `${slower.toFixed(1)}% slower than with 1,000 (limit 10%)`,
    { few, many, slower },
  );
}

/** Measures the time from the start of the navigation to the dashboard's first paint, with an empty browser cache. */
async function benchmarkFirstPaint(): Promise<void> {
  const program = findBrowser();
  if (program === undefined) return record("first paint of the dashboard", "skipped: Chromium is not installed");
  const count = scale(100_000);
  await using server = await startCommand("sandbox", await createFilledDirectory(count), "--no-notifications");
  const browser = await startBrowser(program);
  const times: number[] = [];
  try {
    for (let visit = 0; visit < 11; visit++) {
      await using window = await openWindow(browser);
      await window.page.goto(server.credentials.baseUrl);
      times.push(await window.page.evaluate<number>(FIRST_PAINT));
    }
  } finally {
    await browser.close();
  }
  const [first = Number.NaN, ...others] = times;
  record(
    `first paint of the dashboard, ${count.toLocaleString("en")} stored vaultings`,
    `${median(others).toFixed(0)} ms (first visit ${first.toFixed(0)} ms)`,
    "limit 200 ms",
    { times },
  );
}

const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === "first-paint") resolve(startTime);
  }).observe({ type: "paint", buffered: true });
})`;

if (!canMeasure) {
  console.log("Skipped: the benchmarks require Linux, because they read CPU time and memory from /proc.");
} else {
  try {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
    const environment = `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    if (!json) console.log(`${environment}\n`);
    const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
    const benchmarks = {
      vaults: benchmarkVaults,
      notifications: benchmarkNotifications,
      postgres: benchmarkPostgres,
      mock: benchmarkMock,
      client: benchmarkClient,
      startUp: benchmarkStartUp,
      memory: benchmarkMemory,
      million: benchmarkLargeDatabase,
      paint: benchmarkFirstPaint,
    };
    const named = new Map(Object.entries({ ...benchmarks, soak: benchmarkSoak }));
    const benchmark = only === undefined ? undefined : named.get(only);
    if (only !== undefined && !benchmark) throw new Error(`--only must be one of: ${[...named.keys()].join(", ")}.`);
    for (const measure of benchmark ? [benchmark] : Object.values(benchmarks)) await measure();
    if (json) console.log(JSON.stringify({ environment, rows, details }, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
