/** Checks that the gateway determines the facts about a card itself, instead of repeating the values in the request. */
import type { OperationId } from "../../../../generated/operations.ts";
import { TEST_CARDS, type TestCard } from "../../../cards/test-cards.ts";
import { getCard, getField } from "../../../protocol/json-fields.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { TEST_CARDS as SAMPLE_CARDS, withCard } from "../../document/sample-requests.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { findWrongFact } from "../../rules/card-facts.ts";
import { fail } from "../../rules/fail.ts";
import { type Check, selectStateChecks } from "../check.ts";
import { inquire, vault } from "../vaulting-requests.ts";

/**
 * Vaults a card with an incorrect brand, different countries, and an earlier transaction in the request. Expects the published facts in the response
 * and the inquiry. Returns whether the card was vaulted.
 */
async function expectFacts(client: TargetClient, { number, brand: published }: TestCard): Promise<boolean> {
  const id = client.createId();
  const brand = published === "VISA" ? "MASTERCARD" : "VISA";
  const stated = withCard({
    cardNo: number,
    brand,
    selectedCardBrand: brand,
    networkTransactionId: "483297487231504",
    billingAddress: { region: "DE" },
  });
  const response = await vault(client, id, { ...stated, merchantRegion: "FR" });
  for (const exchange of [response, await inquire(client, id)]) {
    const wrong = findWrongFact(getCard(exchange.body), number, getCard(exchange.requestBody));
    if (wrong) fail(exchange, `Response ${wrong}.`);
  }
  return response.resultStatus === "S";
}

/**
 * Vaults a card twice, with different expiry dates, and a different card. Expects the fingerprints, if there are any, to be equal for the same card
 * number and different for the different card.
 */
async function expectFingerprint(client: TargetClient): Promise<void> {
  const cards = [
    { expiryYear: "29" },
    { expiryYear: "30", cvv: "321" },
    { cardNo: SAMPLE_CARDS.mastercard, brand: undefined },
  ];
  const responses = await Promise.all(
    cards.map((card) => vault(client, client.createId(), withCard({ cardNo: SAMPLE_CARDS.visa, ...card }))),
  );
  const [first, renewed, other] = responses.map(({ body }) => getField(getCard(body), "fingerprint"));
  if (first === undefined || !responses[1] || !responses[2])
    throw new CheckSkipped("The target returns no fingerprint.");
  if (renewed !== undefined && renewed !== first)
    fail(responses[1], "Response fingerprint differs for the same card number with a different expiry date.");
  if (other === first) fail(responses[2], "Two card numbers share a fingerprint.");
}

/** Vaults Antom's test cards and expects their published facts, once for all checks. Returns whether each card was vaulted. */
export const vaultTestCards = (client: TargetClient): Promise<readonly boolean[]> =>
  client.once("test cards", () => {
    const cards = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "antom");
    return Promise.all(cards.map((card) => expectFacts(client, card)));
  });

export const createCardFactChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(
    operation,
    [
      {
        id: "vaultPaymentMethod.card.brand",
        title:
          "returns the published brand and country of Antom's test cards, even if the request contains different values",
        run: async (client) => {
          if (!(await vaultTestCards(client)).includes(true))
            throw new CheckSkipped("The target vaults none of Antom's test cards.");
        },
      },
      {
        id: "vaultPaymentMethod.card.fingerprint",
        title: "returns a fingerprint that identifies the card number, regardless of the expiry date",
        source: "/components/schemas/VaultedCard/properties/fingerprint",
        run: expectFingerprint,
      },
    ],
    "/components/schemas/Card/properties/brand",
  );
