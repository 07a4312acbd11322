/** The details of a card in responses and notifications. */
import type { TestCard } from "../../cards/test-cards.ts";
import type { AcceptedCard, RandomValues } from "./state-machine.ts";

/** Fields of the OpenAPI document's VaultedCard, in the order in which they are sent. */
export type CardDetails = Readonly<Record<string, string>>;

/**
 * Returns the details to store with a vaulting. Only a test card has a BIN and a fingerprint: from those of a real card, its number could be
 * guessed, because the key of the fingerprint is stored next to the database.
 */
export function describeCard(
  { maskedCardNo, testCard }: AcceptedCard,
  clientId: string,
  random: RandomValues,
): CardDetails {
  const lastFour = maskedCardNo.slice(-4);
  if (testCard === undefined) return { lastFour };
  return {
    lastFour,
    bin: testCard.number.slice(0, 8),
    ...getIssuer(testCard),
    fingerprint: random.fingerprint(clientId, testCard),
    networkTransactionId: random.networkTransactionId(),
    avsResultRaw: "Y",
    cvvResultRaw: "M",
  };
}

/** Returns invented values, because Antom does not publish the issuers of its test cards. */
const getIssuer = ({ brand, country = "US" }: TestCard): CardDetails => ({
  funding: brand === "MASTERCARD" ? "DEBIT" : "CREDIT",
  issuerName: "Sandbox Bank",
  issuingCountry: country,
});
