import { expect, test } from "vitest";
import { getCard } from "../../protocol/json-fields.ts";
import { getRequestMessage } from "./openapi-document.ts";
import { createRequestBody, replaceCard, withCard } from "./sample-requests.ts";

const own = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02", cvv: "987" };
const sample = getRequestMessage("vaultPaymentMethod").examples.get("Sample");

test("one's own card takes the place of the document's, and nothing else changes", () => {
  const changed: unknown = JSON.parse(replaceCard(JSON.stringify(sample, null, 2), own));
  expect(changed).toEqual(createRequestBody("vaultPaymentMethod", "id-1", { ...(sample as object), ...withCard(own) }));
  expect(getCard(changed)).toMatchObject(own);
});

test("what a check has changed stays, and what is no JSON is changed in its text", () => {
  const month13 = JSON.stringify(createRequestBody("vaultPaymentMethod", "1", withCard({ expiryMonth: "13" })));
  expect(getCard(JSON.parse(replaceCard(month13, own)))).toMatchObject({ cardNo: own.cardNo, expiryMonth: "13" });
  const { cvv, ...withoutCvv } = own;
  const text = `{{${JSON.stringify(sample)}`;
  expect(replaceCard(text, own)).toContain(`"cvv":"${cvv}"`);
  expect(replaceCard(text, withoutCvv)).toContain('"cvv":"123"');
});
