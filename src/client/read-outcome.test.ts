import { describe, expect, test } from "vitest";
import { resultCodes, vaultingResultCodes } from "../../generated/result-codes.ts";
import {
  validateCreateVaultingSessionResponse,
  validateInquireVaultingResponse,
  validateVaultPaymentMethodResponse,
} from "../../generated/validators.js";
import { failureResult, ID, inquiryResponse, unknownResult } from "../testing/messages/client-messages.ts";
import {
  readCreateVaultingSessionOutcome,
  readInquireVaultingOutcome,
  readVaultPaymentMethodOutcome,
} from "./read-outcome.ts";

/** Reads an answer as the client does. */
const outcomeOf = {
  vaultPaymentMethod: (body: unknown) =>
    readVaultPaymentMethodOutcome(ID, valid(validateVaultPaymentMethodResponse(body))),
  createVaultingSession: (body: unknown) =>
    readCreateVaultingSessionOutcome(ID, valid(validateCreateVaultingSessionResponse(body))),
  inquireVaulting: (body: unknown) => readInquireVaultingOutcome(ID, valid(validateInquireVaultingResponse(body))),
};

function valid<Checked extends { readonly valid: boolean }>(checked: Checked): Extract<Checked, { valid: true }> {
  if (checked.valid) return checked as Extract<Checked, { valid: true }>;
  throw new Error(JSON.stringify(checked));
}

const operations = ["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const;

describe.each(operations)("each code of %s is an outcome with its own row's action and advice", (operation) => {
  const rows = resultCodes[operation].filter(({ status, action }) => status !== "S" && action !== "open_url");

  test.each(rows)("$status $code", ({ code, status, action, furtherAction }) => {
    const result = status === "F" ? failureResult(code) : unknownResult(code);
    const failed = operation === "inquireVaulting" ? "inquiry_failed" : "failed";
    expect(outcomeOf[operation]({ result })).toEqual({
      outcome: status === "F" ? failed : "unknown",
      vaultingRequestId: ID,
      code,
      message: result.resultMessage,
      action,
      advice: furtherAction,
    });
  });
});

describe("each reason of a failed vaulting is an outcome with its own row's action", () => {
  test.each(vaultingResultCodes.filter(({ vaultingStatus }) => vaultingStatus === "FAIL"))("$code", (row) => {
    const { code, action, meaning } = row;
    const answer = inquiryResponse("FAIL", { vaultingResultCode: code, vaultingResultMessage: "No." });
    expect(outcomeOf.inquireVaulting(answer)).toEqual({
      outcome: "failed",
      vaultingRequestId: ID,
      code,
      message: "No.",
      action,
      advice: meaning,
    });
  });
});

test.each(["constructor", "__proto__", "toString"])("the code %s is a code like any other", (code) => {
  expect(outcomeOf.vaultPaymentMethod({ result: failureResult(code) })).toMatchObject({
    code,
    action: "contact_support",
  });
  expect(outcomeOf.vaultPaymentMethod({ result: unknownResult(code) })).toMatchObject({
    code,
    action: "inquire_or_retry",
  });
});

test.each(
  operations,
)("%s advises nothing that could vault twice, after a doubt that the document does not know", (operation) => {
  const outcome = outcomeOf[operation]({ result: unknownResult("NEW_DOUBT") });
  expect(outcome).toHaveProperty("advice", expect.stringContaining("same vaultingRequestId"));
});

test.each([
  [
    "message",
    inquiryResponse("FAIL", { vaultingResultMessage: "4054695723100768 is blocked" }),
    "************0768 is blocked",
  ],
  [
    "state",
    inquiryResponse("PROCESSING", { vaultingResultMessage: "4054695723100768 waits" }),
    "************0768 waits",
  ],
])("a card number in a vaulting's %s is masked", (_, answer, message) => {
  expect(outcomeOf.inquireVaulting(answer)).toHaveProperty("message", message);
});
