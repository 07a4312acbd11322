import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { basePaths, operationPaths } from "../../generated/operations.ts";
import type { Credentials } from "../gateway/index.ts";
import {
  buildValidRequest,
  createRawMerchant,
  openRawConnection,
  type RawMerchant,
} from "../testing/attacks/raw-merchant.ts";
import { type MutationOptions, RECORDER_STATUSES, sendMutants } from "../testing/attacks/send-mutants.ts";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import {
  type InstrumentedProcess,
  startInstrumentedMock,
  startInstrumentedReceiver,
  startInstrumentedRecorder,
  startInstrumentedSandbox,
} from "../testing/processes/instrumented-process.ts";
import { callDirectly, createVaultRequest } from "../testing/sandbox/sandbox.ts";
import { PATH as RECEIVER_PATH } from "../testing/servers/notification-receiver.ts";
import { openSocket } from "../testing/servers/raw-socket.ts";

const PATH = basePaths.sandbox + operationPaths.vaultPaymentMethod;

/**
 * The maximum time for which a server may block its event loop. Work that takes quadratic time exceeds this limit, and ordinary work stays below it,
 * even on a slow computer. `npm run fuzz` has a stricter limit.
 */
const STALL_LIMIT_MS = 1000;

/** Vaults cards sequentially. Returns the sorted durations of the calls in milliseconds. */
async function measureVaultings(credentials: Credentials, merchant: RawMerchant, count: number): Promise<number[]> {
  const connection = await openRawConnection(credentials.baseUrl);
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    const request = buildValidRequest(merchant, PATH, createVaultRequest());
    const started = performance.now();
    const response = await connection.send(request);
    times.push(performance.now() - started);
    expect(response.body.toString()).toContain('"resultCode":"SUCCESS"');
  }
  connection.close();
  return times.sort((a, b) => a - b);
}

const percentile = (times: readonly number[], fraction: number): number =>
  times[Math.floor((times.length - 1) * fraction)] ?? 0;
const formatTimes = (times: readonly number[]) =>
  `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`;

describe("mutated requests", () => {
  test("get only documented and correctly signed responses, and do not stall the sandbox", async () => {
    using directory = createTemporaryDirectory();
    await using sandbox = await startInstrumentedSandbox(directory.path);
    await sandbox.measureStalls();
    const report = await sendMutants(sandbox.credentials, { count: 2000, seed: 20_260_101 });
    expect(report.violations).toEqual([]);
    for (const code of [
      "SUCCESS",
      "PARAM_ILLEGAL",
      "INVALID_SIGNATURE",
      "VERIFICATION_IN_PROCESS",
      "VAULTING_NOT_EXIST",
    ])
      expect(report.codes[code], code).toBeGreaterThan(0);
    // Measures the sandbox's CPU time, because other tests run in parallel.
    expect((await sandbox.measureStalls()).busyMax).toBeLessThan(STALL_LIMIT_MS);
    expect(sandbox.output()).not.toMatch(/Error in the sandbox|\bat .*\.ts:/);
  });
});

describe("1,000 mutated requests get only documented responses without the card number, and do not stall", () => {
  type Options = Pick<MutationOptions, "receiverPath" | "proxyStatuses">;
  const expectRobust = async (server: InstrumentedProcess, options: Options = {}) => {
    await sendMutants(server.credentials, { count: 100, seed: 1, ...options });
    await server.measureStalls();
    const report = await sendMutants(server.credentials, { count: 1000, seed: 20_260_102, ...options });
    expect(report.violations).toEqual([]);
    expect((await server.measureStalls()).busyMax).toBeLessThan(STALL_LIMIT_MS);
  };

  test("the mock", async () => {
    using directory = createTemporaryDirectory();
    await using mock = await startInstrumentedMock(directory.path);
    await expectRobust(mock);
  });

  test("the notification receiver", async () => {
    await using receiver = await startInstrumentedReceiver();
    await expectRobust(receiver, { receiverPath: RECEIVER_PATH });
  });

  test("the recording proxy", async () => {
    using directory = createTemporaryDirectory();
    await using sandbox = await startInstrumentedSandbox(directory.path);
    const recording = join(directory.path, "recording.jsonl");
    await using recorder = await startInstrumentedRecorder(directory.path, recording);
    await expectRobust(recorder, { proxyStatuses: RECORDER_STATUSES });
    expect(sandbox.output()).not.toContain("Error in the sandbox");
    expect(readFileSync(recording, "utf8")).not.toMatch(/cardNo\\*":\\*"\d{12}/);
  });
});

