import { expect, test } from "vitest";
import { createCardsByRequestId } from "./cards-by-request-id.ts";

const encodeRequest = (vaultingRequestId: string, cardNo: string) =>
  new TextEncoder().encode(JSON.stringify({ vaultingRequestId, paymentMethodDetail: { card: { cardNo } } }));
const [first, second] = ["4054695723100768", "4054692760174822"] as const;

test("hasDifferentCards returns true for an ID that was used with 2 cards, until newer IDs replace it", () => {
  const cards = createCardsByRequestId(2);
  const hasDifferentCards = (id: string) => cards.hasDifferentCards("vaultPaymentMethod", encodeRequest(id, first));
  cards.add("vaultPaymentMethod", encodeRequest("a", first));
  cards.add("vaultPaymentMethod", encodeRequest("a", first));
  expect(hasDifferentCards("a")).toBe(false);
  cards.add("vaultPaymentMethod", encodeRequest("b", first));
  cards.add("vaultPaymentMethod", encodeRequest("a", second));
  expect([hasDifferentCards("a"), hasDifferentCards("b"), hasDifferentCards("c")]).toEqual([true, false, false]);
  cards.add("vaultPaymentMethod", encodeRequest("c", first));
  expect(hasDifferentCards("a")).toBe(true);
  cards.add("vaultPaymentMethod", encodeRequest("d", first));
  expect(hasDifferentCards("a")).toBe(false);
});

test("add ignores requests that do not vault a card", () => {
  const cards = createCardsByRequestId();
  for (const body of [undefined, new TextEncoder().encode("{"), encodeRequest("a", first)]) {
    cards.add("inquireVaulting", body);
    expect(cards.hasDifferentCards("vaultPaymentMethod", body)).toBe(false);
  }
});
