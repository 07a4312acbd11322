/**
 * Sends mutated requests to a sandbox in a separate process, first in memory and then on disk. The run fails on an HTTP status 5xx, an undocumented
 * or unexpectedly unsigned response, a rejected connection, or an event loop delay over 100 ms.
 *
 *     npm run fuzz -- --count 100000 --seed 1
 *
 * A mutant depends only on the seed and its number, so failures are reproducible.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sendMutants } from "../src/testing/attacks/send-mutants.ts";
import { startInstrumentedSandbox } from "../src/testing/processes/instrumented-process.ts";
import { formatCount } from "./format-count.ts";

const STALL_LIMIT_MS = 100;

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const failures: string[] = [];
const [load = 0] = loadavg();
const idle = load < availableParallelism() / 2;

for (const store of ["memory", "disk"] as const) {
  const directory = store === "disk" ? await mkdtemp(join(tmpdir(), "antom-vault-fuzz-")) : undefined;
  try {
    await using sandbox = await startInstrumentedSandbox(directory);
    // Discard the stalls during startup.
    await sandbox.measureStalls();
    const { sent, seconds, codes, violations, notifications } = await sendMutants(sandbox.credentials, { count, seed });
    const { p50, p99, max, ownMax, busyMax, longest, gcMax, rssMb, cpuMs } = await sandbox.measureStalls();
    const print = (name: string, value: string) => console.log(`  ${name.padEnd(28)}${value}`);
    console.log(`${sent} mutants, seed ${seed}, ${store}`);
    print("time", `${seconds.toFixed(1)} s, ${(sent / seconds).toFixed(0)}/s, CPU time ${(cpuMs / 1000).toFixed(1)} s`);
    print("event loop", `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms`);
    for (const { ms, cpuWaitMs, ownMs, gcMs, cpuMs: used } of longest) {
      const parts = `${cpuWaitMs.toFixed(1)} ms waiting for a CPU, ${gcMs.toFixed(1)} ms garbage collection, ${used.toFixed(1)} ms CPU time`;
      print("", `${ownMs.toFixed(1)} ms of ${ms.toFixed(1)} ms in the sandbox, ${parts}`);
    }
    print("garbage collection", `longest pause ${gcMax.toFixed(1)} ms`);
    print("memory", `${rssMb.toFixed(0)} MB`);
    print("notifications", String(notifications));
    for (const [code, times] of Object.entries(codes).sort(([, a], [, b]) => b - a)) print(code, String(times));
    for (const violation of violations.slice(0, 20)) console.log(`  ✗ ${violation}`);
    if (violations.length > 0) failures.push(`${store}: ${formatCount(violations.length, "violation")}`);
    // Garbage collection and disk access take longer on a busy computer, so only the sandbox's CPU time is checked there.
    const stall = idle ? ownMax : busyMax;
    print("longest stall", `${stall.toFixed(1)} ms${idle ? "" : " of CPU time, because other programs are running"}`);
    if (stall > STALL_LIMIT_MS)
      failures.push(`${store}: the event loop was blocked for ${stall.toFixed(0)} ms (limit ${STALL_LIMIT_MS} ms)`);
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

for (const failure of failures) console.error(`✗ ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
