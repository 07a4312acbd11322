import { afterAll, describe, expect, test } from "vitest";
import { getPostgresSkipReason } from "../src/testing/servers/postgres-server.ts";
import { findPowerCutProblem } from "./durability/block-device.ts";
import { createCleanUp } from "./durability/clean-up.ts";
import { compareInquiry, compareNotifications, parseResponse } from "./durability/compare-responses.ts";
import { runCrashTest } from "./durability/crash-test.ts";

const cleanUp = createCleanUp();
afterAll(() => cleanUp.runAll());

const noCuts = await findPowerCutProblem(cleanUp);
if (noCuts !== undefined) console.warn(`POWER CUTS SKIPPED: ${noCuts}.`);

const TIMEOUT_MS = 120_000;

describe.concurrent("under load nothing that was answered is lost", () => {
  test.for([
    { engine: "sqlite", crash: "kill", rounds: 3 },
    { engine: "sqlite", crash: "power-cut", rounds: 2 },
    { engine: "postgresql", crash: "kill", rounds: 3 },
  ] as const)("$engine: $rounds × $crash", { timeout: TIMEOUT_MS }, async (course, { skip }) => {
    skip(course.engine === "postgresql" && getPostgresSkipReason() !== undefined, "there is no PostgreSQL");
    skip(course.crash === "power-cut" && noCuts !== undefined, noCuts);
    const proof = await runCrashTest({ ...course, synchronous: "FULL", cleanUp });
    expect(proof.faults).toEqual([]);
    // There was something to lose.
    expect(proof.answered).toBeGreaterThan(course.rounds);
    expect(proof.waiting).toBeGreaterThan(0);
  });

  test.skipIf(noCuts !== undefined)(
    "without a flush for each commit the same power cuts find losses",
    {
      timeout: TIMEOUT_MS,
    },
    async () => {
      const proof = await runCrashTest({
        engine: "sqlite",
        crash: "power-cut",
        rounds: 2,
        synchronous: "NORMAL",
        cleanUp,
      });
      expect(proof.faults.filter(({ kind }) => kind === "missing")).not.toEqual([]);
    },
  );
});

describe("a loss is seen in", () => {
  const token = (cardToken: string) => ({ paymentMethodDetail: { card: { cardToken } } });
  const result = (resultStatus: string, resultCode: string, resultMessage = "") => ({
    result: { resultStatus, resultCode, resultMessage },
  });
  const told = (...parts: readonly object[]) => JSON.stringify(Object.assign({}, ...parts));
  const success = result("S", "SUCCESS");
  const vaulted = parseResponse(told(success, token("A")));
  const failed = parseResponse(told(result("F", "PROCESS_FAIL", "No. (DO_NOT_HONOR)")));
  const waiting = parseResponse(
    told(result("U", "VERIFICATION_IN_PROCESS"), { normalUrl: "http://127.0.0.1:1/3ds/x" }),
  );

  test.each([
    ["a vaulting that is there", vaulted, [success, { vaultingStatus: "SUCCESS" }, token("A")], undefined],
    ["a vaulting that is not", vaulted, [result("F", "VAULTING_NOT_EXIST")], "missing"],
    ["another token", vaulted, [success, { vaultingStatus: "SUCCESS" }, token("B")], "changed"],
    ["another status", vaulted, [success, { vaultingStatus: "FAIL", vaultingResultCode: "POLICY" }], "changed"],
    ["a failure", failed, [success, { vaultingStatus: "FAIL", vaultingResultCode: "DO_NOT_HONOR" }], undefined],
    ["another failure", failed, [success, { vaultingStatus: "FAIL", vaultingResultCode: "POLICY" }], "changed"],
    [
      "a challenge, on another port",
      waiting,
      [success, { vaultingStatus: "PROCESSING", normalUrl: "http://127.0.0.1:2/3ds/x" }],
      undefined,
    ],
    [
      "another challenge",
      waiting,
      [success, { vaultingStatus: "PROCESSING", normalUrl: "http://127.0.0.1:1/3ds/y" }],
      "changed",
    ],
  ] as const)("an inquiry: %s", (_, answer, inquiry, fault) => {
    expect(answer && compareInquiry(answer, told(...inquiry))).toBe(fault);
  });

  test.each([
    ["none yet", vaulted, [], undefined],
    ["the same token", vaulted, [told(success, token("A"))], undefined],
    ["two tokens", vaulted, [told(success, token("A")), told(success, token("B"))], "doubled"],
    ["the same failure", failed, [told(result("F", "DO_NOT_HONOR"))], undefined],
    ["a token for a failure", failed, [told(success, token("A"))], "doubled"],
  ] as const)("notifications: %s", (_, answer, bodies, fault) => {
    expect(answer && compareNotifications(answer, bodies)).toBe(fault);
  });

  test("an answer that binds nobody is none", () => {
    expect(parseResponse(told(result("U", "UNKNOWN_EXCEPTION")))).toBeUndefined();
    expect(parseResponse(told(result("F", "PARAM_ILLEGAL", "The card is wrong.")))).toBeUndefined();
  });
});
