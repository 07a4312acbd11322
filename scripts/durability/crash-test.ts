/** The crash test: load, crash, restart, and check, repeatedly on the same data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { CallRecord, type RoundContext, type Violation } from "./call-record.ts";
import { startLoad } from "./load.ts";
import { startListener } from "./notification-listener.ts";
import { createSignedClient } from "./signed-client.ts";
import { openTestBed, type TestBed, type TestBedOptions } from "./test-bed.ts";
import { checkEntries, retryInterrupted } from "./verify-recovery.ts";

export interface CrashTestOptions extends TestBedOptions {
  readonly rounds: number;
  readonly onRound?: (round: number) => void;
}

export interface CrashTestResult extends Pick<CrashTestOptions, "engine" | "crash" | "synchronous" | "rounds"> {
  /** The number of IDs with a response. `retried` is the number of additional responses for these IDs under load. */
  readonly confirmed: number;
  readonly retried: number;
  /** The number of calls that a crash interrupted, by whether the sandbox had stored them. */
  readonly interrupted: { readonly stored: number; readonly discarded: number };
  /** The number of results without an acknowledged notification at the time of a crash. */
  readonly pendingNotifications: number;
  readonly violations: readonly Violation[];
  /** The longest time until the sandbox is ready after a crash, in milliseconds. After a power cut, this time includes the start of PostgreSQL. */
  readonly slowestStartMs: number;
  /** The longest time from the restart until a pending notification is acknowledged, in milliseconds. */
  readonly slowestArrivalMs: number;
  readonly seconds: number;
}

const FAILURE_SHARE = 0.25;
/** Longer than the 2 minutes after which a failed delivery is retried. */
const CLOCK_ADVANCE_MS = 130_000;
/** The time limit for all notifications after a restart. */
const ARRIVAL_TIMEOUT_MS = 10_000;
/** The number of randomly chosen results that each round checks again. */
const SAMPLE_SIZE = 50;
/**
 * The number of notifications that may be late in a round. In a shared database, a killed process keeps its leases for 3 seconds, and a second
 * crash can extend this time. The embedded engine releases all leases on startup.
 */
const LEASE_LIMIT: Readonly<Record<EngineName, number>> = { sqlite: 0, postgresql: 16 };
const LEASE_TIMEOUT_MS = 20_000;

/** Runs the rounds. The result lists the violations. Rejects if the sandbox does not start or respond after a crash. */
export async function runCrashTest({
  rounds,
  onRound = () => {},
  ...options
}: CrashTestOptions): Promise<CrashTestResult> {
  const { engine, crash, synchronous, cleanUp } = options;
  const started = performance.now();
  const testBed = await openTestBed(options);
  const record = new CallRecord();
  const listener = await startListener(cleanUp);
  const interrupted = { stored: 0, discarded: 0 };
  /** The IDs whose notifications were pending at a crash, with the time at which the sandbox was ready again. */
  const awaited = new Map<string, number>();
  let slowestStartMs = 0;

  /** Starts the sandbox and advances its clock so that every notification is due. */
  const start = async (round: number): Promise<RoundContext & { readonly readyAt: number }> => {
    listener.setFailureShare(0);
    const startedAt = performance.now();
    const sandbox = await testBed.start();
    const readyAt = performance.now();
    if (round > 0) slowestStartMs = Math.max(slowestStartMs, Math.round(readyAt - startedAt));
    const client = await createSignedClient(sandbox.credentials);
    await client.advanceClock(CLOCK_ADVANCE_MS);
    return { round, sandbox, client, record, listener, readyAt };
  };

  let running = await start(0);
  for (let round = 1; round <= rounds; round++) {
    await loadUntilCrash(testBed, { ...running, round }, crash);
    const due = findUndelivered(running);
    running = await start(round);
    for (const { id } of due) if (!awaited.has(id)) awaited.set(id, running.readyAt);
    const confirmedNow = record.getEntries().filter((entry) => entry.round === round);
    await checkEntries(new Set([...confirmedNow, ...record.sample(SAMPLE_SIZE)]), running);
    const retried = await retryInterrupted(running);
    interrupted.stored += retried.stored;
    interrupted.discarded += retried.discarded;
    await awaitNotifications(running, LEASE_LIMIT[engine], ARRIVAL_TIMEOUT_MS);
    onRound(round);
  }
  await awaitNotifications(running, 0, LEASE_TIMEOUT_MS);
  const finals = record.getEntries().filter(({ response }) => response.final);
  await checkEntries(finals, running);
  await running.sandbox.kill();
  await testBed.close();

  const { violations, confirmedCount: confirmed, retriedCount: retried } = record;
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const delays = [...awaited].map(([id, readyAt]) => (listener.getAcknowledgementTime(id) ?? readyAt) - readyAt);
  const slowest = { slowestStartMs, slowestArrivalMs: Math.round(Math.max(0, ...delays)) };
  const counts = { rounds, confirmed, retried, interrupted, pendingNotifications: awaited.size };
  return { engine, crash, synchronous, ...counts, violations, ...slowest, seconds };
}

async function loadUntilCrash(testBed: TestBed, context: RoundContext, crash: CrashTestOptions["crash"]) {
  context.listener.setFailureShare(FAILURE_SHARE);
  const load = startLoad(context);
  await sleep(150 + Math.random() * 750);
  // While the file system shuts down, a flush might succeed although the data does not reach the disk, and the sandbox then responds. After a real
  // power cut, no client would receive such a response.
  if (crash === "power-cut") load.ignoreResponses();
  await testBed.crash(context.sandbox);
  await load.stop();
}

/** Returns the entries with a final result but without an acknowledged notification. */
const findUndelivered = ({ record, listener }: RoundContext) =>
  record.getEntries().filter(({ id, response }) => response.final && listener.getAcknowledgementTime(id) === undefined);

/** Waits until at most `limit` notifications are missing. After the timeout, records the missing ones as violations. */
async function awaitNotifications(running: RoundContext, limit: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  let late = findUndelivered(running);
  while (late.length > limit) {
    if (performance.now() > deadline) {
      for (const entry of late) running.record.recordViolation(entry, "undelivered", running.round);
      return;
    }
    await sleep(20);
    late = late.filter(({ id }) => running.listener.getAcknowledgementTime(id) === undefined);
  }
}
