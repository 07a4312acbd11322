import { expect, test } from "vitest";
import { judgeCard } from "../vaulting/decide-card.ts";
import { type CardUse, usefulCards } from "./suggested-cards.ts";

/** What the issuer does with a card of each use: the challenge, and then the verdict. */
const DOES: Readonly<Record<CardUse, readonly [string | undefined, string]>> = {
  saved: [undefined, "SUCCESS"],
  asked: ["asked", "SUCCESS"],
  exempt: [undefined, "SUCCESS"],
  askedThenDeclined: ["asked", "DO_NOT_HONOR"],
  notVerified: ["fails", "USER_PAYMENT_VERIFICATION_FAILED"],
  declined: [undefined, "DO_NOT_HONOR"],
  cardExpired: [undefined, "CARD_EXPIRED"],
  lowBalance: [undefined, "USER_BALANCE_NOT_ENOUGH"],
  wrongCvv: [undefined, "INVALID_CVV"],
};
const FAILS: readonly CardUse[] = ["cardExpired", "lowBalance", "wrongCvv"];

test.each([false, true])("a card does what the page says of it (3-D Secure: %s)", (is3DSAuthentication) => {
  const cards = usefulCards(is3DSAuthentication);
  for (const { card, use } of cards) {
    const [challenge, verdict] = DOES[use];
    const asked = is3DSAuthentication && FAILS.includes(use) ? "asked" : challenge;
    expect(judgeCard({ cardNo: card.number, is3DSAuthentication }), use).toMatchObject({ challenge: asked, verdict });
  }
  const uses = new Set(cards.map(({ use }) => use));
  expect(uses.size).toBe(is3DSAuthentication ? 7 : 9);
});
