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
import { sendMutants } from "../testing/attacks/send-mutants.ts";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { startInstrumentedSandbox } from "../testing/processes/instrumented-process.ts";
import { callDirectly, createVaultRequest } from "../testing/sandbox/sandbox.ts";
import { openSocket } from "../testing/servers/raw-socket.ts";
import { createCallLog } from "./call-log/call-log.ts";

const PATH = basePaths.sandbox + operationPaths.vaultPaymentMethod;

/** Vaults one card after the other; gives how long each call took, in milliseconds, shortest first. */
async function vaultTimes(credentials: Credentials, merchant: RawMerchant, count: number): Promise<number[]> {
  const connection = await openRawConnection(credentials.baseUrl);
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    const request = buildValidRequest(merchant, PATH, createVaultRequest());
    const started = performance.now();
    const answer = await connection.send(request);
    times.push(performance.now() - started);
    expect(answer.body.toString()).toContain('"resultCode":"SUCCESS"');
  }
  connection.close();
  return times.sort((a, b) => a - b);
}

const at = (times: readonly number[], part: number): number => times[Math.floor((times.length - 1) * part)] ?? 0;
const shown = (times: readonly number[]) => `p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms`;

describe("mutated requests", () => {
  test("2,000 of them: no 5xx, nothing undocumented, nothing unsigned, no long stall", async () => {
    using folder = createTemporaryDirectory();
    await using sandbox = await startInstrumentedSandbox(folder.path);
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
    // Its own work, because tests run beside others. The first requests of a process bring the compiler's work too.
    expect((await sandbox.measureStalls()).busyMax).toBeLessThan(150);
    expect(sandbox.output()).not.toMatch(/met an error|\bat .*\.ts:/);
  });
});

test("large requests push older ones out of the journal, and a long path is cut", () => {
  const journal = createCallLog(1000, 100_000);
  const add = (path: string, text: string) => {
    const about = { clientId: "client", parsed: { text } };
    journal.add({
      path,
      at: 0,
      durationMs: 0,
      fault: undefined,
      answer: { headers: {}, body: "{}", about },
    });
  };
  for (let number = 0; number < 2500; number++) add("/small", "");
  expect(journal.list({ limit: 9999 }).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 1000 }, (_, at) => 1501 + at),
  );
  for (let number = 0; number < 20; number++) add(`/${"x".repeat(9999)}?cardNo=4054695723100768`, "x".repeat(30_000));
  const kept = journal.list({ limit: 9999 });
  expect(kept.map(({ sequence }) => sequence)).toEqual([2518, 2519, 2520]);
  expect(kept[0]?.path).toBe(`/${"x".repeat(255)}`);
  journal.clear();
  add("/4054695723100768", "");
  expect(journal.list({ limit: 9999 })).toMatchObject([{ sequence: 2521, path: "/************0768" }]);
});

test("a flood of bad signatures locks nobody out, and says little", async () => {
  using folder = createTemporaryDirectory();
  await using sandbox = await startInstrumentedSandbox(folder.path);
  const { credentials } = sandbox;
  const merchant = await createRawMerchant(credentials);
  const alone = await vaultTimes(credentials, merchant, 50);
  const bad = Buffer.from(
    buildValidRequest(merchant, PATH, createVaultRequest()).toString("latin1").replace('"WEB"', '"APP"'),
    "latin1",
  );
  const started = performance.now();
  let flooding = true;
  let refused = 0;
  const flood = Array.from({ length: 4 }, async () => {
    const connection = await openRawConnection(credentials.baseUrl);
    while (flooding) {
      const { body } = await connection.send(bad);
      expect(body.toString()).toContain("INVALID_SIGNATURE");
      refused += 1;
    }
    connection.close();
  });
  const beside = await vaultTimes(credentials, merchant, 300);
  flooding = false;
  await Promise.all(flood);
  const seconds = (performance.now() - started) / 1000;
  console.info(
    `calls alone: ${shown(alone)}; beside ${(refused / seconds).toFixed(0)} bad signatures a second ${shown(beside)}`,
  );
  expect(refused).toBeGreaterThan(500);
  expect(at(beside, 0.99)).toBeLessThan(500);
  expect(sandbox.output().match(/signature was refused/g)?.length ?? 0).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});

test("1,000 idle connections and 300 slow writers stop no call, and the slow ones are cut off", async () => {
  using folder = createTemporaryDirectory();
  await using sandbox = await startInstrumentedSandbox(folder.path);
  const { credentials } = sandbox;
  const merchant = await createRawMerchant(credentials);
  const alone = await vaultTimes(credentials, merchant, 100);
  const idle = await Promise.all(Array.from({ length: 1000 }, () => openSocket(credentials.baseUrl)));
  const request = buildValidRequest(merchant, PATH, createVaultRequest());
  const answers: string[] = [];
  const started = performance.now();
  const slow = await Promise.all(
    Array.from({ length: 300 }, async (_, number) => {
      const socket = await openSocket(credentials.baseUrl);
      socket.on("data", (chunk) => answers.push(chunk.toString("latin1").slice(0, 12)));
      // A third says its head slowly, a third its body, a third nothing more after half of it.
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
  const beside = await vaultTimes(credentials, merchant, 500);
  console.info(`calls alone: ${shown(alone)}; beside 1,300 connections ${shown(beside)}`);
  expect(at(beside, 0.99)).toBeLessThan(Math.max(500, 20 * at(alone, 0.99)));
  await expect.poll(() => slow.every((socket) => socket.destroyed), { timeout: 35_000, interval: 200 }).toBe(true);
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(new Set(answers)).toEqual(new Set(["HTTP/1.1 408"]));
  for (const socket of idle) socket.destroy();
  await vaultTimes(credentials, merchant, 10);
});

test("told to stop under load, the sandbox loses nothing that it acknowledged", async () => {
  using folder = createTemporaryDirectory();
  const acknowledged = new Map<string, string>();
  let cutOff = 0;
  {
    await using sandbox = await startInstrumentedSandbox(folder.path);
    const { credentials } = sandbox;
    const merchant = await createRawMerchant(credentials);
    let stopped = false;
    const lanes = Array.from({ length: 16 }, async () => {
      const connection = await openRawConnection(credentials.baseUrl);
      while (!stopped && connection.isOpen()) {
        const message = createVaultRequest();
        const answer = await connection.send(buildValidRequest(merchant, PATH, message));
        if (answer.status === 200) acknowledged.set(message.vaultingRequestId, answer.body.toString());
        else cutOff += 1;
      }
      connection.close();
    });
    while (acknowledged.size < 300) await setTimeout(5);
    const told = performance.now();
    expect(await sandbox.kill("SIGTERM")).toBe(0);
    expect(performance.now() - told).toBeLessThan(10_000);
    stopped = true;
    await Promise.all(lanes);
  }
  await using again = await startInstrumentedSandbox(folder.path);
  for (const [vaultingRequestId, text] of acknowledged) {
    const { body } = await callDirectly(again.credentials, "inquireVaulting", { vaultingRequestId });
    expect(body.vaultingStatus).toBe("SUCCESS");
    expect(text).toContain(body.paymentMethodDetail?.card.cardToken);
  }
  console.info(`calls at the stop: ${acknowledged.size} acknowledged, ${cutOff} not answered`);
});
