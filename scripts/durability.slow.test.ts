import { afterAll, describe, expect, test } from "vitest";
import { getPostgresSkipReason } from "../src/testing/servers/postgres-server.ts";
import { findPowerCutProblem } from "./durability/block-device.ts";
import { createCleanUp } from "./durability/clean-up.ts";
import { compareInquiry, compareNotifications, parseResponse } from "./durability/compare-responses.ts";
import { runCrashTest } from "./durability/crash-test.ts";
import { runStartTest } from "./durability/start-test.ts";

const cleanUp = createCleanUp();
afterAll(() => cleanUp.runAll());

const powerCutProblem = await findPowerCutProblem(cleanUp);
if (powerCutProblem !== undefined) console.warn(`Power cuts skipped: ${powerCutProblem}`);

const TIMEOUT_MS = 120_000;

describe.concurrent("runCrashTest", () => {
  test.for([
    { engine: "sqlite", crash: "kill", rounds: 3 },
    { engine: "sqlite", crash: "power-cut", rounds: 2 },
    { engine: "postgresql", crash: "kill", rounds: 3 },
  ] as const)(
    "finds no violations in $engine after $rounds crashes ($crash)",
    { timeout: TIMEOUT_MS },
    async (plan, { skip }) => {
      skip(plan.engine === "postgresql" && getPostgresSkipReason() !== undefined, "PostgreSQL is not installed");
      skip(plan.crash === "power-cut" && powerCutProblem !== undefined, powerCutProblem);
      const result = await runCrashTest({ ...plan, synchronous: "FULL", cleanUp });
      expect(result.violations).toEqual([]);
      // Otherwise, the crashes would have had nothing to lose.
      expect(result.confirmed).toBeGreaterThan(plan.rounds);
      expect(result.pendingNotifications).toBeGreaterThan(0);
    },
  );

  test.skipIf(powerCutProblem !== undefined)(
    "finds lost results after power cuts if commits are not flushed",
    { timeout: TIMEOUT_MS },
    async () => {
      const plan = { engine: "sqlite", crash: "power-cut", rounds: 2, synchronous: "NORMAL" } as const;
      const result = await runCrashTest({ ...plan, cleanUp });
      expect(result.violations.filter(({ kind }) => kind === "missing")).not.toEqual([]);
    },
  );
});

test(
  "runStartTest finds no problems with concurrent starts, damaged directories, and a full disk",
  async () => {
    const { rejected, complete, problems } = await runStartTest(1, cleanUp);
    expect(problems).toEqual([]);
    expect(rejected).toBeGreaterThan(0);
    expect(complete).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

describe("compare-responses", () => {
  const token = (cardToken: string) => ({ paymentMethodDetail: { card: { cardToken } } });
  const result = (resultStatus: string, resultCode: string, resultMessage = "") => ({
    result: { resultStatus, resultCode, resultMessage },
  });
  const createBody = (...parts: readonly object[]) => JSON.stringify(Object.assign({}, ...parts));
  const success = result("S", "SUCCESS");
  const vaulted = parseResponse(createBody(success, token("A")));
  const failed = parseResponse(createBody(result("F", "PROCESS_FAIL", "No. (DO_NOT_HONOR)")));
  const challenged = parseResponse(
    createBody(result("U", "VERIFICATION_IN_PROCESS"), { normalUrl: "http://127.0.0.1:1/3ds/x" }),
  );

  test.each([
    [undefined, "a stored vaulting", vaulted, [success, { vaultingStatus: "SUCCESS" }, token("A")]],
    ["missing", "a lost vaulting", vaulted, [result("F", "VAULTING_NOT_EXIST")]],
    ["changed", "a different token", vaulted, [success, { vaultingStatus: "SUCCESS" }, token("B")]],
    ["changed", "a different status", vaulted, [success, { vaultingStatus: "FAIL", vaultingResultCode: "POLICY" }]],
    [undefined, "a failure", failed, [success, { vaultingStatus: "FAIL", vaultingResultCode: "DO_NOT_HONOR" }]],
    ["changed", "a different failure", failed, [success, { vaultingStatus: "FAIL", vaultingResultCode: "POLICY" }]],
    [
      undefined,
      "a challenge on a different port",
      challenged,
      [success, { vaultingStatus: "PROCESSING", normalUrl: "http://127.0.0.1:2/3ds/x" }],
    ],
    [
      "changed",
      "a different challenge",
      challenged,
      [success, { vaultingStatus: "PROCESSING", normalUrl: "http://127.0.0.1:1/3ds/y" }],
    ],
  ] as const)("compareInquiry returns %s for %s", (violation, _, response, inquiry) => {
    expect(response && compareInquiry(response, createBody(...inquiry))).toBe(violation);
  });

  test.each([
    [undefined, "no notification", vaulted, []],
    [undefined, "the same token", vaulted, [createBody(success, token("A"))]],
    ["duplicated", "two different tokens", vaulted, [createBody(success, token("A")), createBody(success, token("B"))]],
    [undefined, "the same failure", failed, [createBody(result("F", "DO_NOT_HONOR"))]],
    ["duplicated", "a token for a failure", failed, [createBody(success, token("A"))]],
  ] as const)("compareNotifications returns %s for %s", (violation, _, response, bodies) => {
    expect(response && compareNotifications(response, bodies)).toBe(violation);
  });

  test("parseResponse returns undefined for a response that can change later", () => {
    expect(parseResponse(createBody(result("U", "UNKNOWN_EXCEPTION")))).toBeUndefined();
    expect(parseResponse(createBody(result("F", "PARAM_ILLEGAL", "The card is invalid.")))).toBeUndefined();
  });
});
