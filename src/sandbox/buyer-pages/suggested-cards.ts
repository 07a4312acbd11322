/** The test cards that a person at the card page needs most. @module */
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";

/** What a test card is good for. */
export type CardUse =
  | "saved"
  | "asked"
  | "exempt"
  | "askedThenDeclined"
  | "notVerified"
  | "declined"
  | "cardExpired"
  | "lowBalance"
  | "wrongCvv";

export interface UsefulCard {
  readonly card: TestCard;
  readonly use: CardUse;
}

const isPlain = ({ challenge, exempt, country }: TestCard): boolean =>
  challenge === undefined && exempt === undefined && country === undefined;
const fails = (verdict: TestCard["verdict"]) => (card: TestCard) => isPlain(card) && card.verdict === verdict;

/** In the order in which they are shown. Of each the first in the issuer's table is taken. */
const USES: readonly (readonly [CardUse, (card: TestCard) => boolean])[] = [
  ["saved", (card) => fails("SUCCESS")(card) && card.brand === "VISA"],
  ["saved", (card) => fails("SUCCESS")(card) && card.brand === "MASTERCARD"],
  ["asked", ({ challenge, verdict }) => challenge === "asked" && verdict === "SUCCESS"],
  ["exempt", ({ exempt }) => exempt === true],
  ["askedThenDeclined", ({ challenge, verdict }) => challenge === "asked" && verdict !== "SUCCESS"],
  ["notVerified", ({ challenge }) => challenge === "fails"],
  ["declined", fails("DO_NOT_HONOR")],
  ["cardExpired", fails("CARD_EXPIRED")],
  ["lowBalance", fails("USER_BALANCE_NOT_ENOUGH")],
  ["wrongCvv", fails("INVALID_CVV")],
];

const USEFUL: readonly UsefulCard[] = USES.flatMap(([use, is]) => {
  const card = TEST_CARDS.find(is);
  return card ? [{ card, use }] : [];
});

/** The cards, and what comes of each in a session that wants 3-D Secure or in one that does not. Of those that then do the same, one. */
export function usefulCards(threeDS: boolean): readonly UsefulCard[] {
  if (!threeDS) return USEFUL;
  const cards = USEFUL.map(({ card, use }) => ({ card, use: AFTER_A_CODE[use] ?? use }));
  const same = (one: UsefulCard) => (other: UsefulCard) => other.use === one.use && other.card.brand === one.card.brand;
  return cards.filter((each, at) => cards.findIndex(same(each)) === at);
}

/** A session that wants 3-D Secure asks for the code before the issuer is asked. */
const AFTER_A_CODE: Partial<Record<CardUse, CardUse>> = { saved: "asked", declined: "askedThenDeclined" };
