/** Runs checks against a target, some at a time, and reports. */

import { allChecks } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import { coverage } from "../checks/coverage-checks.ts";
import { Conversation } from "../conversation/target-client.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import { type CheckResult, type ContractReport, totalsOf } from "../model/report.ts";
import type { Ability, Target } from "../model/target.ts";

export const PARTS = [undefined, "others", "everything"] as const;

/** Whether none is left out. */
export const allIn = (checks: readonly Check[]): boolean => {
  const ids = new Set(checks.map(({ id }) => id));
  return allChecks().every(({ id }) => ids.has(id));
};

export interface RunOptions {
  /** How many checks are under way at once. Default 16. */
  readonly concurrency?: number;
  readonly onResult?: (result: CheckResult, done: number, total: number) => void;
}

/**
 * Runs checks.
 *
 * @throws AntomVaultError `KEY_INVALID` where the target's keys cannot be used. A target that does not answer makes checks fail.
 */
export async function runChecks(
  checks: readonly Check[],
  target: Target,
  { concurrency = 16, onResult }: RunOptions = {},
): Promise<ContractReport> {
  const conversation = await Conversation.open(target);
  const results: CheckResult[] = [];
  let done = 0;
  const worker = async (waiting: Iterable<readonly [number, Check]>) => {
    for (const [index, check] of waiting) {
      const result = await runCheck(check, conversation);
      results[index] = result;
      done += 1;
      onResult?.(result, done, checks.length);
    }
  };
  conversation.ledger.isWhole = allIn(checks);
  const entries = [...checks.entries()];
  for (const part of PARTS) {
    const waiting = entries.filter(([, { after }]) => after === part).values();
    await Promise.all(Array.from({ length: concurrency }, () => worker(waiting)));
  }
  return {
    target: target.name,
    checks: results,
    ...(conversation.ledger.isWhole ? { coverage: coverage(conversation.ledger) } : {}),
    totals: totalsOf(results),
  };
}

/** Why a target without an ability cannot be asked. */
const WITHOUT: Readonly<Record<Ability, string>> = {
  examples: "The target answers with no examples of the document on demand.",
  "both-paths": "The target serves only one of the two base paths.",
  "chosen-answers": "The target cannot be told what to answer.",
  state: "The target remembers no vaultings.",
  notifies: "The target can reach no listener of the run's on this machine.",
  clock: "The target has no clock that can be moved.",
  clients: "The target takes no merchants of the run's own.",
};

/** Runs one check. Never rejects: what a check throws is its failure. */
export async function runCheck(check: Check, conversation: Conversation): Promise<CheckResult> {
  const { id, operation, title } = check;
  const lacking = (check.needs ?? []).find((need) => !conversation.target.abilities?.includes(need));
  if (lacking !== undefined) return { id, operation, title, status: "not-applicable", detail: WITHOUT[lacking] };
  try {
    await check.run(conversation);
    return { id, operation, title, status: "passed", detail: "" };
  } catch (error) {
    if (error instanceof NotApplicable)
      return { id, operation, title, status: "not-applicable", detail: error.message };
    // Our own errors are made to be shown; of any other only its kind is.
    const told = error instanceof ContractFailure || (error instanceof Error && error.name === "AntomVaultError");
    const detail =
      told && error instanceof Error
        ? error.message
        : `The check broke down: ${error instanceof Error ? error.name : "unknown"}.`;
    return { id, operation, title, status: "failed", detail: `${detail}\nDocument: ${check.source}` };
  }
}
