/** The proof: load, crash, restart, check; again and again on the same data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { CallRecord, type Round, type Violation } from "./call-record.ts";
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
  /** IDs that were answered, and repeats among them that were answered again under load. */
  readonly answered: number;
  readonly repeated: number;
  /** Calls that were under way at a crash, by what became of them. */
  readonly cutOff: { readonly kept: number; readonly forgotten: number };
  /** Answered results of which no notification had been acknowledged when the crash came. */
  readonly waiting: number;
  readonly faults: readonly Violation[];
  /** From the process's start to its readiness, at the worst, in milliseconds. */
  readonly slowestStartMs: number;
  /** From readiness to the acknowledged notification, at the worst, in milliseconds. */
  readonly slowestArrivalMs: number;
  readonly seconds: number;
}

const FAILURE_SHARE = 0.25;
/** Beyond the two minutes after which a delivery that failed is tried again. */
const RETRY_MS = 130_000;
/** How long after the restart all notifications may take. */
const ARRIVAL_TIMEOUT_MS = 10_000;
/** How many of the earlier rounds' answers are checked again in each round. */
const SAMPLE_SIZE = 50;
/**
 * What a dead process had leased of a shared database is free once its lease of three seconds is over, which another crash may make longer; so
 * some of these are awaited only after the last round. The embedded engine, which nobody shares, frees all at the start.
 */
const LEASE_LIMIT: Readonly<Record<EngineName, number>> = { sqlite: 0, postgresql: 16 };
const LEASE_TIMEOUT_MS = 20_000;

/** Runs the rounds. Rejects where the sandbox does not start or answer after a crash; losses are in what it gives. */
export async function runCrashTest({
  rounds,
  onRound = () => {},
  ...options
}: CrashTestOptions): Promise<CrashTestResult> {
  const { engine, crash, synchronous, cleanUp } = options;
  const began = performance.now();
  const ground = await openTestBed(options);
  const ledger = new CallRecord();
  const listener = await startListener(cleanUp);
  const cutOff = { kept: 0, forgotten: 0 };
  /** What had not arrived at a crash, with the time at which the sandbox was ready again. */
  const awaited = new Map<string, number>();
  let slowestStartMs = 0;

  /** Starts the sandbox, with its clock where every notification is due. */
  const start = async (round: number): Promise<Round & { readonly readyAt: number }> => {
    listener.setFailureShare(0);
    const startedAt = performance.now();
    const sandbox = await ground.start();
    const readyAt = performance.now();
    if (round > 0) slowestStartMs = Math.max(slowestStartMs, Math.round(readyAt - startedAt));
    const caller = await createSignedClient(sandbox.credentials);
    await caller.advanceClock(RETRY_MS);
    return { round, sandbox, client: caller, record: ledger, listener, readyAt };
  };

  let running = await start(0);
  for (let round = 1; round <= rounds; round++) {
    await loadUntilCrash(ground, { ...running, round }, crash);
    const due = findUndelivered(running);
    running = await start(round);
    for (const { id } of due) if (!awaited.has(id)) awaited.set(id, running.readyAt);
    const answeredNow = ledger.entries().filter((entry) => entry.round === round);
    await checkEntries(new Set([...answeredNow, ...ledger.sample(SAMPLE_SIZE)]), running);
    const repeated = await retryInterrupted(running);
    cutOff.kept += repeated.kept;
    cutOff.forgotten += repeated.forgotten;
    await awaitNotifications(running, LEASE_LIMIT[engine], ARRIVAL_TIMEOUT_MS);
    onRound(round);
  }
  await awaitNotifications(running, 0, LEASE_TIMEOUT_MS);
  const finals = ledger.entries().filter(({ answer }) => answer.final);
  await checkEntries(finals, running);
  await running.sandbox.kill();
  await ground.close();

  const { violations, confirmedCount: answered, retriedCount: repeated } = ledger;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const delays = [...awaited].map(([id, readyAt]) => (listener.acknowledgedAt(id) ?? readyAt) - readyAt);
  const slowest = { slowestStartMs, slowestArrivalMs: Math.round(Math.max(0, ...delays)) };
  const counts = { rounds, answered, repeated, cutOff, waiting: awaited.size };
  return { engine, crash, synchronous, ...counts, faults: violations, ...slowest, seconds };
}

async function loadUntilCrash(ground: TestBed, round: Round, crash: CrashTestOptions["crash"]): Promise<void> {
  round.listener.setFailureShare(FAILURE_SHARE);
  const load = startLoad(round);
  await sleep(150 + Math.random() * 750);
  // While the file system is being shut down, a flush that is under way may succeed although nothing reaches the disk any more. With the power
  // gone nobody could have heard of it.
  if (crash === "power-cut") load.ignoreResponses();
  await ground.crash(round.sandbox);
  await load.stop();
}

/** The entries with a final answer of which the merchant has acknowledged no notification. */
const findUndelivered = ({ record, listener }: Round) =>
  record.entries().filter(({ id, answer }) => answer.final && listener.acknowledgedAt(id) === undefined);

/** Waits until all notifications but so many have arrived. What is late is a fault. */
async function awaitNotifications(running: Round, but: number, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  let late = findUndelivered(running);
  while (late.length > but) {
    if (performance.now() > until) {
      for (const entry of late) running.record.recordViolation(entry, "undelivered", running.round);
      return;
    }
    await sleep(20);
    late = late.filter(({ id }) => running.listener.acknowledgedAt(id) === undefined);
  }
}
