import { expect, test } from "vitest";
import { getCard } from "../../protocol/json-fields.ts";
import { getRequestMessage } from "./openapi-document.ts";
import { createRequestBody, replaceCard, withCard } from "./sample-requests.ts";

const customCard = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02", cvv: "987" };
const sample = getRequestMessage("vaultPaymentMethod").examples.get("Card");

test("replaceCard replaces the example card, and leaves the rest of the request unchanged", () => {
  const changed: unknown = JSON.parse(replaceCard(JSON.stringify(sample, null, 2), customCard));
  expect(changed).toEqual(
    createRequestBody("vaultPaymentMethod", "id-1", { ...(sample as object), ...withCard(customCard) }),
  );
  expect(getCard(changed)).toMatchObject(customCard);
});

test("replaceCard keeps changed values, and the CVV if the custom card has none, and works on text that is not JSON", () => {
  const month13 = JSON.stringify(createRequestBody("vaultPaymentMethod", "1", withCard({ expiryMonth: "13" })));
  expect(getCard(JSON.parse(replaceCard(month13, customCard)))).toMatchObject({
    cardNo: customCard.cardNo,
    expiryMonth: "13",
  });
  const { cvv, ...withoutCvv } = customCard;
  const text = `{{${JSON.stringify(sample)}`;
  expect(replaceCard(text, customCard)).toContain(`"cvv":"${cvv}"`);
  expect(replaceCard(text, withoutCvv)).toContain('"cvv":"123"');
});
