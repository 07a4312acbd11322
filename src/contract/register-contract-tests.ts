/**
 * Registers the contract tests in your Vitest, node:test, Mocha, Jest, or bun:test suite.
 *
 * @module antom-vault/contract-tests
 */

import { allChecks } from "./checks/all-checks.ts";
import type { Check, CheckInfo } from "./checks/check.ts";
import { TargetClient } from "./conversation/target-client.ts";
import { ContractFailure } from "./model/failure.ts";
import type { ContractReport } from "./model/report.ts";
import type { ContractTarget } from "./model/target.ts";
import { detectCapabilities } from "./run/detect-capabilities.ts";
import { includesAllChecks, PHASES, runCheck, runChecks } from "./run/run-checks.ts";

export type { CheckInfo } from "./checks/check.ts";
export type { CheckResult, CheckStatus, CheckSubject, ContractReport, CoverageRow } from "./model/report.ts";
export type { Capability, ContractTarget, CustomCard } from "./model/target.ts";

/** The timeout of each test. Checks that wait for notifications exceed the default timeouts of test runners. */
const TEST_TIMEOUT_MS = 60_000;

/** The functions of a test runner that the contract tests use. In Mocha, pass `it` as `test`. */
export interface TestRunner {
  /** Groups the tests that `body` registers. */
  readonly describe: (name: string, body: () => void) => void;
  /** Registers an asynchronous test. Mocha and node:test ignore `timeoutMs`. */
  readonly test: (name: string, body: () => Promise<void>, timeoutMs: number) => void;
}

/** The functions of a test runner that {@link registerContractReport} uses. In Mocha, pass `it` as `test`. */
export interface ReportRunner {
  /** Groups the tests that `body` registers. */
  readonly describe: (name: string, body: () => void) => void;
  /** Registers a test. `skip` registers a test that does not run. */
  readonly test: ((name: string, body: () => void) => void) & {
    readonly skip: (name: string, body: () => void) => void;
  };
}

/** A running test: the context that Vitest and node:test pass to the test, or Mocha's `this`. */
interface RunningTest {
  readonly skip?: (reason: string) => unknown;
  readonly timeout?: (ms: number) => unknown;
  readonly test?: { title: string };
}

/**
 * Registers each check as a test, grouped by operation. Skips checks that do not apply to the target, and reports the reason. Works in Vitest,
 * node:test, and Mocha; Jest and bun:test cannot skip a running test, so use {@link registerContractReport} there.
 *
 * @param runner the `describe` and `test` functions of your test runner
 * @param target the server to test, or a function that returns it; the first test calls the function, after `beforeAll`
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
  // Tracks which checks have not run yet, because a test runner can skip tests or change their order.
  const pending = new Set(targetChecks);
  const register = (check: Check) =>
    test(
      `${check.id}: ${check.title}`,
      // Declares no named parameter, because test runners would pass a callback for it or read its name.
      async function (this: unknown, ...[context = this]: readonly unknown[]) {
        // The context is the first argument in Vitest and node:test, and `this` in Mocha.
        const running = context as RunningTest | undefined;
        running?.timeout?.(TEST_TIMEOUT_MS);
        const client = await openClient();
        client.record.isComplete = includesAllChecks(checks) && pending.size === 0;
        const { status, message } = await runCheck(check, client);
        pending.delete(check);
        if (status === "skipped") skipTest(running, message);
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

function skipTest(running: RunningTest | undefined, reason: string): void {
  if (!running?.skip) {
    throw new Error(
      `The check does not apply to this target, and this test runner cannot skip a running test. Use registerContractReport instead. Reason: ${reason}`,
    );
  }
  // Mocha's `skip` does not take a reason, so the title contains the reason.
  if (running.test) running.test.title += ` (${reason})`;
  running.skip(reason);
}

/**
 * Runs the contract tests and returns the report that `antom-vault contract --json` prints.
 *
 * @param target the server to test
 * @param only returns whether to run a check; default: all checks
 * @throws {AntomVaultError} `CONNECTION_FAILED` if the target does not respond; `KEY_INVALID` if a key of the target is invalid; `TLS_REQUIRED` if certificate checks are disabled, or if a custom card would be sent in plain text
 * @example
 * ```ts
 * const { totals } = await runContractTests({ name: "my gateway", baseUrl, clientId, merchantPrivateKey, antomPublicKey });
 * console.log(totals); // { passed: 624, failed: 0, skipped: 129 }
 * ```
 */
export const runContractTests = async (
  target: ContractTarget,
  only: (check: CheckInfo) => boolean = () => true,
): Promise<ContractReport> => runChecks(allChecks().filter(only), await detectCapabilities(target));

/**
 * Registers the results of a report as tests, for test runners that cannot skip a running test: Jest and bun:test.
 *
 * @param runner the `describe` and `test` functions of your test runner
 * @param report the result of {@link runContractTests}, or of `antom-vault contract --json`
 * @example
 * ```ts
 * import { describe, test } from "vitest"; // or "bun:test", or "@jest/globals"
 * const target = { name: "my gateway", baseUrl, clientId, merchantPrivateKey, antomPublicKey };
 * registerContractReport({ describe, test }, await runContractTests(target));
 * ```
 */
export function registerContractReport({ describe, test }: ReportRunner, report: Pick<ContractReport, "checks">): void {
  for (const operation of new Set(report.checks.map((result) => result.operation))) {
    describe(operation, () => {
      for (const { id, title, status, message } of report.checks.filter((result) => result.operation === operation)) {
        const name = `${id}: ${title}`;
        if (status === "skipped") test.skip(`${name} (${message})`, () => {});
        else
          test(name, () => {
            if (status === "failed") throw new ContractFailure(message);
          });
      }
    });
  }
}
