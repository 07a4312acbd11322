import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../../generated/result-codes.ts";
import {
  CARD,
  callDirectly,
  createId,
  createSessionRequest,
  createVaultRequest,
  startListener,
  UNREACHABLE_URL,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { createScenarios } from "./scenarios.ts";

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.scenarios.end());
afterAll(() => sandbox.close());

/** Calls an operation, with a new ID by default. For an inquiry, first creates the vaulting. */
async function call(operation: OperationId, id = createId(), credentials = sandbox.credentials) {
  if (operation === "inquireVaulting") {
    await callDirectly(credentials, "vaultPaymentMethod", createVaultRequest({ id }));
    return callDirectly(credentials, operation, { vaultingRequestId: id });
  }
  return callDirectly(
    credentials,
    operation,
    operation === "vaultPaymentMethod" ? createVaultRequest({ id }) : createSessionRequest({ id }),
  );
}

const FAILURE_CODES = vaultingResultCodes
  .filter(({ vaultingStatus }) => vaultingStatus === "FAIL")
  .map(({ code }) => code);

describe("a scenario returns", () => {
  // `callDirectly` validates each response against the strict schema.
  test.each(
    operations.flatMap((operation) =>
      resultCodes[operation].map(({ code, status }) => [code, operation, status] as const),
    ),
  )("%s for %s", async (resultCode, operation, status) => {
    sandbox.scenarios.start({ operation, resultCode });
    const { body, signed } = await call(operation);
    expect(body.result).toMatchObject({ resultCode, resultStatus: status });
    expect(signed).toBe(resultCode !== "INVALID_SIGNATURE");
    if (resultCode === "VERIFICATION_IN_PROCESS") expect(body.normalUrl).toMatch(/\/3ds\//);
  });

  test("VERIFICATION_IN_PROCESS without normalUrl, and stores no vaulting", async () => {
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_IN_PROCESS_NO_URL" });
    const id = createId();
    const { body } = await call("vaultPaymentMethod", id);
    expect(body).not.toHaveProperty("normalUrl");
    expect(body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    expect(await sandbox.vaultings.get(id)).toBeUndefined();
  });
});

describe("a scenario stores the vaultingResultCode", () => {
  const OPERATION_CODES = new Set<string>(resultCodes.vaultPaymentMethod.map(({ code }) => code));

  test.each(FAILURE_CODES.filter((code) => !OPERATION_CODES.has(code)))("%s", async (resultCode) => {
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode });
    const id = createId();
    const first = await call("vaultPaymentMethod", id);
    expect(first.body.result.resultCode).toBe("PROCESS_FAIL");
    expect(first.body.result.resultMessage).toContain(resultCode);
    sandbox.scenarios.end();
    const { body } = await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id });
    expect(body).toMatchObject({ vaultingStatus: "FAIL", vaultingResultCode: resultCode });
    expect((await call("vaultPaymentMethod", id)).text).toBe(first.text);
  });
});

