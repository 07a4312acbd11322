/** The simulated issuer, which decides the result of a vaulting from the card number. */
import { detectBrand } from "../../cards/card-brand.ts";
import { isLuhnValid } from "../../cards/luhn.ts";
import {
  type CardBrand,
  type ChallengeScript,
  TEST_CARDS,
  type TestCard,
  type VaultingFailureCode,
} from "../../cards/test-cards.ts";

/** The card fields that the issuer uses. The issuer ignores the CVV and the expiry date. */
export interface CardInput {
  /** 12 to 19 digits. */
  readonly cardNo: string;
  /** Whether the merchant requests 3-D Secure. Default: false. */
  readonly is3DSAuthentication?: boolean | "true" | "false" | undefined;
  /** The brand that the merchant specified. */
  readonly brand?: string | undefined;
}

/** The issuer's decision: the result for an accepted card, or the JSON Pointer of the invalid field and the rule that it violates. */
export type CardDecision =
  | {
      readonly accepted: true;
      /** The result of the vaulting, if no challenge is required or the buyer passes it. */
      readonly result: "SUCCESS" | VaultingFailureCode;
      /** The script of the 3-D Secure challenge, or `undefined` if none is required. */
      readonly challenge: ChallengeScript | undefined;
      /** The brand of the card, or `undefined` if neither the number nor the merchant determines it. */
      readonly brand: CardBrand | undefined;
      /** The number with all but the last 4 digits replaced by asterisks. */
      readonly maskedCardNo: string;
      /** The test card with this number. `undefined` for any other number, which could be that of a real card. */
      readonly testCard: TestCard | undefined;
    }
  | { readonly accepted: false; readonly pointer: string; readonly message: string };

const testCardsByNumber: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((card) => [card.number, card]));

/**
 * Decides the result of vaulting a card. A test card produces its documented result; any other number with a valid Luhn check digit is vaulted.
 * The decision is deterministic, and contains only the last 4 digits of any other number.
 *
 * @example
 * ```ts
 * decideCard({ cardNo: "4112273146798764", is3DSAuthentication: true });
 * // { accepted: true, result: "SUCCESS", challenge: "code_required", brand: "VISA", maskedCardNo: "************8764", testCard: undefined }
 * ```
 */
export function decideCard({ cardNo, is3DSAuthentication, brand }: CardInput): CardDecision {
  // The OpenAPI document has the same rule, but numbers from the card page are not validated against it.
  if (!/^\d{12,19}$/.test(cardNo)) return rejectCard("must be 12 to 19 digits");
  if (!isLuhnValid(cardNo)) return rejectCard("must have a valid Luhn check digit");
  const card = testCardsByNumber.get(cardNo);
  return {
    accepted: true,
    result: card?.result ?? "SUCCESS",
    challenge: getChallenge(card, is3DSAuthentication === true || is3DSAuthentication === "true"),
    brand: card?.brand ?? detectBrand(cardNo, brand),
    maskedCardNo: cardNo.slice(-4).padStart(cardNo.length, "*"),
    testCard: card,
  };
}

const rejectCard = (message: string): CardDecision => ({
  accepted: false,
  pointer: "/paymentMethodDetail/card/cardNo",
  message,
});

function getChallenge(card: TestCard | undefined, isRequested: boolean): ChallengeScript | undefined {
  if (card?.exempt) return undefined;
  return card?.challenge ?? (isRequested ? "code_required" : undefined);
}
