/** The facts about a card that a message must not contradict: what Antom publishes about test cards, and the digits of the number. @module */
import { detectBrand } from "../../cards/card-brand.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { getField, toText } from "../../protocol/json-fields.ts";

/**
 * Returns which field of a card in a message is incorrect and why, or `undefined`. A field is incorrect in these cases:
 *
 * - It differs from what Antom publishes about the test card.
 * - For a number without a known brand, `brand` repeats the brand in the request, although `selectedCardBrand` takes precedence.
 * - `networkTransactionId` repeats the value in the request, which identifies an earlier transaction.
 */
export function findWrongFact(card: unknown, number: string | undefined, sentCard: unknown): string | undefined {
  const transaction = getField(card, "networkTransactionId");
  if (transaction !== undefined && transaction === getField(sentCard, "networkTransactionId"))
    return "networkTransactionId repeats the value in the request, which identifies an earlier transaction";
  const [stated, selected] = [getField(sentCard, "brand"), getField(sentCard, "selectedCardBrand")];
  const isUnknown = number !== undefined && detectBrand(number) === undefined;
  if (
    isUnknown &&
    selected !== undefined &&
    selected !== stated &&
    stated !== undefined &&
    getField(card, "brand") === stated
  )
    return "brand repeats the value in the request, although selectedCardBrand takes precedence";
  const published = TEST_CARDS.find((testCard) => testCard.publishedBy === "antom" && testCard.number === number);
  if (!published) return undefined;
  // A gateway might not know the brands of numbers that start with other digits.
  const brand = /^[45]/.test(published.number) ? published.brand : undefined;
  const facts = { brand, issuingCountry: published.country, countryIssue: published.country };
  const wrong = Object.entries(facts).find(([name, fact]) => {
    const value = getField(card, name);
    return fact !== undefined && value !== undefined && value !== fact;
  });
  return wrong && `${wrong[0]} differs from the value that Antom publishes for this test card`;
}

/** The fields that end with the last digits of the number. */
const LAST_DIGITS = ["maskedCardNo", "mask", "lastFour", "last4"] as const;

/**
 * Returns why the digits of a card in a message are incorrect, or `undefined`: a field does not match the card number or the other fields, or 2 fields
 * together show the complete number.
 */
export function findWrongDigits(card: unknown, number: string | undefined): string | undefined {
  if (card === undefined) return undefined;
  const getText = (name: string) => toText(getField(card, name) ?? "");
  const getLast = (name: string) => /\d*$/.exec(getText(name))?.[0] ?? "";
  const [reference = ""] = LAST_DIGITS.map(getLast).toSorted((one, other) => other.length - one.length);
  const wrong = LAST_DIGITS.find((name) => !(number ?? reference).endsWith(getLast(name)));
  if (wrong)
    return `${wrong} does not match the ${number === undefined ? "digits in other fields" : "card number in the request"}`;
  // A recording contains only the last digits of cardNo.
  if (number === undefined || number.startsWith("*")) return undefined;
  const bin = getText("bin");
  if (!number.startsWith(bin)) return "bin does not match the card number in the request";
  return bin !== "" && bin.length + reference.length >= number.length
    ? "bin and the last digits together are the complete card number"
    : undefined;
}
