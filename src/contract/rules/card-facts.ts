/** The facts about a card that a message must not contradict: what Antom publishes about test cards, and the digits of the number. @module */
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { getField, toText } from "../../protocol/json-fields.ts";

/** Returns the name of a field of a card in a message that differs from what Antom publishes about the test card with this number. */
export function findWrongFact(card: unknown, number: string | undefined): string | undefined {
  const published = TEST_CARDS.find((testCard) => testCard.publishedBy === "antom" && testCard.number === number);
  if (!published) return undefined;
  // A gateway may not know the brands of other ranges.
  const brand = /^[45]/.test(published.number) ? published.brand : undefined;
  const facts = { brand, issuingCountry: published.country };
  return Object.entries(facts).find(([name, fact]) => {
    const value = getField(card, name);
    return fact !== undefined && value !== undefined && value !== fact;
  })?.[0];
}

/** Returns the name of a field of a card in a message that has other digits than the number. */
export function findWrongDigits(card: unknown, number: string): string | undefined {
  const getText = (name: string) => toText(getField(card, name) ?? "");
  const differs = (name: string) =>
    // A recording contains only the last digits of cardNo.
    name === "bin"
      ? !number.startsWith("*") && !number.startsWith(getText(name))
      : !number.endsWith(/\d*$/.exec(getText(name))?.[0] ?? "");
  return ["maskedCardNo", "lastFour", "last4", "bin"].find(differs);
}
