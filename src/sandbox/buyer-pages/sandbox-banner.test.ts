import { expect, test } from "vitest";
import { decideCard } from "../vaulting/decide-card.ts";
import { suggestCards } from "./sandbox-banner.ts";

/** The expected challenge and result code for each description. */
const RESULTS: Readonly<Record<string, readonly [string | undefined, string]>> = {
  Saved: [undefined, "SUCCESS"],
  "Saved after the one-time code": ["code_required", "SUCCESS"],
  "Always saved without a code": [undefined, "SUCCESS"],
  "Declined after the one-time code": ["code_required", "DO_NOT_HONOR"],
  "Verification fails with any code": ["failed", "USER_PAYMENT_VERIFICATION_FAILED"],
  Declined: [undefined, "DO_NOT_HONOR"],
  "Expired card": [undefined, "CARD_EXPIRED"],
  "Insufficient balance": [undefined, "USER_BALANCE_NOT_ENOUGH"],
  "Incorrect security code": [undefined, "INVALID_CVV"],
};
const FAILURES: readonly string[] = ["CARD_EXPIRED", "USER_BALANCE_NOT_ENOUGH", "INVALID_CVV"];

test.each([
  [false, 10, 9],
  [true, 8, 7],
])("each suggested card has the described result (3-D Secure: %s)", (is3DSAuthentication, count, descriptionCount) => {
  const cards = suggestCards(is3DSAuthentication);
  for (const { card, description } of cards) {
    const [ownChallenge, result = ""] = RESULTS[description] ?? [];
    const challenge = is3DSAuthentication && FAILURES.includes(result) ? "code_required" : ownChallenge;
    expect(decideCard({ cardNo: card.number, is3DSAuthentication }), description).toMatchObject({ challenge, result });
  }
  expect(cards).toHaveLength(count);
  expect(new Set(cards.map(({ description }) => description)).size).toBe(descriptionCount);
});
