/**
 * The contract tests as tests of one's own vitest (or of any runner with `describe` and `test`).
 *
 * @module
 */

import { allChecks } from "./checks/all-checks.ts";
import type { Check } from "./checks/check.ts";
import { TargetClient } from "./conversation/target-client.ts";
import { ContractFailure } from "./model/failure.ts";
import type { ContractTarget } from "./model/target.ts";
import { detectCapabilities } from "./run/detect-capabilities.ts";
import { includesAllChecks, PHASES, runCheck } from "./run/run-checks.ts";

export type { Check } from "./checks/check.ts";
export type { CheckResult, CheckSubject, ContractReport } from "./model/report.ts";
export type { Capability, ContractTarget } from "./model/target.ts";

/** A check that waits for notifications waits longer than test runners do by themselves. */
const TEST_TIMEOUT_MS = 60_000;

interface TestContext {
  readonly skip: (note?: string) => void;
}

/** The two functions of a test runner that are needed. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: (context: TestContext) => Promise<void>, timeoutMs: number) => void;
}

/**
 * Registers every check as a test, by operation. One that the target cannot be asked is skipped, with the reason.
 *
 * @param target who is asked; a function where it is only known once a `beforeAll` has run
 * @param only which checks; default all
 * @example
 * ```ts
 * import { describe, test } from "vitest";
 * registerContractTests({ describe, test }, () => ({ name: "my gateway", baseUrl, clientId, merchantPrivateKey, antomPublicKey }));
 * ```
 */
export function registerContractTests(
  { describe, test }: TestRunner,
  target: ContractTarget | (() => ContractTarget),
  only: (check: Check) => boolean = () => true,
): void {
  let conversation: Promise<TargetClient> | undefined;
  const opened = () => {
    conversation ??= detectCapabilities(typeof target === "function" ? target() : target).then((met) =>
      TargetClient.open(met),
    );
    return conversation;
  };
  const checks = allChecks().filter(only);
  const ofTheRun = checks.filter(({ after }) => after === "everything");
  const ofTheTarget = checks.filter((check) => !ofTheRun.includes(check));
  // A runner may be told to leave some out, or to take them in another order.
  const waiting = new Set(ofTheTarget);
  const register = (check: Check) =>
    test(
      `${check.id}: ${check.title}`,
      async ({ skip }) => {
        const conversation = await opened();
        conversation.record.isComplete = includesAllChecks(checks) && waiting.size === 0;
        const { status, message } = await runCheck(check, conversation);
        waiting.delete(check);
        if (status === "skipped") skip(message);
        if (status === "failed") throw new ContractFailure(message);
      },
      TEST_TIMEOUT_MS,
    );
  for (const operation of new Set(checks.map((check) => check.operation))) {
    describe(operation, () => {
      const own = ofTheTarget.filter((each) => each.operation === operation);
      for (const check of PHASES.flatMap((part) => own.filter(({ after }) => after === part))) register(check);
    });
  }
  if (ofTheRun.length > 0) describe("coverage", () => ofTheRun.forEach(register));
}
