/**
 * Sends mutated requests to sandboxes in memory and on disk, the mock, the recording proxy, and a notification receiver, each in a separate process.
 * The run fails on HTTP status 5xx, an undocumented or unexpectedly unsigned response, a missing response, a card number in a response or
 * recording, memory over 500 MB, or an event loop delay over 50 ms. The run also fails if the time limit ends it early.
 *
 *     npm run fuzz -- --count 1000000 --seed 1 --minutes 60 [--only record]
 *
 * A mutant depends only on the seed and its number, so failures are reproducible.
 */
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type MutationOptions, RECORDER_STATUSES, sendMutants } from "../src/testing/attacks/send-mutants.ts";
import {
  type InstrumentedProcess,
  startInstrumentedMock,
  startInstrumentedReceiver,
  startInstrumentedRecorder,
  startInstrumentedSandbox,
} from "../src/testing/processes/instrumented-process.ts";
import { PATH as RECEIVER_PATH } from "../src/testing/servers/notification-receiver.ts";
import { formatCount } from "./format-count.ts";

const STALL_LIMIT_MS = 50;
const MEMORY_LIMIT_MB = 500;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    only: { type: "string", default: "" },
  },
});
const seed = Number(values.seed);
const TARGETS = 5;
const count = Math.ceil(Number(values.count) / (values.only === "" ? TARGETS : 1));
const deadline = performance.now() + Number(values.minutes) * 60_000;
const failures: string[] = [];
const [load = 0] = loadavg();
const idle = load < availableParallelism() / 2;
const print = (name: string, value: string) => console.log(`  ${name.padEnd(28)}${value}`);

async function fuzz(
  target: string,
  server: InstrumentedProcess,
  options: Pick<MutationOptions, "receiverPath" | "proxyStatuses"> = {},
): Promise<void> {
  if (!target.includes(values.only)) return;
  // Discard the stalls during startup and JIT compilation.
  await sendMutants(server.credentials, { count: 300, seed: seed + 1, deadline, ...options });
  await server.measureStalls();
  const { sent, seconds, codes, violations, notifications } = await sendMutants(server.credentials, {
    count,
    seed,
    deadline,
    ...options,
  });
  const { p50, p99, max, ownMax, busyMax, longest, gcMax, rssMb, cpuMs } = await server.measureStalls();
  console.log(`${sent} mutants, seed ${seed}, ${target}`);
  print("time", `${seconds.toFixed(1)} s, ${(sent / seconds).toFixed(0)}/s, CPU time ${(cpuMs / 1000).toFixed(1)} s`);
  print("event loop", `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms`);
  for (const { ms, cpuWaitMs, ownMs, gcMs, cpuMs: used } of longest) {
    const parts = `${cpuWaitMs.toFixed(1)} ms waiting for a CPU, ${gcMs.toFixed(1)} ms garbage collection, ${used.toFixed(1)} ms CPU time`;
    print("", `${ownMs.toFixed(1)} ms of ${ms.toFixed(1)} ms in the process, ${parts}`);
  }
  print("garbage collection", `longest pause ${gcMax.toFixed(1)} ms`);
  print("memory", `${rssMb.toFixed(0)} MB`);
  print("notifications", String(notifications));
  for (const [code, times] of Object.entries(codes).sort(([, a], [, b]) => b - a)) print(code, String(times));
  for (const violation of violations.slice(0, 20)) console.log(`  ✗ ${violation}`);
  // Garbage collection and disk access take longer on a busy computer, so check only the process's CPU time in that case.
  const stall = idle ? ownMax : busyMax;
  print("longest stall", `${stall.toFixed(1)} ms${idle ? "" : " of CPU time, because other programs are running"}`);
  const fail = (failed: boolean, message: string) => failed && failures.push(`${target}: ${message}`);
  fail(violations.length > 0, formatCount(violations.length, "violation"));
  fail(stall > STALL_LIMIT_MS, `the event loop was blocked for ${stall.toFixed(0)} ms (limit ${STALL_LIMIT_MS} ms)`);
  fail(rssMb > MEMORY_LIMIT_MB, `the process uses ${rssMb.toFixed(0)} MB (limit ${MEMORY_LIMIT_MB} MB)`);
  fail(sent < count, `the time limit ended the run after ${sent} of ${count} mutants`);
}

const directory = await mkdtemp(join(tmpdir(), "antom-vault-fuzz-"));
try {
  {
    await using sandbox = await startInstrumentedSandbox();
    await fuzz("sandbox in memory", sandbox);
  }
  {
    await using mock = await startInstrumentedMock(join(directory, "mock"));
    await fuzz("mock", mock);
  }
  {
    await using receiver = await startInstrumentedReceiver();
    await fuzz("receiver", receiver, { receiverPath: RECEIVER_PATH });
  }
  const data = join(directory, "sandbox");
  await using sandbox = await startInstrumentedSandbox(data);
  await fuzz("sandbox on disk", sandbox);
  const recording = join(directory, "recording.jsonl");
  await using recorder = await startInstrumentedRecorder(data, recording);
  await fuzz("record", recorder, { proxyStatuses: RECORDER_STATUSES });
  let leaks = 0;
  for await (const line of createInterface(createReadStream(recording)))
    if (/cardNo\\*":\\*"\d{12}/.test(line)) leaks += 1;
  if (leaks > 0) failures.push(`record: card numbers in ${formatCount(leaks, "line")} of the recording`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

for (const failure of failures) console.error(`✗ ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