describe("a scenario", () => {
  test("ends after the requested number of minutes on the sandbox's clock", async () => {
    sandbox.scenarios.start({ operation: "createVaultingSession", resultCode: "RISK_REJECT", minutes: 2 });
    await sandbox.clock.advance(119_000);
    expect((await call("createVaultingSession")).body.result.resultCode).toBe("RISK_REJECT");
    await sandbox.clock.advance(1_001);
    expect((await call("createVaultingSession")).body.result.resultCode).toBe("SUCCESS");
  });

  test("applies only to the requested operation", async () => {
    sandbox.scenarios.start({ operation: "inquireVaulting", resultCode: "UNKNOWN_EXCEPTION" });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("SUCCESS");
    expect((await call("inquireVaulting")).body.result.resultCode).toBe("UNKNOWN_EXCEPTION");
  });

  test("for one client does not affect other clients, and takes precedence over a scenario for all clients", async () => {
    const second = await sandbox.addClient();
    const { clientId } = second;
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "SYSTEM_ERROR", clientId });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("SUCCESS");
    expect((await call("vaultPaymentMethod", createId(), second)).body.result.resultCode).toBe("SYSTEM_ERROR");
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("RISK_REJECT");
    expect((await call("vaultPaymentMethod", createId(), second)).body.result.resultCode).toBe("SYSTEM_ERROR");
  });

  test("does not change existing results, even if it rejects calls", async () => {
    const id = createId();
    const first = await call("vaultPaymentMethod", id);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "STOLEN_CARD" });
    expect((await call("vaultPaymentMethod", id)).text).toBe(first.text);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    expect((await call("vaultPaymentMethod", id)).body.result.resultCode).toBe("RISK_REJECT");
    sandbox.scenarios.end();
    expect((await call("vaultPaymentMethod", id)).text).toBe(first.text);
  });

  test("causes a notification for a stored result, but not for a rejected call", async () => {
    await using listener = await startListener(sandbox.credentials);
    const failing = createVaultRequest({ url: listener.url });
    const rejected = createVaultRequest({ url: listener.url });
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_FAIL" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", failing);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", rejected);
    await sandbox.notifications.waitFor(failing.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.events).toMatchObject([{ outcome: "failed", code: "VERIFICATION_FAIL" }]);
    expect(await sandbox.notifications.list({ vaultingRequestId: rejected.vaultingRequestId })).toEqual([]);
  });

  test("overrides a card's result and its exemption from 3-D Secure", async () => {
    const vault = (cardNo: string) =>
      callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ cardNo, url: UNREACHABLE_URL }));
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "SUCCESS" });
    expect((await vault(CARD.fails)).body.result.resultCode).toBe("SUCCESS");
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_IN_PROCESS" });
    expect((await vault("4035501000000008")).body.normalUrl).toMatch(/\/3ds\//);
  });

  test.each([
    ["vaultPaymentMethod", "VAULTING_NOT_EXIST"],
    ["createVaultingSession", "STOLEN_CARD"],
    ["createVaultingSession", "VERIFICATION_IN_PROCESS_NO_URL"],
    ["inquireVaulting", "RISK"],
  ] as const)("cannot make %s return %s", (operation, resultCode) => {
    expect(() => sandbox.scenarios.start({ operation, resultCode })).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID" }),
    );
  });
});

describe("createScenarios", () => {
  test("replaces a scenario for the same operation and client, and lists only active ones", () => {
    let now = 1000;
    const scenarios = createScenarios(() => now);
    scenarios.start({ operation: "inquireVaulting", resultCode: "UNKNOWN_EXCEPTION" });
    scenarios.start({ operation: "inquireVaulting", resultCode: "ACCESS_DENIED", minutes: 1 });
    scenarios.start({ operation: "vaultPaymentMethod", resultCode: "ACCESS_DENIED", minutes: 3 });
    expect(scenarios.list()).toHaveLength(2);
    expect(scenarios.findResultCode("inquireVaulting", "ANY")).toBe("ACCESS_DENIED");
    now += 60_000;
    expect(scenarios.list()).toEqual([
      { operation: "vaultPaymentMethod", resultCode: "ACCESS_DENIED", until: 181_000 },
    ]);
    expect(scenarios.findResultCode("inquireVaulting", "ANY")).toBeUndefined();
    now -= 60_000;
    expect(scenarios.list()).toHaveLength(1);
  });

  test("ends the scenarios for one operation, or all scenarios", () => {
    const scenarios = createScenarios(() => 1000);
    scenarios.start({ operation: "inquireVaulting", resultCode: "ACCESS_DENIED" });
    scenarios.start({ operation: "vaultPaymentMethod", resultCode: "ACCESS_DENIED" });
    scenarios.end("createVaultingSession");
    expect(scenarios.list()).toHaveLength(2);
    scenarios.end("inquireVaulting");
    expect(scenarios.list()).toMatchObject([{ operation: "vaultPaymentMethod" }]);
    scenarios.end();
    expect(scenarios.list()).toEqual([]);
  });

  test("ends a scenario after 30 minutes by default", () => {
    expect(createScenarios(() => 0).start({ operation: "inquireVaulting", resultCode: "SUCCESS" }).until).toBe(
      1_800_000,
    );
  });
});
