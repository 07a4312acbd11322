/** Runs checks against a target concurrently and creates the report. */
import { allChecks } from "../checks/all-checks.ts";
import type { Check } from "../checks/check.ts";
import { getCoverage } from "../checks/coverage-checks.ts";
import { TargetClient } from "../conversation/target-client.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { type CheckResult, type ContractReport, countByStatus } from "../model/report.ts";
import type { Capability, ContractTarget } from "../model/target.ts";

export const PHASES = [undefined, "others", "everything"] as const;

export const includesAllChecks = (checks: readonly Check[]): boolean => {
  const ids = new Set(checks.map(({ id }) => id));
  return allChecks().every(({ id }) => ids.has(id));
};

export interface RunOptions {
  /** The maximum number of concurrent checks. Default: 16. */
  readonly concurrency?: number;
  readonly onResult?: (result: CheckResult, done: number, total: number) => void;
  /** After the signal is aborted, the run starts no more checks, waits for those that it started, and returns their report. */
  readonly signal?: AbortSignal;
}

/**
 * Runs checks and returns the report. If the target does not respond, the checks fail.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if a key of the target cannot be used;
 *   `TLS_REQUIRED` if certificate checks are disabled, or if a custom card would be sent in plain text
 */
export async function runChecks(
  checks: readonly Check[],
  target: ContractTarget,
  { concurrency = 16, onResult, signal }: RunOptions = {},
): Promise<ContractReport> {
  const client = await TargetClient.open(target);
  const results: CheckResult[] = [];
  let done = 0;
  const runWorker = async (waiting: Iterable<readonly [number, Check]>) => {
    for (const [index, check] of waiting) {
      if (signal?.aborted) return;
      const result = await runCheck(check, client);
      results[index] = result;
      done += 1;
      onResult?.(result, done, checks.length);
    }
  };
  client.record.isComplete = includesAllChecks(checks);
  const entries = [...checks.entries()];
  for (const phase of PHASES) {
    const waiting = entries.filter(([, { after }]) => after === phase).values();
    await Promise.all(Array.from({ length: concurrency }, () => runWorker(waiting)));
  }
  // An interrupted run leaves gaps in the array.
  const finished = Object.values(results);
  const isComplete = client.record.isComplete && finished.length === checks.length;
  return {
    target: target.name,
    checks: finished,
    ...(isComplete ? { coverage: getCoverage(client.record) } : {}),
    totals: countByStatus(finished),
    unsignedErrors: client.record.unsignedErrors,
  };
}

const SKIP_REASONS: Readonly<Record<Capability, string>> = {
  examples: "The target does not return examples from the OpenAPI document on demand.",
  "both-base-paths": "The target does not serve both base paths.",
  "forced-results": "The run cannot make the target return a specific result code.",
  state: "The target does not store vaultings.",
  notifications: "The target cannot send notifications to this computer.",
  clock: "The target has no clock that a run can move.",
  "multiple-merchants": "The target cannot create additional merchants.",
};

/** Runs a check. Never rejects: if the check throws, its result is `failed` or `skipped`. */
export async function runCheck(check: Check, client: TargetClient): Promise<CheckResult> {
  const { id, operation, title } = check;
  const missing = (check.requires ?? []).find((capability) => !client.target.capabilities?.includes(capability));
  if (missing !== undefined) return { id, operation, title, status: "skipped", message: SKIP_REASONS[missing] };
  try {
    await check.run(client);
    return { id, operation, title, status: "passed", message: "" };
  } catch (error) {
    if (error instanceof CheckSkipped) return { id, operation, title, status: "skipped", message: error.message };
    // The messages of this package's errors are safe to show. For other errors, show only the name.
    const isSafe = error instanceof ContractFailure || (error instanceof Error && error.name === "AntomVaultError");
    const message =
      isSafe && error instanceof Error
        ? error.message
        : `Check stopped with an unexpected error: ${error instanceof Error ? error.name : "unknown"}.`;
    return { id, operation, title, status: "failed", message: `${message}\nDocument: ${check.source}` };
  }
}
