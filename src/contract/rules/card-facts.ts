/** The facts about a card that a message must not contradict: what Antom publishes about test cards, and the digits of the number. @module */
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { getField, toText } from "../../protocol/json-fields.ts";

/**
 * Returns the incorrect field of a card in a message, with the reason: the field differs from what Antom publishes about the test card, or
 * networkTransactionId repeats the value in the request, which identifies an earlier transaction.
 */
export function findWrongFact(card: unknown, number: string | undefined, sentCard: unknown): string | undefined {
  const transaction = getField(card, "networkTransactionId");
  if (transaction !== undefined && transaction === getField(sentCard, "networkTransactionId"))
    return "networkTransactionId is the one in the request, which belongs to an earlier transaction";
  const published = TEST_CARDS.find((testCard) => testCard.publishedBy === "antom" && testCard.number === number);
  if (!published) return undefined;
  // A gateway may not know the brands of other number ranges.
  const brand = /^[45]/.test(published.number) ? published.brand : undefined;
  const facts = { brand, issuingCountry: published.country };
  const wrong = Object.entries(facts).find(([name, fact]) => {
    const value = getField(card, name);
    return fact !== undefined && value !== undefined && value !== fact;
  });
  return wrong && `${wrong[0]} is not that of the card`;
}

/** Returns the name of a card field in a message whose digits do not match the card number, or `undefined`. */
export function findWrongDigits(card: unknown, number: string): string | undefined {
  const getText = (name: string) => toText(getField(card, name) ?? "");
  const differs = (name: string) =>
    // A recording contains only the last digits of cardNo.
    name === "bin"
      ? !number.startsWith("*") && !number.startsWith(getText(name))
      : !number.endsWith(/\d*$/.exec(getText(name))?.[0] ?? "");
  return ["maskedCardNo", "lastFour", "last4", "bin"].find(differs);
}
