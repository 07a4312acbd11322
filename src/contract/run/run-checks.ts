/** Runs checks against a target, some at a time, and reports. */

import { allChecks } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import { getCoverage } from "../checks/coverage-checks.ts";
import { TargetClient } from "../conversation/target-client.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { type CheckResult, type ContractReport, countByStatus } from "../model/report.ts";
import type { Capability, ContractTarget } from "../model/target.ts";

export const PHASES = [undefined, "others", "everything"] as const;

/** Whether none is left out. */
export const includesAllChecks = (checks: readonly Check[]): boolean => {
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
  target: ContractTarget,
  { concurrency = 16, onResult }: RunOptions = {},
): Promise<ContractReport> {
  const conversation = await TargetClient.open(target);
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
  conversation.record.isComplete = includesAllChecks(checks);
  const entries = [...checks.entries()];
  for (const part of PHASES) {
    const waiting = entries.filter(([, { after }]) => after === part).values();
    await Promise.all(Array.from({ length: concurrency }, () => worker(waiting)));
  }
  return {
    target: target.name,
    checks: results,
    ...(conversation.record.isComplete ? { coverage: getCoverage(conversation.record) } : {}),
    totals: countByStatus(results),
  };
}

/** Why a target without an ability cannot be asked. */
const SKIP_REASONS: Readonly<Record<Capability, string>> = {
  examples: "The target answers with no examples of the document on demand.",
  "both-base-paths": "The target serves only one of the two base paths.",
  "forced-results": "The target cannot be told what to answer.",
  state: "The target remembers no vaultings.",
  notifications: "The target can reach no listener of the run's on this machine.",
  clock: "The target has no clock that can be moved.",
  "multiple-merchants": "The target takes no merchants of the run's own.",
};

/** Runs one check. Never rejects: what a check throws is its failure. */
export async function runCheck(check: Check, conversation: TargetClient): Promise<CheckResult> {
  const { id, operation, title } = check;
  const lacking = (check.requires ?? []).find((need) => !conversation.target.capabilities?.includes(need));
  if (lacking !== undefined) return { id, operation, title, status: "skipped", message: SKIP_REASONS[lacking] };
  try {
    await check.run(conversation);
    return { id, operation, title, status: "passed", message: "" };
  } catch (error) {
    if (error instanceof CheckSkipped) return { id, operation, title, status: "skipped", message: error.message };
    // Our own errors are made to be shown; of any other only its kind is.
    const told = error instanceof ContractFailure || (error instanceof Error && error.name === "AntomVaultError");
    const detail =
      told && error instanceof Error
        ? error.message
        : `The check broke down: ${error instanceof Error ? error.name : "unknown"}.`;
    return { id, operation, title, status: "failed", message: `${detail}\nDocument: ${check.source}` };
  }
}