test("a flood of invalid signatures does not delay valid calls, and causes few log messages", async () => {
  using directory = createTemporaryDirectory();
  await using sandbox = await startInstrumentedSandbox(directory.path);
  const { credentials } = sandbox;
  const merchant = await createRawMerchant(credentials);
  const baseline = await measureVaultings(credentials, merchant, 50);
  const invalidRequest = Buffer.from(
    buildValidRequest(merchant, PATH, createVaultRequest()).toString("latin1").replace('"WEB"', '"APP"'),
    "latin1",
  );
  const started = performance.now();
  let flooding = true;
  let rejected = 0;
  const flood = Array.from({ length: 4 }, async () => {
    const connection = await openRawConnection(credentials.baseUrl);
    while (flooding) {
      const { body } = await connection.send(invalidRequest);
      expect(body.toString()).toContain("INVALID_SIGNATURE");
      rejected += 1;
    }
    connection.close();
  });
  const underLoad = await measureVaultings(credentials, merchant, 300);
  flooding = false;
  await Promise.all(flood);
  const seconds = (performance.now() - started) / 1000;
  console.info(
    `calls without load: ${formatTimes(baseline)}; during ${(rejected / seconds).toFixed(0)} invalid signatures per second: ${formatTimes(underLoad)}`,
  );
  expect(rejected).toBeGreaterThan(500);
  expect(percentile(underLoad, 0.99)).toBeLessThan(500);
  // A diagnosis verifies hundreds of signatures, so it might end after the flood on a busy computer.
  const countMessages = () => sandbox.output().match(/Request rejected because of its signature/g)?.length ?? 0;
  await expect.poll(countMessages, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(countMessages()).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});

test("1,000 idle connections and 300 slow writers do not delay calls, and slow writers time out", async () => {
  using directory = createTemporaryDirectory();
  await using sandbox = await startInstrumentedSandbox(directory.path);
  const { credentials } = sandbox;
  const merchant = await createRawMerchant(credentials);
  const baseline = await measureVaultings(credentials, merchant, 100);
  const idle = await Promise.all(Array.from({ length: 1000 }, () => openSocket(credentials.baseUrl)));
  const request = buildValidRequest(merchant, PATH, createVaultRequest());
  const responses: string[] = [];
  const started = performance.now();
  const slow = await Promise.all(
    Array.from({ length: 300 }, async (_, number) => {
      const socket = await openSocket(credentials.baseUrl);
      socket.on("data", (chunk) => responses.push(chunk.toString("latin1").slice(0, 12)));
      // One third of the writers send headers slowly, one third send the body slowly, and one third stop in the middle of the body.
      let sent = number % 3 === 0 ? 20 : request.length - 100;
      socket.write(request.subarray(0, sent));
      const timer = setInterval(() => {
        if (number % 3 === 2 || sent >= request.length - 1 || socket.destroyed) return;
        socket.write(request.subarray(sent, ++sent));
      }, 500);
      socket.once("close", () => clearInterval(timer));
      return socket;
    }),
  );
  const underLoad = await measureVaultings(credentials, merchant, 500);
  console.info(`calls without load: ${formatTimes(baseline)}; during 1,300 connections: ${formatTimes(underLoad)}`);
  expect(percentile(underLoad, 0.99)).toBeLessThan(Math.max(500, 20 * percentile(baseline, 0.99)));
  await expect.poll(() => slow.every((socket) => socket.destroyed), { timeout: 35_000, interval: 200 }).toBe(true);
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(new Set(responses)).toEqual(new Set(["HTTP/1.1 408"]));
  for (const socket of idle) socket.destroy();
  await measureVaultings(credentials, merchant, 10);
});

test("a sandbox that stops under load keeps every confirmed result", async () => {
  using directory = createTemporaryDirectory();
  const confirmed = new Map<string, string>();
  let unansweredCount = 0;
  {
    await using sandbox = await startInstrumentedSandbox(directory.path);
    const { credentials } = sandbox;
    const merchant = await createRawMerchant(credentials);
    let stopped = false;
    const callers = Array.from({ length: 16 }, async () => {
      const connection = await openRawConnection(credentials.baseUrl);
      while (!stopped && connection.isOpen()) {
        const message = createVaultRequest();
        const response = await connection.send(buildValidRequest(merchant, PATH, message));
        if (response.status === 200) confirmed.set(message.vaultingRequestId, response.body.toString());
        else unansweredCount += 1;
      }
      connection.close();
    });
    while (confirmed.size < 300) await setTimeout(5);
    const stoppedAt = performance.now();
    expect(await sandbox.kill("SIGTERM")).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    stopped = true;
    await Promise.all(callers);
  }
  await using again = await startInstrumentedSandbox(directory.path);
  for (const [vaultingRequestId, text] of confirmed) {
    const { body } = await callDirectly(again.credentials, "inquireVaulting", { vaultingRequestId });
    expect(body.vaultingStatus).toBe("SUCCESS");
    expect(text).toContain(body.paymentMethodDetail?.card.cardToken);
  }
  console.info(
    `calls when the sandbox stopped: ${confirmed.size} with a result, ${unansweredCount} without a response`,
  );
});
