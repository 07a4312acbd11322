import { describe, expect, test } from "vitest";
import { createStyles } from "../console/output.ts";
import { explainOutcome, formatOutcome, getExitCode, type Outcome } from "./format-outcome.ts";

const plain = createStyles({ write: () => {} });
const vaultingRequestId = "order-17";
const card = { cardToken: "ALIPAYtoken", maskedCardNo: "************0768", brand: "VISA" } as const;
const vaulted: Outcome = {
  outcome: "vaulted",
  vaultingRequestId,
  cardToken: card.cardToken,
  paymentMethodDetail: { paymentMethodType: "CARD", card },
};
const pending: Outcome = {
  outcome: "verification_required",
  vaultingRequestId,
  normalUrl: "https://issuer.example/3ds",
};
const created: Outcome = {
  outcome: "created",
  vaultingRequestId,
  vaultingSessionData: "data",
  vaultingSessionId: "session-1",
  vaultingSessionExpiryTime: "2026-11-25T10:00:00Z",
  normalUrl: "https://issuer.example/card",
};
const reason = { message: "The card has expired.", advice: "The card has expired.", action: "inform_buyer" } as const;
const failed: Outcome = { outcome: "failed", vaultingRequestId, code: "CARD_EXPIRED", ...reason };
const unknown: Outcome = {
  outcome: "unknown",
  vaultingRequestId,
  code: "UNKNOWN_EXCEPTION",
  message: "The result is unknown.",
  advice: "Inquire.",
  action: "inquire_or_retry",
};
const inProgress: Outcome = { ...unknown, code: "VERIFICATION_IN_PROCESS" };
const withoutPage: Outcome = { ...inProgress, action: "new_request_id" };
const missing: Outcome = { ...reason, outcome: "inquiry_failed", vaultingRequestId, code: "VAULTING_NOT_EXIST" };

describe("format-outcome", () => {
  test.each<[string, Outcome, number, number, readonly string[]]>([
    [
      "vaulted",
      vaulted,
      0,
      0,
      ["✓ vaulted", "order-17", "VISA ************0768", "ALIPAYtoken", "final", "paymentMethodId"],
    ],
    [
      "verification_required",
      pending,
      0,
      1,
      ["… verification_required", "https://issuer.example/3ds", "Redirect the buyer"],
    ],
    ["created", created, 0, 0, ["✓ created", "session-1", "https://issuer.example/card", "vaultingSessionData"]],
    ["failed", failed, 1, 1, ["✗ failed: CARD_EXPIRED", "The card has expired.", "Inform the buyer"]],
    ["unknown", unknown, 1, 1, ["? unknown: UNKNOWN_EXCEPTION", "The result is unknown.", "Inquire."]],
    ["unknown (in progress)", inProgress, 0, 1, ["? unknown: VERIFICATION_IN_PROCESS"]],
    ["unknown (without a page)", withoutPage, 1, 1, ["? unknown: VERIFICATION_IN_PROCESS"]],
    ["inquiry_failed", missing, 1, 1, ["✗ inquiry_failed: VAULTING_NOT_EXIST"]],
  ])("explains the outcome %s and determines its exit code", (_, outcome, code, waited, expected) => {
    expect([getExitCode(outcome), getExitCode(outcome, true)]).toEqual([code, waited]);
    const text = formatOutcome(outcome, plain, 80);
    for (const part of expected) expect(text).toContain(part);
    expect(text).toMatch(/^ {2}Meaning +\S/m);
    expect(text).toMatch(/^ {2}Next +\S/m);
    const { meaning, next } = explainOutcome(outcome);
    expect(next).not.toBe(meaning);
  });

  test("prints no control characters from a response", () => {
    const malicious = "\u001B]0;owned\u0007\u001B[2J\u202E";
    const text = formatOutcome({ ...failed, message: malicious, advice: malicious, code: malicious }, plain, 80);
    const link = formatOutcome({ ...pending, normalUrl: `https://x.example/${malicious}` }, plain, 80);
    for (const character of ["\u001B", "\u0007", "\u202E"]) expect(text + link).not.toContain(character);
  });
});
