/**
 * What the sandbox and the client can do, as ratios within one run: the compiled command in a process of its own, load from another. Run it alone on the
 * machine. `npm run bench [-- --quick] [--json] [--only NAME]`; `--quick` measures a tenth, for a look. What takes an hour (`soak`) is measured
 * only by name.
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

function record(what: string, value: string, against?: string, figure?: Readonly<Record<string, unknown>>): void {
  rows.push({ label: what, value, ...(against === undefined ? {} : { comparison: against }) });
  if (figure) details[what] = figure;
  if (!json) console.log(`${what.padEnd(52)} ${value.padEnd(44)} ${against ?? ""}`);
}

const SUCCESS = '"resultCode":"SUCCESS"';
/** Requests that go before those that are measured. */
const WARM_UP = scale(2000);
/** Nobody listens there, and nothing is sent: the sandbox is told not to deliver. */
const NOWHERE = "http://127.0.0.1:9/none";

interface LoadMeasurement extends LoadReport {
  readonly perSecond: number;
  /** Milliseconds of the server's processor time for each request. */
  readonly cpu: number;
}

async function load(
  server: Server,
  order: Partial<LoadOptions> & Pick<LoadOptions, "connections" | "requests" | "from">,
): Promise<LoadMeasurement> {
  const { baseUrl, clientId, merchantPrivateKey } = server.credentials;
  const defaults = {
    operation: "vaultPaymentMethod",
    warmUp: WARM_UP,
    notificationUrl: NOWHERE,
    expect: SUCCESS,
  } as const;
  const credentials = { baseUrl, clientId, merchantPrivateKey };
  const report = await runLoad({ ...credentials, ...defaults, ...order }, server.cpuMs);
  if (report.unexpected > 0)
    throw new Error(`${report.unexpected} of ${report.requests} answers were not what they should be`);
  return { ...report, perSecond: report.requests / report.seconds, cpu: report.cpuMs / report.requests };
}

