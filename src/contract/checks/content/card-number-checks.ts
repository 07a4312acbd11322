/** Checks that the target returns the correct digits and brands of cards with numbers of every length. */
import type { OperationId } from "../../../../generated/operations.ts";
import { detectBrand } from "../../../cards/card-brand.ts";
import { computeLuhnDigit } from "../../../cards/luhn.ts";
import { getCard } from "../../../protocol/json-fields.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { withCard } from "../../document/sample-requests.ts";
import { expectDocumentedResult } from "../../rules/assertions.ts";
import { findWrongDigits, findWrongFact } from "../../rules/card-facts.ts";
import { fail } from "../../rules/fail.ts";
import { type Check, selectStateChecks } from "../check.ts";
import { inquire, vault } from "../vaulting-requests.ts";

/** Card numbers of every length and of several brands, some with zeros before the check digit, and one without a known brand. */
const NUMBERS = [
  "50180000000",
  "500000000010",
  "3622720627166",
  "37828224631000",
  "353011133330000",
  "999999000000100",
  "6200000000000000",
  "67600000000000000",
  "621094000000000000",
  "405469999999999981",
].map((digits) => digits + computeLuhnDigit(digits));

/**
 * Vaults a card with the given brands in the request. Expects the correct digits and brand in the response and the inquiry. The run checks the
 * notification when it arrives.
 */
async function expectDigits(client: TargetClient, cardNo: string, brands: object): Promise<void> {
  const listener = client.target.capabilities?.includes("notifications") ? await client.getListener() : undefined;
  const url = listener ? { vaultingNotificationUrl: listener.createInbox().url } : {};
  const id = client.createId();
  const change = withCard({ cardNo, brand: undefined, selectedCardBrand: undefined, ...brands });
  for (const exchange of [await vault(client, id, { ...change, ...url }), await inquire(client, id)]) {
    expectDocumentedResult(exchange);
    const wrong = findWrongDigits(getCard(exchange.body), cardNo);
    if (wrong) fail(exchange, `Response ${wrong}. The card number has ${cardNo.length} digits.`);
    const wrongFact = findWrongFact(getCard(exchange.body), cardNo, getCard(change));
    if (wrongFact) fail(exchange, `Response ${wrongFact}.`);
  }
}

export const createCardNumberChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(
    operation,
    [
      {
        id: "vaultPaymentMethod.card.numbers",
        title:
          "returns the correct digits and brand for card numbers of 12 to 19 digits, whether or not the brand is known",
        run: async (client) => {
          const unknown = NUMBERS.filter((number) => detectBrand(number) === undefined);
          await Promise.all([
            ...NUMBERS.map((number) => expectDigits(client, number, {})),
            // The target can learn these brands only from the request, in which selectedCardBrand takes precedence.
            ...unknown.map((number) =>
              expectDigits(client, number, { brand: "VISA", selectedCardBrand: "MASTERCARD" }),
            ),
          ]);
        },
      },
    ],
    "/components/schemas/VaultedCard",
  );
