/** The published facts about test cards, which a gateway must find itself. @module */
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { getField } from "../../protocol/json-fields.ts";

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
