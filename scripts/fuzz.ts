/**
 * Sends mutated requests to a sandbox in a process of its own, in memory and on disk, and demands of it: no HTTP status 5xx, no answer that
 * the document does not describe, none unsigned but the documented one, no refused connection, and no turn of its event loop over 100 ms.
 *
 *     npm run fuzz -- --count 100000 --seed 1
 *
 * A mutant is made of the seed and its number alone, so a fault can be had again.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sendMutants } from "../src/testing/attacks/send-mutants.ts";
import { startInstrumentedSandbox } from "../src/testing/processes/instrumented-process.ts";

const STALL_LIMIT_MS = 100;

const { values } = parseArgs({
  options: { count: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const failures: string[] = [];
const [load = 0] = loadavg();
const quiet = load < availableParallelism() / 2;

for (const store of ["memory", "disk"] as const) {
  const folder = store === "disk" ? await mkdtemp(join(tmpdir(), "antom-vault-mutations-")) : undefined;
  try {
    await using sandbox = await startInstrumentedSandbox(folder);
    // What a start costs is no stall of a request.
    await sandbox.measureStalls();
    const { sent, seconds, codes, violations, notifications } = await sendMutants(sandbox.credentials, { count, seed });
    const { p50, p99, max, ownMax, busyMax, longest, gcMax, rssMb, cpuMs } = await sandbox.measureStalls();
    const line = (name: string, value: string) => console.log(`  ${name.padEnd(28)}${value}`);
    console.log(`${sent} mutants, seed ${seed}, ${store}`);
    line(
      "time",
      `${seconds.toFixed(1)} s, ${(sent / seconds).toFixed(0)} a second, processor ${(cpuMs / 1000).toFixed(1)} s`,
    );
    line("event loop", `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms`);
    for (const { ms, cpuWaitMs, ownMs, gcMs, cpuMs: used } of longest) {
      const parts = `${cpuWaitMs.toFixed(1)} ms waiting for a processor, ${gcMs.toFixed(1)} ms garbage collection, ${used.toFixed(1)} ms of processor time`;
      line("", `own ${ownMs.toFixed(1)} ms of ${ms.toFixed(1)} ms, ${parts}`);
    }
    line("collection", `longest pause ${gcMax.toFixed(1)} ms`);
    line("memory", `${rssMb.toFixed(0)} MB`);
    line("notifications", String(notifications));
    for (const [code, times] of Object.entries(codes).sort(([, a], [, b]) => b - a)) line(code, String(times));
    for (const fault of violations.slice(0, 20)) console.log(`  ✗ ${fault}`);
    if (violations.length > 0) failures.push(`${store}: ${violations.length} answers were wrong`);
    // Where others want the processors, garbage collection waits for its helpers and the disk for its turn: then only what the sandbox itself
    // computed can be judged.
    const stall = quiet ? ownMax : busyMax;
    line(
      "judged",
      `${stall.toFixed(1)} ms${quiet ? "" : " of processor time: the machine is busy with other programs"}`,
    );
    if (stall > STALL_LIMIT_MS) failures.push(`${store}: the event loop stood still for ${stall.toFixed(0)} ms`);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

for (const failure of failures) console.error(`✗ ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
