import { expect, test } from "vitest";
import { cardOf } from "../../protocol/json-fields.ts";
import { requestOf } from "./openapi-document.ts";
import { bodyOf, inOwnCard, withCard } from "./sample-requests.ts";

const own = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02", cvv: "987" };
const sample = requestOf("vaultPaymentMethod").examples.get("Sample");

test("one's own card takes the place of the document's, and nothing else changes", () => {
  const changed: unknown = JSON.parse(inOwnCard(JSON.stringify(sample, null, 2), own));
  expect(changed).toEqual(bodyOf("vaultPaymentMethod", "id-1", { ...(sample as object), ...withCard(own) }));
  expect(cardOf(changed)).toMatchObject(own);
});

test("what a check has changed stays, and what is no JSON is changed in its text", () => {
  const month13 = JSON.stringify(bodyOf("vaultPaymentMethod", "1", withCard({ expiryMonth: "13" })));
  expect(cardOf(JSON.parse(inOwnCard(month13, own)))).toMatchObject({ cardNo: own.cardNo, expiryMonth: "13" });
  const { cvv, ...withoutCvv } = own;
  const text = `{{${JSON.stringify(sample)}`;
  expect(inOwnCard(text, own)).toContain(`"cvv":"${cvv}"`);
  expect(inOwnCard(text, withoutCvv)).toContain('"cvv":"123"');
});
