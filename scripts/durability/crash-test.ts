/** The proof: load, crash, restart, look; again and again on the same data. */
import type { EngineName } from "../../src/sandbox/store/database-engine.ts";
import { createLedger, type Fault, type Ledger } from "./call-record.ts";
import type { CleanUp } from "./clean-up.ts";
import { startLoad } from "./load.ts";
import { type Listener, startListener } from "./notification-listener.ts";
import type { SandboxProcess, Synchronous } from "./sandbox-process.ts";
import { type Caller, createCaller } from "./signed-client.ts";
import { type Crash, type Ground, openGround } from "./test-bed.ts";
import { checkAll, checkAnswers, repeatCutOff } from "./verify-recovery.ts";

export interface ProofOptions {
  readonly engine: EngineName;
  readonly crash: Crash;
  readonly rounds: number;
  readonly synchronous: Synchronous;
  readonly cleanUp: CleanUp;
  readonly onRound?: (round: number) => void;
}

export interface Proof {
  readonly engine: EngineName;
  readonly crash: Crash;
  readonly synchronous: Synchronous;
  readonly rounds: number;
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

const CLIENTS = 16;
const SHARE_FAILING = 0.25;
/** Beyond the two minutes after which a delivery that failed is tried again. */
const RETRY_MS = 130_000;
/** How long after the restart all notifications may take. */
const ARRIVAL_MS = 10_000;
/**
 * What a dead process had leased of a shared database is free once its lease of three seconds is over, which another crash may make longer; so
 * some of these are awaited only after the last round. The embedded engine, which nobody shares, frees all at the start.
 */
const LEASED: Readonly<Record<EngineName, number>> = { sqlite: 0, postgresql: 16 };
const LEASE_OVER_MS = 20_000;

interface Bench {
  readonly ground: Ground;
  readonly ledger: Ledger;
  readonly listener: Listener;
}

/** Runs the rounds. Rejects where the sandbox does not start or answer after a crash; losses are in what it gives. */
export async function prove(options: ProofOptions): Promise<Proof> {
  const { engine, crash, rounds, synchronous, cleanUp, onRound = () => {} } = options;
  const began = performance.now();
  const ground = await openGround({ engine, crash, synchronous, cleanUp });
  const ledger = createLedger();
  const listener = await startListener(cleanUp);
  const bench: Bench = { ground, ledger, listener };
  const cutOff = { kept: 0, forgotten: 0 };
  /** What had not arrived at a crash, with the time at which the sandbox was ready again. */
  const awaited = new Map<string, number>();
  let slowestStartMs = 0;

  let running = await start(bench);
  for (let round = 1; round <= rounds; round++) {
    await loadUntilCrash(bench, running, round, crash);
    const due = undelivered(bench);
    running = await start(bench);
    for (const id of due) if (!awaited.has(id)) awaited.set(id, running.readyAt);
    slowestStartMs = Math.max(slowestStartMs, running.startMs);
    const checking = { caller: running.caller, ledger, listener, round };
    await checkAnswers(checking);
    const repeated = await repeatCutOff(checking);
    cutOff.kept += repeated.kept;
    cutOff.forgotten += repeated.forgotten;
    await awaitNotifications(bench, round, { but: LEASED[engine], withinMs: ARRIVAL_MS });
    onRound(round);
  }
  await awaitNotifications(bench, rounds, { but: 0, withinMs: LEASE_OVER_MS });
  await checkAll({ caller: running.caller, ledger, listener, round: rounds });
  running.caller.close();
  await running.sandbox.kill();
  await ground.close();

  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const { faults } = ledger;
  const delays = [...awaited].map(([id, readyAt]) => (listener.acknowledgedAt(id) ?? readyAt) - readyAt);
  const slowestArrivalMs = Math.round(Math.max(0, ...delays));
  const found = { ...ledger.counts(), cutOff, waiting: awaited.size, faults, slowestStartMs, slowestArrivalMs };
  return { engine, crash, synchronous, rounds, ...found, seconds };
}

interface Running {
  readonly sandbox: SandboxProcess;
  readonly caller: Caller;
  readonly startMs: number;
  readonly readyAt: number;
}

/** The merchant's listener is well again, and the clock is where every notification is due. */
async function start({ ground, listener }: Bench): Promise<Running> {
  listener.failing(0);
  const began = performance.now();
  const sandbox = await ground.start();
  const readyAt = performance.now();
  const caller = await createCaller(sandbox.credentials);
  await caller.advanceClock(RETRY_MS);
  return { sandbox, caller, startMs: Math.round(readyAt - began), readyAt };
}

async function loadUntilCrash(
  { ground, ledger, listener }: Bench,
  { sandbox, caller }: Running,
  round: number,
  crash: Crash,
): Promise<void> {
  listener.failing(SHARE_FAILING);
  const load = startLoad({ caller, ledger, round, notificationUrl: listener.url, clients: CLIENTS });
  await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 750));
  // While the file system is being shut down, a flush that is under way may succeed although nothing reaches the disk any more. With the power
  // gone nobody could have heard of it.
  if (crash === "power-cut") load.disregard();
  await ground.crash(sandbox);
  await load.stop();
  caller.close();
}

/** The IDs that have a final answer of which the merchant has acknowledged no notification. */
const undelivered = ({ ledger, listener }: Bench): readonly string[] =>
  ledger
    .entries()
    .filter(({ id, answer }) => answer.final && listener.acknowledgedAt(id) === undefined)
    .map(({ id }) => id);

async function awaitNotifications(
  bench: Bench,
  round: number,
  { but, withinMs }: { readonly but: number; readonly withinMs: number },
): Promise<void> {
  const { ledger, listener } = bench;
  const late = new Set(undelivered(bench));
  const arrived = await listener.until(() => {
    for (const id of late) if (listener.acknowledgedAt(id) !== undefined) late.delete(id);
    return late.size <= but;
  }, withinMs);
  if (arrived) return;
  for (const entry of ledger.entries()) if (late.has(entry.id)) ledger.fault(entry, "undelivered", round);
}
