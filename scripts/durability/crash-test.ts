/** The proof: load, crash, restart, check; again and again on the same data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { type Fault, Ledger, type Round } from "./call-record.ts";
import { startLoad } from "./load.ts";
import { startListener } from "./notification-listener.ts";
import { createCaller } from "./signed-client.ts";
import { type Ground, type GroundOptions, openGround } from "./test-bed.ts";
import { checkEntries, repeatCutOff } from "./verify-recovery.ts";

export interface ProofOptions extends GroundOptions {
  readonly rounds: number;
  readonly onRound?: (round: number) => void;
}

export interface Proof extends Pick<ProofOptions, "engine" | "crash" | "synchronous" | "rounds"> {
  /** IDs that were answered, and repeats among them that were answered again under load. */
  readonly answered: number;
  readonly repeated: number;
  /** Calls that were under way at a crash, by what became of them. */
  readonly cutOff: { readonly kept: number; readonly forgotten: number };
  /** Answered results of which no notification had been acknowledged when the crash came. */
  readonly waiting: number;
  readonly faults: readonly Fault[];
  /** From the process's start to its readiness, at the worst, in milliseconds. */
  readonly slowestStartMs: number;
  /** From readiness to the acknowledged notification, at the worst, in milliseconds. */
  readonly slowestArrivalMs: number;
  readonly seconds: number;
}

const SHARE_FAILING = 0.25;
/** Beyond the two minutes after which a delivery that failed is tried again. */
const RETRY_MS = 130_000;
/** How long after the restart all notifications may take. */
const ARRIVAL_MS = 10_000;
/** How many of the earlier rounds' answers are checked again in each round. */
const SAMPLE = 50;
/**
 * What a dead process had leased of a shared database is free once its lease of three seconds is over, which another crash may make longer; so
 * some of these are awaited only after the last round. The embedded engine, which nobody shares, frees all at the start.
 */
const LEASED: Readonly<Record<EngineName, number>> = { sqlite: 0, postgresql: 16 };
const LEASE_OVER_MS = 20_000;

/** Runs the rounds. Rejects where the sandbox does not start or answer after a crash; losses are in what it gives. */
export async function prove({ rounds, onRound = () => {}, ...options }: ProofOptions): Promise<Proof> {
  const { engine, crash, synchronous, cleanUp } = options;
  const began = performance.now();
  const ground = await openGround(options);
  const ledger = new Ledger();
  const listener = await startListener(cleanUp);
  const cutOff = { kept: 0, forgotten: 0 };
  /** What had not arrived at a crash, with the time at which the sandbox was ready again. */
  const awaited = new Map<string, number>();
  let slowestStartMs = 0;

  /** Starts the sandbox, with its clock where every notification is due. */
  const start = async (round: number): Promise<Round & { readonly readyAt: number }> => {
    listener.failing(0);
    const startedAt = performance.now();
    const sandbox = await ground.start();
    const readyAt = performance.now();
    if (round > 0) slowestStartMs = Math.max(slowestStartMs, Math.round(readyAt - startedAt));
    const caller = await createCaller(sandbox.credentials);
    await caller.advanceClock(RETRY_MS);
    return { round, sandbox, caller, ledger, listener, readyAt };
  };

  let running = await start(0);
  for (let round = 1; round <= rounds; round++) {
    await loadUntilCrash(ground, { ...running, round }, crash);
    const due = undelivered(running);
    running = await start(round);
    for (const { id } of due) if (!awaited.has(id)) awaited.set(id, running.readyAt);
    const answeredNow = ledger.entries().filter((entry) => entry.round === round);
    await checkEntries(new Set([...answeredNow, ...ledger.sample(SAMPLE)]), running);
    const repeated = await repeatCutOff(running);
    cutOff.kept += repeated.kept;
    cutOff.forgotten += repeated.forgotten;
    await awaitNotifications(running, LEASED[engine], ARRIVAL_MS);
    onRound(round);
  }
  await awaitNotifications(running, 0, LEASE_OVER_MS);
  const finals = ledger.entries().filter(({ answer }) => answer.final);
  await checkEntries(finals, running);
  await running.sandbox.kill();
  await ground.close();

  const { faults, answeredCount: answered, repeatedCount: repeated } = ledger;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const delays = [...awaited].map(([id, readyAt]) => (listener.acknowledgedAt(id) ?? readyAt) - readyAt);
  const slowest = { slowestStartMs, slowestArrivalMs: Math.round(Math.max(0, ...delays)) };
  const counts = { rounds, answered, repeated, cutOff, waiting: awaited.size };
  return { engine, crash, synchronous, ...counts, faults, ...slowest, seconds };
}

async function loadUntilCrash(ground: Ground, round: Round, crash: ProofOptions["crash"]): Promise<void> {
  round.listener.failing(SHARE_FAILING);
  const load = startLoad(round);
  await sleep(150 + Math.random() * 750);
  // While the file system is being shut down, a flush that is under way may succeed although nothing reaches the disk any more. With the power
  // gone nobody could have heard of it.
  if (crash === "power-cut") load.disregard();
  await ground.crash(round.sandbox);
  await load.stop();
}

/** The entries with a final answer of which the merchant has acknowledged no notification. */
const undelivered = ({ ledger, listener }: Round) =>
  ledger.entries().filter(({ id, answer }) => answer.final && listener.acknowledgedAt(id) === undefined);

/** Waits until all notifications but so many have arrived. What is late is a fault. */
async function awaitNotifications(running: Round, but: number, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  let late = undelivered(running);
  while (late.length > but) {
    if (performance.now() > until) {
      for (const entry of late) running.ledger.fault(entry, "undelivered", running.round);
      return;
    }
    await sleep(20);
    late = late.filter(({ id }) => running.listener.acknowledgedAt(id) === undefined);
  }
}
