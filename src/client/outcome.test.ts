import { describe, expect, test } from "vitest";
import { resultCodes, vaultingResultCodes } from "../../generated/result-codes.ts";
import {
  validateCreateVaultingSessionResponse,
  validateInquireVaultingResponse,
  validateVaultPaymentMethodResponse,
} from "../../generated/validators.js";
import { failure, ID, inquired, unknown } from "../testing/messages/client-messages.ts";
import { createVaultingSessionOutcome, inquireVaultingOutcome, vaultPaymentMethodOutcome } from "./read-outcome.ts";

/** Reads an answer as the client does. */
const outcomeOf = {
  vaultPaymentMethod: (body: unknown) => vaultPaymentMethodOutcome(ID, valid(validateVaultPaymentMethodResponse(body))),
  createVaultingSession: (body: unknown) =>
    createVaultingSessionOutcome(ID, valid(validateCreateVaultingSessionResponse(body))),
  inquireVaulting: (body: unknown) => inquireVaultingOutcome(ID, valid(validateInquireVaultingResponse(body))),
};

function valid<Checked extends { readonly valid: boolean }>(checked: Checked): Extract<Checked, { valid: true }> {
  if (checked.valid) return checked as Extract<Checked, { valid: true }>;
  throw new Error(JSON.stringify(checked));
}

const operations = ["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const;

describe.each(operations)("each code of %s is an outcome with its own row's action and advice", (operation) => {
  const rows = resultCodes[operation].filter(({ status, action }) => status !== "S" && action !== "open_url");

  test.each(rows)("$status $code", ({ code, status, action, furtherAction }) => {
    const result = status === "F" ? failure(code) : unknown(code);
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
    const answer = inquired("FAIL", { vaultingResultCode: code, vaultingResultMessage: "No." });
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
  expect(outcomeOf.vaultPaymentMethod({ result: failure(code) })).toMatchObject({ code, action: "contact_support" });
  expect(outcomeOf.vaultPaymentMethod({ result: unknown(code) })).toMatchObject({ code, action: "inquire_or_repeat" });
});

test.each(
  operations,
)("%s advises nothing that could vault twice, after a doubt that the document does not know", (operation) => {
  const outcome = outcomeOf[operation]({ result: unknown("NEW_DOUBT") });
  expect(outcome).toHaveProperty("advice", expect.stringContaining("same vaultingRequestId"));
});

test.each([
  [
    "message",
    inquired("FAIL", { vaultingResultMessage: "4054695723100768 is blocked" }),
    "************0768 is blocked",
  ],
  ["state", inquired("PROCESSING", { vaultingResultMessage: "4054695723100768 waits" }), "************0768 waits"],
])("a card number in a vaulting's %s is masked", (_, answer, message) => {
  expect(outcomeOf.inquireVaulting(answer)).toHaveProperty("message", message);
});
