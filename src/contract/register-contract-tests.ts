/**
 * Registers the contract tests in your Vitest suite, or in any test runner with `describe` and `test`.
 *
 * @module antom-vault/contract-tests
 */

import { allChecks } from "./checks/all-checks.ts";
import type { Check, CheckInfo } from "./checks/check.ts";
import { TargetClient } from "./conversation/target-client.ts";
import { ContractFailure } from "./model/failure.ts";
import type { ContractTarget } from "./model/target.ts";
import { detectCapabilities } from "./run/detect-capabilities.ts";
import { includesAllChecks, PHASES, runCheck } from "./run/run-checks.ts";

export type { CheckInfo } from "./checks/check.ts";
export type { CheckResult, CheckStatus, CheckSubject, ContractReport, CoverageRow } from "./model/report.ts";
export type { Capability, ContractTarget, CustomCard } from "./model/target.ts";

/** Checks that wait for notifications exceed the default timeouts of test runners. */
const TEST_TIMEOUT_MS = 60_000;

/** The context that a test runner passes to a test. */
export interface TestContext {
  /** Marks the running test as skipped, with a reason. */
  readonly skip: (note?: string) => void;
}

/** The functions of a test runner that the contract tests use, with the signatures of Vitest. */
export interface TestRunner {
  /** Groups the tests that `body` registers. */
  readonly describe: (name: string, body: () => void) => void;
  /** Registers an asynchronous test with a timeout in milliseconds. */
  readonly test: (name: string, body: (context: TestContext) => Promise<void>, timeoutMs: number) => void;
}

/**
 * Registers each check as a test, grouped by operation. Skips checks that do not apply to the target, with the reason.
 *
 * @param runner the `describe` and `test` functions of your test runner
 * @param target the server to test, or a function that returns it after `beforeAll` has run
 * @param only returns whether to register a check; default: all checks
 * @example
 * ```ts
 * import { describe, test } from "vitest";
 * registerContractTests({ describe, test }, () => ({ name: "my gateway", baseUrl, clientId, merchantPrivateKey, antomPublicKey }));
 * ```
 */
export function registerContractTests(
  { describe, test }: TestRunner,
  target: ContractTarget | (() => ContractTarget),
  only: (check: CheckInfo) => boolean = () => true,
): void {
  let client: Promise<TargetClient> | undefined;
  const openClient = () => {
    client ??= detectCapabilities(typeof target === "function" ? target() : target).then((detected) =>
      TargetClient.open(detected),
    );
    return client;
  };
  const checks = allChecks().filter(only);
  const coverageChecks = checks.filter(({ after }) => after === "everything");
  const targetChecks = checks.filter((check) => !coverageChecks.includes(check));
  // A test runner may skip tests or change their order.
  const pending = new Set(targetChecks);
  const register = (check: Check) =>
    test(
      `${check.id}: ${check.title}`,
      async ({ skip }) => {
        const client = await openClient();
        client.record.isComplete = includesAllChecks(checks) && pending.size === 0;
        const { status, message } = await runCheck(check, client);
        pending.delete(check);
        if (status === "skipped") skip(message);
        if (status === "failed") throw new ContractFailure(message);
      },
      TEST_TIMEOUT_MS,
    );
  for (const operation of new Set(checks.map((check) => check.operation))) {
    describe(operation, () => {
      const operationChecks = targetChecks.filter((check) => check.operation === operation);
      for (const check of PHASES.flatMap((phase) => operationChecks.filter(({ after }) => after === phase)))
        register(check);
    });
  }
  if (coverageChecks.length > 0) describe("coverage", () => coverageChecks.forEach(register));
}
