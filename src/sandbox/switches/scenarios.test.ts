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

/** A call of an operation under an ID of its own, for which an inquiry has something to find. */
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

const VERDICTS = vaultingResultCodes.filter(({ vaultingStatus }) => vaultingStatus === "FAIL").map(({ code }) => code);

describe("every code of every operation's table can be switched on", () => {
  // The answer is held against the document's strict schema by the call itself.
  test.each(
    operations.flatMap((operation) =>
      resultCodes[operation].map(({ code, status }) => [operation, code, status] as const),
    ),
  )("%s %s", async (operation, resultCode, status) => {
    sandbox.scenarios.start({ operation, resultCode });
    const { body, signed } = await call(operation);
    expect(body.result).toMatchObject({ resultCode, resultStatus: status });
    expect(signed).toBe(resultCode !== "INVALID_SIGNATURE");
    if (resultCode === "VERIFICATION_IN_PROCESS") expect(body.normalUrl).toMatch(/\/3ds\//);
  });

  test("verification without an address", async () => {
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_IN_PROCESS_NO_URL" });
    const id = createId();
    const { body } = await call("vaultPaymentMethod", id);
    expect(body).not.toHaveProperty("normalUrl");
    expect(body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    expect(await sandbox.vaultings.get(id)).toBeUndefined();
  });
});

describe("every vaultingResultCode can be switched on, and is recorded", () => {
  const OWN = new Set<string>(resultCodes.vaultPaymentMethod.map(({ code }) => code));

  test.each(VERDICTS.filter((code) => !OWN.has(code)))("%s", async (resultCode) => {
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

describe("how long and for whom", () => {
  test("it lasts so many minutes of the sandbox's clock", async () => {
    sandbox.scenarios.start({ operation: "createVaultingSession", resultCode: "RISK_REJECT", minutes: 2 });
    await sandbox.clock.advance(119_000);
    expect((await call("createVaultingSession")).body.result.resultCode).toBe("RISK_REJECT");
    await sandbox.clock.advance(1_001);
    expect((await call("createVaultingSession")).body.result.resultCode).toBe("SUCCESS");
  });

  test("it befalls one operation", async () => {
    sandbox.scenarios.start({ operation: "inquireVaulting", resultCode: "UNKNOWN_EXCEPTION" });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("SUCCESS");
    expect((await call("inquireVaulting")).body.result.resultCode).toBe("UNKNOWN_EXCEPTION");
  });

  test("it befalls one client, and its own goes before that of all", async () => {
    const second = await sandbox.addClient();
    const { clientId } = second;
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "SYSTEM_ERROR", clientId });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("SUCCESS");
    expect((await call("vaultPaymentMethod", createId(), second)).body.result.resultCode).toBe("SYSTEM_ERROR");
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    expect((await call("vaultPaymentMethod")).body.result.resultCode).toBe("RISK_REJECT");
    expect((await call("vaultPaymentMethod", createId(), second)).body.result.resultCode).toBe("SYSTEM_ERROR");
  });

  test("it refuses calls, but changes no result that there is", async () => {
    const id = createId();
    const first = await call("vaultPaymentMethod", id);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "STOLEN_CARD" });
    expect((await call("vaultPaymentMethod", id)).text).toBe(first.text);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    expect((await call("vaultPaymentMethod", id)).body.result.resultCode).toBe("RISK_REJECT");
    sandbox.scenarios.end();
    expect((await call("vaultPaymentMethod", id)).text).toBe(first.text);
  });

  test("a result that is a vaulting's own is told to the merchant, one that refuses the call is not", async () => {
    await using listener = await startListener(sandbox.credentials);
    const failing = createVaultRequest({ url: listener.url });
    const refused = createVaultRequest({ url: listener.url });
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_FAIL" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", failing);
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", refused);
    await sandbox.notifications.waitFor(failing.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.events).toMatchObject([{ outcome: "failed", code: "VERIFICATION_FAIL" }]);
    expect(await sandbox.notifications.list({ vaultingRequestId: refused.vaultingRequestId })).toEqual([]);
  });

  test("success on a card that fails, verification on one that is never asked", async () => {
    const of = (cardNo: string) =>
      callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ cardNo, url: UNREACHABLE_URL }));
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "SUCCESS" });
    expect((await of(CARD.fails)).body.result.resultCode).toBe("SUCCESS");
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "VERIFICATION_IN_PROCESS" });
    expect((await of("4035501000000008")).body.normalUrl).toMatch(/\/3ds\//);
  });

  test.each([
    ["vaultPaymentMethod", "VAULTING_NOT_EXIST"],
    ["createVaultingSession", "STOLEN_CARD"],
    ["createVaultingSession", "VERIFICATION_IN_PROCESS_NO_URL"],
    ["inquireVaulting", "RISK"],
  ] as const)("%s has no %s", (operation, resultCode) => {
    expect(() => sandbox.scenarios.start({ operation, resultCode })).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID" }),
    );
  });
});

describe("the switch by itself", () => {
  test("a new one takes the place of the old, and what has ended is no longer listed", () => {
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
    scenarios.end("createVaultingSession");
    expect(scenarios.list()).toHaveLength(1);
    scenarios.end();
    expect(scenarios.list()).toEqual([]);
  });

  test("half an hour by default", () => {
    expect(createScenarios(() => 0).start({ operation: "inquireVaulting", resultCode: "SUCCESS" }).until).toBe(
      1_800_000,
    );
  });
});
