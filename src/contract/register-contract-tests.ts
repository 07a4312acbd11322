/**
 * The contract tests as tests of one's own vitest (or of any runner with `describe` and `test`).
 *
 * @module
 */

import { allChecks } from "./checks/all-checks.ts";
import type { Check } from "./checks/check.ts";
import { Conversation } from "./conversation/target-client.ts";
import { ContractFailure } from "./model/failure.ts";
import type { Target } from "./model/target.ts";
import { meet } from "./run/detect-capabilities.ts";
import { allIn, PARTS, runCheck } from "./run/run-checks.ts";

export type { Check } from "./checks/check.ts";
export type { CheckResult, ContractReport, Subject } from "./model/report.ts";
export type { Ability, Target } from "./model/target.ts";

/** A check that waits for notifications waits longer than test runners do by themselves. */
const TEST_MS = 60_000;

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
  target: Target | (() => Target),
  only: (check: Check) => boolean = () => true,
): void {
  let conversation: Promise<Conversation> | undefined;
  const opened = () => {
    conversation ??= meet(typeof target === "function" ? target() : target).then((met) => Conversation.open(met));
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
        conversation.ledger.isWhole = allIn(checks) && waiting.size === 0;
        const { status, detail } = await runCheck(check, conversation);
        waiting.delete(check);
        if (status === "not-applicable") skip(detail);
        if (status === "failed") throw new ContractFailure(detail);
      },
      TEST_MS,
    );
  for (const operation of new Set(checks.map((check) => check.operation))) {
    describe(operation, () => {
      const own = ofTheTarget.filter((each) => each.operation === operation);
      for (const check of PARTS.flatMap((part) => own.filter(({ after }) => after === part))) register(check);
    });
  }
  if (ofTheRun.length > 0) describe("coverage", () => ofTheRun.forEach(register));
}
