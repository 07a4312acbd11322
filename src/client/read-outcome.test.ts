import { describe, expect, test } from "vitest";
import { resultCodes, vaultingResultCodes } from "../../generated/result-codes.ts";
import {
  validateCreateVaultingSessionResponse,
  validateInquireVaultingResponse,
  validateVaultPaymentMethodResponse,
} from "../../generated/validators.js";
import {
  createFailureResult,
  createInquiryResponse,
  createUnknownResult,
  ID,
} from "../testing/messages/client-messages.ts";
import {
  readCreateVaultingSessionOutcome,
  readInquireVaultingOutcome,
  readVaultPaymentMethodOutcome,
} from "./read-outcome.ts";

/** Functions that validate and read the response of each operation as the client does. */
const readOutcome = {
  vaultPaymentMethod: (body: unknown) =>
    readVaultPaymentMethodOutcome(ID, requireValid(validateVaultPaymentMethodResponse(body))),
  createVaultingSession: (body: unknown) =>
    readCreateVaultingSessionOutcome(ID, requireValid(validateCreateVaultingSessionResponse(body))),
  inquireVaulting: (body: unknown) =>
    readInquireVaultingOutcome(ID, requireValid(validateInquireVaultingResponse(body))),
};

function requireValid<Checked extends { readonly valid: boolean }>(
  checked: Checked,
): Extract<Checked, { valid: true }> {
  if (checked.valid) return checked as Extract<Checked, { valid: true }>;
  throw new Error(JSON.stringify(checked));
}

const operations = ["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const;

describe.each(operations)("the outcome of %s has the documented action and advice for", (operation) => {
  const rows = resultCodes[operation].filter(({ status, action }) => status !== "S" && action !== "open_url");

  test.each(rows)("$status $code", ({ code, status, action, furtherAction }) => {
    const result = status === "F" ? createFailureResult(code) : createUnknownResult(code);
    const failed = operation === "inquireVaulting" ? "inquiry_failed" : "failed";
    expect(readOutcome[operation]({ result })).toEqual({
      outcome: status === "F" ? failed : "unknown",
      vaultingRequestId: ID,
      code,
      message: result.resultMessage,
      action,
      advice: furtherAction,
    });
  });
});

describe("the outcome of a failed vaulting has the documented action and advice for", () => {
  test.each(vaultingResultCodes.filter(({ vaultingStatus }) => vaultingStatus === "FAIL"))("$code", (row) => {
    const { code, action, meaning } = row;
    const response = createInquiryResponse("FAIL", { vaultingResultCode: code, vaultingResultMessage: "No." });
    expect(readOutcome.inquireVaulting(response)).toEqual({
      outcome: "failed",
      vaultingRequestId: ID,
      code,
      message: "No.",
      action,
      advice: meaning,
    });
  });
});

test.each([
  "constructor",
  "__proto__",
  "toString",
])("readVaultPaymentMethodOutcome treats the code %s as undocumented", (code) => {
  expect(readOutcome.vaultPaymentMethod({ result: createFailureResult(code) })).toMatchObject({
    code,
    action: "contact_support",
  });
  expect(readOutcome.vaultPaymentMethod({ result: createUnknownResult(code) })).toMatchObject({
    code,
    action: "inquire_or_retry",
  });
});

test.each(operations)("%s returns advice to reuse the ID after an undocumented uncertain result", (operation) => {
  const outcome = readOutcome[operation]({ result: createUnknownResult("NEW_UNCERTAINTY") });
  expect(outcome).toHaveProperty("advice", expect.stringContaining("same vaultingRequestId"));
});

test.each([
  [
    "a failed vaulting",
    createInquiryResponse("FAIL", { vaultingResultMessage: "4054695723100768 is blocked" }),
    "************0768 is blocked",
  ],
  [
    "an unfinished vaulting",
    createInquiryResponse("PROCESSING", { vaultingResultMessage: "4054695723100768 waits" }),
    "************0768 waits",
  ],
])("readInquireVaultingOutcome masks the card number in the message of %s", (_, response, message) => {
  expect(readOutcome.inquireVaulting(response)).toHaveProperty("message", message);
});
