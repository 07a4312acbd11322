/** The issuer: what becomes of a card, by its number alone. @module */

import { detectBrand } from "../../cards/card-brand.ts";
import { isLuhnValid } from "../../cards/luhn.ts";
import {
  type CardBrand,
  type ChallengeScript,
  TEST_CARDS,
  type TestCard,
  type VaultingFailureCode,
} from "../../cards/test-cards.ts";

/** What the issuer looks at. CVV and expiry are not among it: with a test card any will do. */
export interface CardInput {
  /** 12 to 19 digits. */
  readonly cardNo: string;
  /** Whether the merchant wants 3-D Secure. Left out means false. */
  readonly is3DSAuthentication?: boolean | "true" | "false" | undefined;
  /** The merchant's word for the brand. */
  readonly brand?: string | undefined;
}

/** What becomes of a card, or why it is none: where the mistake stands and a message that goes on after that pointer. */
export type CardDecision =
  | {
      readonly accepted: true;
      /** How the vaulting ends, unless a challenge that could have been passed was not. */
      readonly verdict: "SUCCESS" | VaultingFailureCode;
      /** What 3-D Secure does first; undefined where there is no challenge. */
      readonly challenge: ChallengeScript | undefined;
      /** Undefined where neither the number nor the merchant tells it. */
      readonly brand: CardBrand | undefined;
      /** Asterisks, then the last four digits; as long as the number. */
      readonly maskedCardNo: string;
      /** Whether it is one of the test cards. Any other number could be a real one. */
      readonly published: boolean;
    }
  | { readonly accepted: false; readonly pointer: string; readonly message: string };

const testCardsByNumber: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((card) => [card.number, card]));

/**
 * Judges a card. A test card does what the table says; any other number that ends in its Luhn check digit vaults.
 * The same card always gives the same judgement, and no judgement holds more of the number than its last four digits.
 *
 * @example
 * ```ts
 * judgeCard({ cardNo: "4054695723100768", is3DSAuthentication: true });
 * // { accepted: true, verdict: "SUCCESS", challenge: "code_required", brand: "VISA", maskedCardNo: "************0768", published: true }
 * ```
 */
export function decideCard({ cardNo, is3DSAuthentication, brand }: CardInput): CardDecision {
  // The document's own rule, held here too because a number that is typed into a page comes past no schema.
  if (!/^\d{12,19}$/.test(cardNo)) return rejectCard("must be 12 to 19 digits");
  if (!isLuhnValid(cardNo)) return rejectCard("must end in its Luhn check digit");
  const card = testCardsByNumber.get(cardNo);
  return {
    accepted: true,
    verdict: card?.result ?? "SUCCESS",
    challenge: getChallenge(card, is3DSAuthentication === true || is3DSAuthentication === "true"),
    brand: card?.brand ?? detectBrand(cardNo, brand),
    maskedCardNo: cardNo.slice(-4).padStart(cardNo.length, "*"),
    published: card !== undefined,
  };
}

const rejectCard = (message: string): CardDecision => ({
  accepted: false,
  pointer: "/paymentMethodDetail/card/cardNo",
  message,
});

function getChallenge(card: TestCard | undefined, wanted: boolean): ChallengeScript | undefined {
  if (card?.exempt) return undefined;
  return card?.challenge ?? (wanted ? "code_required" : undefined);
}
