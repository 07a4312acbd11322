import { describe, expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { ID, PAGE, TOKEN } from "../testing/messages/client-messages.ts";
import { startScriptedGateway } from "../testing/servers/scripted-gateway.ts";
import type { VaultClient } from "./index.ts";

const APP = "antomwallet://vaulting/9f0c1d";
const code = expect.any(String);
const message = expect.any(String);
const advice = expect.any(String);
const unknown = { outcome: "unknown", vaultingRequestId: ID, message, advice };
const failed = { outcome: "failed", vaultingRequestId: ID, message, advice };

/** Returns the outcome of a call to a gateway that returns a signed response with this body. */
async function readOutcome(call: (client: VaultClient) => Promise<unknown>, body: unknown): Promise<unknown> {
  await using gateway = await startScriptedGateway(() => ({ body }));
  return await call(gateway.client({ retry: false }));
}

describe("vaultPaymentMethod", () => {
  const vault = (body: unknown) => readOutcome((client) => client.vaultPaymentMethod(messages.vaultRequest), body);

  test("returns vaulted with the card token", async () => {
    expect(await vault(messages.vaultedResponse)).toEqual({
      outcome: "vaulted",
      vaultingRequestId: ID,
      cardToken: TOKEN,
      paymentMethodDetail: messages.vaultedResponse.paymentMethodDetail,
    });
  });

  test("returns the details of the card, but no expiry date, name, or address", async () => {
    const details = { lastFour: "0768", bin: "405469", fingerprint: "f-1", networkTransactionId: "123456789012345" };
    const hidden = {
      expiryYear: "2030",
      expiryMonth: "08",
      cardholderName: { firstName: "Ana" },
      billingAddress: { city: "Paris" },
    };
    const card = { ...messages.vaultedResponse.paymentMethodDetail.card, ...details };
    const response = {
      ...messages.vaultedResponse,
      paymentMethodDetail: { paymentMethodType: "CARD", card: { ...card, ...hidden } },
    };
    expect(await vault(response)).toMatchObject({ outcome: "vaulted", paymentMethodDetail: { card } });
    expect(JSON.stringify(await vault(response))).not.toMatch(/expiry|cardholder|billing/);
  });

  test.each([
    ["normalUrl", { normalUrl: PAGE }, { normalUrl: PAGE }],
    ["schemeUrl", { schemeUrl: APP }, { schemeUrl: APP }],
    ["applinkUrl", { applinkUrl: PAGE }, { applinkUrl: PAGE }],
    ["applinkUrl for the alternative spelling appLinkUrl", { appLinkUrl: PAGE }, { applinkUrl: PAGE }],
    [
      "the value of applinkUrl if both spellings are present",
      { applinkUrl: PAGE, appLinkUrl: `${PAGE}?2` },
      { applinkUrl: PAGE },
    ],
    [
      "all URLs",
      { normalUrl: PAGE, schemeUrl: APP, applinkUrl: PAGE },
      { normalUrl: PAGE, schemeUrl: APP, applinkUrl: PAGE },
    ],
  ])("returns verification_required with %s", async (_, urls, expected) => {
    expect(await vault({ ...messages.verifyingResponse, ...urls })).toEqual({
      outcome: "verification_required",
      vaultingRequestId: ID,
      ...expected,
    });
  });

  test.each([
    ["PARAM_ILLEGAL", "fix_request"],
    ["VERIFICATION_FAIL", "new_request_id"],
    ["RISK_REJECT", "inform_buyer"],
    ["PROCESS_FAIL", "contact_support"],
    ["FUTURE_CODE", "contact_support"],
  ])("returns failed for %s with the action %s", async (resultCode, action) => {
    expect(await vault(messages.createFailedResponse(resultCode))).toEqual({ ...failed, code: resultCode, action });
  });

  test("returns failed for a response without an ID", async () => {
    const outcome = await vault({ result: messages.createFailureResult("PARAM_ILLEGAL") });
    expect(outcome).toEqual({ ...failed, code: "PARAM_ILLEGAL", action: "fix_request" });
  });

  test.each([
    ["UNKNOWN_EXCEPTION", "inquire_or_retry"],
    ["REQUEST_TRAFFIC_EXCEED_LIMIT", "inquire_or_retry"],
    ["FUTURE_CODE", "inquire_or_retry"],
  ])("returns unknown for %s with the action %s", async (resultCode, action) => {
    expect(await vault(messages.createUnknownResponse(resultCode))).toEqual({ ...unknown, code: resultCode, action });
  });

  test("for a verification without a URL, returns unknown and advises a new ID", async () => {
    const outcome = await vault(messages.verifyingResponse);
    expect(outcome).toEqual({ ...unknown, code: "VERIFICATION_IN_PROCESS", action: "new_request_id" });
    expect(outcome).toHaveProperty("advice", expect.stringContaining("new vaultingRequestId"));
  });
});

describe("createVaultingSession", () => {
  const create = (body: unknown) =>
    readOutcome((client) => client.createVaultingSession(messages.sessionRequest), body);
  const { result: _, ...created } = messages.sessionResponse;

  test.each([
    ["with normalUrl", { normalUrl: PAGE }],
    ["without normalUrl", {}],
  ])("returns created %s", async (_, page) => {
    expect(await create({ ...messages.sessionResponse, ...page })).toEqual({
      outcome: "created",
      vaultingRequestId: ID,
      ...created,
      ...page,
    });
  });

  test.each([
    [messages.createFailureResult("REPEAT_REQ_INCONSISTENT"), { ...failed, code, action: "new_request_id" }],
    [messages.createFailureResult("NEW_FAILURE"), { ...failed, code: "NEW_FAILURE", action: "contact_support" }],
    [messages.createUnknownResult("UNKNOWN_EXCEPTION"), { ...unknown, code, action: "inquire_or_retry" }],
    [
      messages.createUnknownResult("NEW_UNCERTAINTY"),
      { ...unknown, code: "NEW_UNCERTAINTY", action: "inquire_or_retry" },
    ],
  ])("returns the outcome and the action for $resultStatus $resultCode", async (result, outcome) => {
    expect(await create({ result })).toEqual(outcome);
  });
});

describe("inquireVaulting", () => {
  const inquire = (body: unknown) => readOutcome((client) => client.inquireVaulting(messages.inquiryRequest), body);

  test.each([
    [
      "with the fields added in 2026",
      { vaultingResultCode: "SUCCESS", vaultingResultMessage: "success.", metadata: "{}" },
    ],
    ["without the fields added in 2026", {}],
  ])("returns vaulted for a response %s", async (_, more) => {
    const outcome = await inquire(messages.createInquiryResponse("SUCCESS", more));
    expect(outcome).toMatchObject({ outcome: "vaulted", vaultingRequestId: ID, cardToken: TOKEN });
  });

  test("returns verification_required for PROCESSING with a URL", async () => {
    const processing = messages.createInquiryResponse("PROCESSING", {
      appLinkUrl: PAGE,
      vaultingResultCode: "VERIFICATION_IN_PROCESS",
    });
    expect(await inquire(processing)).toEqual({
      outcome: "verification_required",
      vaultingRequestId: ID,
      applinkUrl: PAGE,
    });
  });

  test("returns unknown for PROCESSING without a URL", async () => {
    const outcome = await inquire(messages.createInquiryResponse("PROCESSING", { vaultingResultMessage: "Wait." }));
    const details = { code: "VERIFICATION_IN_PROCESS", action: "inquire_or_retry", message: "Wait." };
    expect(outcome).toEqual({ ...unknown, ...details });
  });

  test.each([
    ["CARD_EXPIRED", "inform_buyer"],
    ["NEW_REASON", "contact_support"],
  ])("returns failed for %s with the action %s", async (vaultingResultCode, action) => {
    const outcome = await inquire(
      messages.createInquiryResponse("FAIL", { vaultingResultCode, vaultingResultMessage: "No." }),
    );
    expect(outcome).toEqual({ ...failed, code: vaultingResultCode, message: "No.", action });
  });

  test("returns failed with PROCESS_FAIL for a failure without a code", async () => {
    const outcome = await inquire(messages.createInquiryResponse("FAIL"));
    expect(outcome).toEqual({ ...failed, code: "PROCESS_FAIL", action: "contact_support" });
  });

  test.each([
    ["VAULTING_NOT_EXIST", "fix_request"],
    ["NEW_FAILURE", "contact_support"],
  ])("returns inquiry_failed for %s with the action %s", async (resultCode, action) => {
    const outcome = await inquire({ result: messages.createFailureResult(resultCode) });
    expect(outcome).toEqual({ ...failed, outcome: "inquiry_failed", code: resultCode, action });
  });

  test.each(["UNKNOWN_EXCEPTION", "NEW_UNCERTAINTY"])("returns unknown for %s", async (resultCode) => {
    const outcome = await inquire({ result: messages.createUnknownResult(resultCode) });
    expect(outcome).toEqual({ ...unknown, code: resultCode, action: "inquire_or_retry" });
  });
});

test("the client accepts undocumented fields at every level, with any number as a value", async () => {
  const extended = structuredClone<Record<string, unknown>>({
    ...messages.vaultedResponse,
    cardNo: "x",
    outcome: "failed",
  });
  Object.assign(extended["result"] ?? {}, { severity: 1e30 });
  const detail = {
    ...messages.vaultedResponse.paymentMethodDetail,
    wallet: [{}],
    card: { cardToken: TOKEN, art: null },
  };
  const outcome = await readOutcome((client) => client.vaultPaymentMethod(messages.vaultRequest), {
    ...extended,
    paymentMethodDetail: detail,
  });
  expect(outcome).toEqual({ outcome: "vaulted", vaultingRequestId: ID, cardToken: TOKEN, paymentMethodDetail: detail });
});

test("the client masks card numbers in messages", async () => {
  const result = messages.createFailureResult("PARAM_ILLEGAL", "The number 4054 6957 2310 0768 is not known.");
  const outcome = await readOutcome((client) => client.vaultPaymentMethod(messages.vaultRequest), { result });
  expect(outcome).toHaveProperty("message", "The number ************0768 is not known.");
});