const formatRate = ({ perSecond, p50, p99 }: LoadMeasurement) =>
  `${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;

let next = 0;
/** IDs that were not used before. */
const nextIds = (count: number) => {
  next += count;
  return next - count;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Loads a server and measures the limit before and after: the cost of one signature and one verification. */
async function measureEfficiency(server: Server, connections: number, requests: number, warmUp: number) {
  const before = await measureBaseline();
  const measured = await load(server, { connections, requests, warmUp, from: nextIds(requests + warmUp) });
  const after = await measureBaseline();
  const limit = (before.sign + before.verify + after.sign + after.verify) / 2;
  return { ...measured, limit, efficiency: limit / measured.cpu };
}

/** The median of some slices, since whatever else the machine does falls on some of them. The first is the longest: the compiler's work ends in it. */
async function vaults(): Promise<void> {
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
    const efficiency = median(measured.map((each) => each.efficiency));
    const middle = measured.find((each) => each.efficiency === efficiency) ?? measured[0];
    if (!middle) return;
    const all = slices > 1 ? `; slices ${measured.map((each) => each.efficiency.toFixed(2)).join(" ")}` : "";
    record(
      `vaults, ${connections} connection${connections > 1 ? "s" : ""}`,
      formatRate(middle),
      `efficiency ${efficiency.toFixed(2)} (${middle.limit.toFixed(3)} of ${middle.cpu.toFixed(3)} ms${all})`,
      { ...middle, efficiency, slices: measured },
    );
  }
  const requests = scale(10_000);
  const order = { operation: "inquireVaulting", connections: 32, requests, warmUp: scale(500), from: 0 } as const;
  const inquiries = await load(server, order);
  record("inquiries, 32 connections", formatRate(inquiries), `${inquiries.cpu.toFixed(3)} ms each`, { ...inquiries });
}

async function delivered(): Promise<void> {
  await using listener = await startListener();
  await using server = await startCommand("sandbox", join(directory, "delivered"));
  const requests = scale(6000);
  const warmUp = scale(500);
  const order = { connections: 32, requests, warmUp, notificationUrl: listener.url, from: nextIds(requests + warmUp) };
  const started = performance.now();
  const measured = await load(server, order);
  const answered = performance.now();
  while ((await listener.received()) < requests + warmUp && performance.now() - started < 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const received = await listener.received();
  const lateMs = performance.now() - answered;
  record(
    "vaults with their notifications, 32 connections",
    formatRate(measured),
    `${received} of ${requests + warmUp} delivered, the last ${(lateMs / 1000).toFixed(1)} s after the last answer`,
    { ...measured, received, lateMs },
  );
}

async function postgres(): Promise<void> {
  const { startPostgres } = await import("../src/testing/servers/postgres-server.ts");
  await using database = await startPostgres();
  if (!database) {
    record("vaults on PostgreSQL", "skipped: PostgreSQL is not installed here");
    return;
  }
  await using server = await startCommand(
    "sandbox",
    join(directory, "postgres"),
    "--no-notifications",
    "--database",
    await database.newDatabase(),
  );
  for (const connections of [1, 32]) {
    const requests = scale(connections === 1 ? 1500 : 5000);
    const measured = await load(server, { connections, requests, from: nextIds(requests + WARM_UP) });
    record(
      `vaults on PostgreSQL, ${connections} connection${connections > 1 ? "s" : ""}`,
      formatRate(measured),
      `${measured.cpu.toFixed(3)} ms each`,
      { ...measured },
    );
  }
}

async function mock(): Promise<void> {
  const requests = scale(3000);
  const order = { connections: 8, requests, warmUp: scale(500), from: 0, expect: "SUCCESS" };
  await using ours = await startCommand("mock", join(directory, "mock"));
  const our = await load(ours, order);
  await using prism = await startPrism(45_781);
  const credentials = { merchantPrivateKey: ours.credentials.merchantPrivateKey };
  const theirs = await load(prism, { ...order, ...credentials, path: "/v1/vaults/vaultPaymentMethod" });
  record(
    "mock, 8 connections",
    formatRate(our),
    `${(our.perSecond / theirs.perSecond).toFixed(2)} of unchanged Prism (${theirs.perSecond.toFixed(0)}/s)`,
    { ...our, prism: theirs },
  );
}

/** The cost of a call through the client as a multiple of the same call through a bare `fetch`, signed and verified by hand. */
async function client(): Promise<void> {
  await using server = await startCommand("sandbox", join(directory, "client"), "--no-notifications");
  const report: ClientReport = await measureClient({ ...server.credentials, rounds: 7, calls: scale(600) });
  const ratio = (ratios: readonly number[]) => median(ratios).toFixed(2);
  const rounds = `rounds ${report.cpu.map((each) => each.toFixed(2)).join(" ")}`;
  record(
    "the client, of a bare signed and verified fetch",
    `${ratio(report.wall)} of the wall time, ${ratio(report.cpu)} of the CPU time`,
    `limits 1.10 and 1.15 (CPU time: ${rounds})`,
    { ...report },
  );
}

async function startUp(): Promise<void> {
  const data = join(directory, "start");
  const times: number[] = [];
  for (let run = 0; run < 10; run++) {
    await using server = await startCommand("sandbox", data);
    times.push(server.readyMs);
  }
  const [first = 0, ...others] = times;
  record(
    "ready after the process's start",
    `${median(others).toFixed(0)} ms (median of ${others.length})`,
    `limit 300 ms; the first, which makes the keys, ${first.toFixed(0)} ms`,
    { first, others },
  );
}

async function memory(): Promise<void> {
  await using server = await startCommand("sandbox", join(directory, "memory"), "--no-notifications");
  const atStart = server.memory().now;
  const requests = scale(100_000);
  await load(server, { connections: 32, requests, warmUp: 0, from: nextIds(requests) });
  const { now, peak } = server.memory();
  record(
    `resident after ${requests.toLocaleString("en")} vaultings`,
    `${now.toFixed(0)} MB (peak ${peak.toFixed(0)}, at start ${atStart.toFixed(0)})`,
    "limit 120 MB",
    { now, peak, atStart },
  );
}

/**
 * An hour at 500 vaultings a second, each notified. What is resident after a tenth is what the sandbox needs; whatever comes on top of it
 * afterwards is lost.
 */
async function soak(): Promise<void> {
  await using listener = await startListener();
  await using server = await startCommand("sandbox", join(directory, "soak"));
  const perSecond = 500;
  const minutes = scale(60);
  const requests = minutes * 60 * perSecond;
  const resident: number[] = [];
  const look = setInterval(async () => {
    resident.push(server.memory().now);
    const received = await listener.received();
    if (!json)
      process.stderr.write(
        `\r${resident.length} of ${minutes} min: ${resident.at(-1)?.toFixed(0)} MB, ${received} notified `,
      );
  }, 60_000);
  const order = {
    connections: 32,
    requests,
    warmUp: 0,
    from: nextIds(requests),
    notificationUrl: listener.url,
    perSecond,
  };
  const measured = await load(server, order).finally(() => clearInterval(look));
  const received = await listener.received();
  const settled = median(resident.slice(minutes / 10, minutes / 5));
  const atEnd = median(resident.slice(-minutes / 10));
  const growth = (atEnd / settled - 1) * 100;
  record(
    `resident through ${requests.toLocaleString("en")} vaultings, ${measured.perSecond.toFixed(0)} a second`,
    `${settled.toFixed(0)} MB, at the end ${atEnd.toFixed(0)} MB; p99 ${measured.p99.toFixed(1)} ms`,
    `${growth.toFixed(1)} % more (limit 10 %); ${received.toLocaleString("en")} notified by then`,
    { ...measured, resident, settled, atEnd, growth, received },
  );
}

/** A data folder with so many vaultings. */
async function createFilledDirectory(count: number): Promise<string> {
  const data = join(directory, `filled-${count}`);
  const { clientId } = await startCommand("sandbox", data).then(async (server) => {
    await server[Symbol.asyncDispose]();
    return server.credentials;
  });
  await fillDatabase(data, clientId, count);
  return data;
}

async function million(): Promise<void> {
  const counts = [1000, scale(1_000_000)] as const;
  const costs: LoadMeasurement[][] = [[], []];
  const folders = [await createFilledDirectory(counts[0]), await createFilledDirectory(counts[1])] as const;
  // In turn, so that whatever else the machine does falls on both.
  for (let round = 0; round < 4; round++) {
    const at = round % 2 === 0 ? 0 : 1;
    await using server = await startCommand("sandbox", folders[at], "--no-notifications");
    const requests = scale(6000);
    costs[at]?.push(await load(server, { connections: 8, requests, from: nextIds(requests + WARM_UP) }));
  }
  const mean = (measured: readonly LoadMeasurement[] = []) =>
    measured.reduce((sum, { cpu }) => sum + cpu, 0) / measured.length;
  const [few, many] = costs.map(mean);
  const slower = ((many ?? 0) / (few ?? 1) - 1) * 100;
  record(
    `a call with ${counts[1].toLocaleString("en")} vaultings stored`,
    `${(many ?? 0).toFixed(3)} ms`,
    `${slower.toFixed(1)} % more than with 1,000 (limit 10 %)`,
    { few, many, slower },
  );
}

/** How long a browser that was never there takes to the first paint of the dashboard: the time of the navigation's start is the zero. */
async function paint(): Promise<void> {
  const program = findBrowser();
  if (program === undefined) return record("the dashboard's first paint", "skipped: no Chromium");
  const count = scale(100_000);
  await using server = await startCommand("sandbox", await createFilledDirectory(count), "--no-notifications");
  const browser = await startBrowser(program);
  const took: number[] = [];
  try {
    for (let visit = 0; visit < 11; visit++) {
      await using window = await openWindow(browser);
      await window.page.goto(server.credentials.baseUrl);
      took.push(await window.page.evaluate<number>(FIRST_PAINT));
    }
  } finally {
    await browser.close();
  }
  const [first = Number.NaN, ...others] = took;
  record(
    `the dashboard's first paint, ${count.toLocaleString("en")} vaultings stored`,
    `${median(others).toFixed(0)} ms; ${first.toFixed(0)} ms the first time`,
    `${(median(others) / 200).toFixed(2)} of the limit (200 ms)`,
    { took },
  );
}

const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === "first-paint") resolve(startTime);
  }).observe({ type: "paint", buffered: true });
})`;

if (!canMeasure) {
  console.log("Skipped: this machine does not tell what a process uses (/proc).");
} else {
  try {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
    const machine = `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    if (!json) console.log(`${machine}\n`);
    const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
    const measures = { vaults, delivered, postgres, mock, client, startUp, memory, million, paint };
    if (only === undefined) for (const measure of Object.values(measures)) await measure();
    else await ({ ...measures, soak } as Readonly<Record<string, () => Promise<void>>>)[only]?.();
    if (json) console.log(JSON.stringify({ machine, rows, figures: details }, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
