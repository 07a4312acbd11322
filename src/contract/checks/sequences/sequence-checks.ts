/** Checks the results of random sequences of calls, buyer actions, and clock movements against a model of the documented behavior. */
import { AntomVaultError, loadDependency } from "../../../protocol/errors.ts";
import { type Clock, getClock } from "../../conversation/control-api.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CheckSkipped, ContractFailure } from "../../model/failure.ts";
import { VaultingHistory } from "../../rules/vaulting-history.ts";
import type { Check } from "../check.ts";
import { INTRODUCTION } from "../request-variants.ts";
import { ACTIONS, type Action, inquireStatus, retry, type Vaulting } from "./actions.ts";

const DEFAULT_SEED = 3;
const MAX_STEPS = 10;
/** The time limit for a sequence and the search for a shorter one. */
const TIME_LIMIT_MS = 8_000;
const MINUTE_MS = 60_000;
/** The maximum time by which a sequence advances the clock. */
const MAX_ELAPSED_MS = 2 * 24 * 60 * MINUTE_MS;
const CLOCK_STEPS = [
  { text: "6 minutes", ms: 6 * MINUTE_MS },
  { text: "5 hours", ms: 5 * 60 * MINUTE_MS },
  { text: "1 day", ms: 24 * 60 * MINUTE_MS },
] as const;

/** A running sequence, with its vaultings and the descriptions of its steps so far. */
interface Sequence {
  readonly vaultings: readonly Vaulting[];
  readonly clock: Clock | undefined;
  readonly steps: string[];
  elapsedMs: number;
}

interface Step {
  readonly describe: () => string;
  readonly applies: (sequence: Sequence) => boolean;
  readonly run: (sequence: Sequence) => Promise<void>;
}

/**
 * The merchants of a sequence, which use the same ID. The first merchant takes most of the steps, because most errors appear only after several steps
 * by the same merchant.
 */
const MERCHANTS = ["first merchant", "second merchant"] as const;
const STEP_MERCHANTS = [0, 0, 0, 0, 1];

/** Creates the step in which the merchant with the given index performs the action. */
const toStep = ({ describe, applies, run }: Action, index: number): Step => ({
  describe: () => describe(MERCHANTS[index] ?? ""),
  applies: ({ vaultings: { [index]: vaulting } }) =>
    vaulting !== undefined && (applies === undefined || applies(vaulting)),
  run: async ({ vaultings: { [index]: vaulting } }) => vaulting && run(vaulting),
});

/** The steps that create a vaulting. Each sequence starts with one of them. */
const FIRST_STEPS = ACTIONS.filter(({ creates }) => creates).map((action) => toStep(action, 0));

const listSteps = (merchantCount: number, hasClock: boolean): readonly Step[] => [
  ...ACTIONS.flatMap((action) =>
    STEP_MERCHANTS.filter((index) => index < merchantCount).map((index) => toStep(action, index)),
  ),
  // With fewer clock steps, most sequences would not advance the clock.
  ...(hasClock ? [...CLOCK_STEPS, ...CLOCK_STEPS, ...CLOCK_STEPS] : []).map(
    ({ text, ms }): Step => ({
      describe: () => `the clock advances by ${text}`,
      applies: ({ elapsedMs, vaultings }) =>
        elapsedMs + ms <= MAX_ELAPSED_MS && vaultings.some(({ created }) => created !== undefined),
      run: async (sequence) => {
        sequence.elapsedMs += ms;
        await sequence.clock?.advance(ms);
        for (const vaulting of sequence.vaultings) vaulting.isOpen ||= vaulting.status === "PROCESSING";
      },
    }),
  ),
];

async function runSequence(sequence: Sequence, steps: readonly Step[], seed: number): Promise<void> {
  try {
    for (const step of steps) {
      if (!step.applies(sequence)) continue;
      sequence.steps.push(step.describe());
      await step.run(sequence);
    }
    for (const vaulting of sequence.vaultings) {
      sequence.steps.push(`inquireVaulting and a retry (${vaulting.name})`);
      await inquireStatus(vaulting);
      await retry(vaulting);
      sequence.steps.pop();
    }
  } catch (error) {
    if (!(error instanceof ContractFailure)) throw error;
    const [summary, ...rest] = error.message.split("\n");
    const list = sequence.steps.map((text, index) => `${index + 1}. ${text}`);
    throw new ContractFailure(
      [summary, `Shortest failing sequence that was found (--seed ${seed}):`, ...list, ...rest].join("\n"),
    );
  }
}

/** Runs random sequences, once for all checks. Returns the failure with the shortest sequence that was found, or `undefined`. */
const runSequences = (client: TargetClient): Promise<ContractFailure | undefined> =>
  client.onceExclusive("sequences", async () => {
    const fc = await loadDependency("check of random sequences", () => import("fast-check"));
    const { capabilities = [], seed = DEFAULT_SEED } = client.target;
    const hasClock = capabilities.includes("clock");
    const second = capabilities.includes("multiple-merchants")
      ? [await client.getOtherMerchant("second merchant")]
      : [];
    const clients = [client, ...second];
    const clock = hasClock ? await getClock(client.target) : undefined;
    const createSequence = (): Sequence => {
      const [id, history] = [client.createId(), new VaultingHistory()];
      const vaultings = clients.map(
        (owner, index): Vaulting => ({ name: MERCHANTS[index] ?? "", id, client: owner, history, isOpen: false }),
      );
      return { vaultings, clock, steps: [], elapsedMs: 0 };
    };
    const steps = listSteps(clients.length, hasClock);
    const others = fc.noBias(fc.array(fc.constantFrom(...steps), { maxLength: MAX_STEPS, size: "max" }));
    try {
      for (const [index, first] of FIRST_STEPS.entries()) {
        const property = fc.asyncProperty(others, (list) => runSequence(createSequence(), [first, ...list], seed));
        const { errorInstance: error } = await fc.check(property, {
          seed: (seed + index) | 0,
          numRuns: 1,
          plugins: [fc.interruptAfterTimeLimit(TIME_LIMIT_MS)],
        });
        if (error instanceof ContractFailure) return error;
        if (error !== undefined && error !== null) throw error;
      }
      return undefined;
    } finally {
      await clock?.restore();
    }
  });

export const createSequenceChecks = (): readonly Check[] => [
  {
    id: "protocol.state.consistent",
    operation: "protocol",
    title: "never contradicts an earlier message about a vaulting, and never gives 2 vaultings the same token or page",
    source: INTRODUCTION,
    requires: ["state"],
    after: "everything",
    run: async (client) => {
      // Without fast-check, only the messages of the other checks are compared.
      await runSequences(client).catch(() => {});
      client.record.expectNoViolation("protocol", "consistent");
    },
  },
  {
    id: "protocol.state.sequences",
    operation: "protocol",
    title: "returns the documented results in random sequences of calls, 3-D Secure challenges, and clock movements",
    source: INTRODUCTION,
    requires: ["state"],
    after: "others",
    run: async (client) => {
      const failure = await runSequences(client).catch((error: unknown) => {
        if (error instanceof AntomVaultError && error.code === "DEPENDENCY_MISSING")
          throw new CheckSkipped(error.message.replaceAll(/\s+/g, " "));
        throw error;
      });
      if (failure) throw failure;
    },
  },
];
