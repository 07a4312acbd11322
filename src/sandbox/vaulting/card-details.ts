/** The details of a card in responses and notifications. */
import type { TestCard } from "../../cards/test-cards.ts";
import type { CardDecision } from "./decide-card.ts";

/** Fields of the OpenAPI document's VaultedCard, in the order in which they are sent. */
export type CardDetails = Readonly<Record<string, string>>;

export interface CardIds {
  /** Returns a new transaction ID of a card scheme: 15 digits that are not a valid card number. */
  readonly networkTransactionId: () => string;
  /** Returns a keyed hash of the card number and the client ID. It is the same each time that this client vaults this card. */
  readonly fingerprint: (clientId: string, card: TestCard) => string;
}

/**
 * Returns the details to store with a vaulting: all details of a test card, but only the last 4 digits of any other card. An attacker with the BIN
 * and the fingerprint of a real card could guess its number, because the fingerprint key is derived from a key in the data directory.
 */
export function describeCard(
  { maskedCardNo, testCard }: Extract<CardDecision, { readonly accepted: true }>,
  clientId: string,
  ids: CardIds,
): CardDetails {
  const lastFour = maskedCardNo.slice(-4);
  if (testCard === undefined) return { lastFour };
  return {
    lastFour,
    bin: testCard.number.slice(0, 8),
    ...getIssuer(testCard),
    fingerprint: ids.fingerprint(clientId, testCard),
    networkTransactionId: ids.networkTransactionId(),
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
