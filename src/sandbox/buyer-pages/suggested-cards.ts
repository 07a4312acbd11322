/** The test cards that the card page suggests. @module */
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";

export interface UsefulCard {
  readonly card: TestCard;
  /** The result, as a sentence on the page. */
  readonly use: string;
}

const SAVED = "Is saved.";
const ASKED = "Asks for the one-time code, then is saved.";

/** In display order. The third column applies to sessions with 3-D Secure; `null` if another card has the same result there. */
const ROWS: readonly (readonly [number: string, use: string, use3DS?: string | null])[] = [
  ["4054695723100768", SAVED, ASKED],
  ["5162774114974622", SAVED, ASKED],
  ["4000009900510002", ASKED, null],
  ["4035501000000008", "Is saved, and never asks for a code."],
  ["4000009900520001", "Asks for the one-time code, then the bank declines."],
  ["4000009900540009", "The identity check fails, whatever is typed."],
  ["4054692760174822", "The bank declines.", null],
  ["4000009900050009", "The card has expired."],
  ["4000009900220008", "The balance is too low."],
  ["4000009900100002", "The security code is wrong."],
];

/** Returns the cards and their results, for a session with or without 3-D Secure. */
export const usefulCards = (threeDS: boolean): readonly UsefulCard[] =>
  ROWS.flatMap(([number, use, use3DS = use]) => {
    const card = TEST_CARDS.find((each) => each.number === number);
    const result = threeDS ? use3DS : use;
    return card && result !== null ? [{ card, use: result }] : [];
  });
