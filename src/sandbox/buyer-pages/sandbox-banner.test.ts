import { expect, test } from "vitest";
import { decideCard } from "../vaulting/decide-card.ts";
import { suggestCards } from "./sandbox-banner.ts";

/** The challenge and the verdict that each sentence of the page stands for. */
const DOES: Readonly<Record<string, readonly [string | undefined, string]>> = {
  "Is saved.": [undefined, "SUCCESS"],
  "Asks for the one-time code, then is saved.": ["code_required", "SUCCESS"],
  "Is saved, and never asks for a code.": [undefined, "SUCCESS"],
  "Asks for the one-time code, then the bank declines.": ["code_required", "DO_NOT_HONOR"],
  "The identity check fails, whatever is typed.": ["failed", "USER_PAYMENT_VERIFICATION_FAILED"],
  "The bank declines.": [undefined, "DO_NOT_HONOR"],
  "The card has expired.": [undefined, "CARD_EXPIRED"],
  "The balance is too low.": [undefined, "USER_BALANCE_NOT_ENOUGH"],
  "The security code is wrong.": [undefined, "INVALID_CVV"],
};
const FAILS: readonly string[] = ["CARD_EXPIRED", "USER_BALANCE_NOT_ENOUGH", "INVALID_CVV"];

test.each([
  [false, 10, 9],
  [true, 8, 7],
])("a card does what the page says of it (3-D Secure: %s)", (is3DSAuthentication, count, kinds) => {
  const cards = suggestCards(is3DSAuthentication);
  for (const { card, use } of cards) {
    const [challenge, verdict = ""] = DOES[use] ?? [];
    const asked = is3DSAuthentication && FAILS.includes(verdict) ? "code_required" : challenge;
    expect(decideCard({ cardNo: card.number, is3DSAuthentication }), use).toMatchObject({ challenge: asked, verdict });
  }
  expect(cards).toHaveLength(count);
  expect(new Set(cards.map(({ use }) => use)).size).toBe(kinds);
});
