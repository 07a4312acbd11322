/** Checks that the gateway finds the facts about a card itself, and does not repeat what the merchant states. */
import type { OperationId } from "../../../../generated/operations.ts";
import { TEST_CARDS, type TestCard } from "../../../cards/test-cards.ts";
import { getCard, getField } from "../../../protocol/json-fields.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { withCard } from "../../document/sample-requests.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { type Check, selectStateChecks } from "../check.ts";
import { inquire, vault } from "../vaulting-requests.ts";

/** Vaults a card with a different brand and different countries, and expects the published ones in the response and the inquiry. */
async function expectFacts(client: TargetClient, { number, ...card }: TestCard): Promise<boolean> {
  const id = client.createId();
  const brand = card.brand === "VISA" ? "MASTERCARD" : "VISA";
  const stated = withCard({ cardNo: number, brand, billingAddress: { region: "DE" } });
  const response = await vault(client, id, { ...stated, merchantRegion: "FR" });
  // A gateway may not know the brands of other ranges.
  const facts = { brand: /^[45]/.test(number) ? card.brand : undefined, issuingCountry: card.country };
  for (const exchange of [response, await inquire(client, id)])
    for (const [name, fact] of Object.entries(facts)) {
      const value = getField(getCard(exchange.body), name);
      if (fact !== undefined && value !== undefined && value !== fact)
        fail(exchange, `Response ${name} is not that of the card.`);
    }
  return response.resultStatus === "S";
}

export const createCardFactChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(
    operation,
    [
      {
        id: "vaultPaymentMethod.card.brand",
        title:
          "returns the published brand and country of Antom's test cards, even if the merchant states different ones",
        run: async (client) => {
          const cards = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "antom");
          const results = await Promise.all(cards.map((card) => expectFacts(client, card)));
          if (!results.includes(true)) throw new CheckSkipped("The target vaults none of Antom's test cards.");
        },
      },
    ],
    "/components/schemas/Card/properties/brand",
  );
