import { expect, test } from "vitest";
import { createCardsByRequestId } from "./cards-by-request-id.ts";

const request = (vaultingRequestId: string, cardNo: string) =>
  new TextEncoder().encode(JSON.stringify({ vaultingRequestId, paymentMethodDetail: { card: { cardNo } } }));
const [first, second] = ["4054695723100768", "4054692760174822"] as const;

test("finds an ID with different cards until newer IDs replace it", () => {
  const cards = createCardsByRequestId(2);
  const hasDifferentCards = (id: string) => cards.hasDifferentCards("vaultPaymentMethod", request(id, first));
  cards.add("vaultPaymentMethod", request("a", first));
  cards.add("vaultPaymentMethod", request("a", first));
  expect(hasDifferentCards("a")).toBe(false);
  cards.add("vaultPaymentMethod", request("b", first));
  cards.add("vaultPaymentMethod", request("a", second));
  expect([hasDifferentCards("a"), hasDifferentCards("b"), hasDifferentCards("c")]).toEqual([true, false, false]);
  cards.add("vaultPaymentMethod", request("c", first));
  expect(hasDifferentCards("a")).toBe(true);
  cards.add("vaultPaymentMethod", request("d", first));
  expect(hasDifferentCards("a")).toBe(false);
});

test("ignores requests that do not vault a card", () => {
  const cards = createCardsByRequestId();
  for (const body of [undefined, new TextEncoder().encode("{"), request("a", first)]) {
    cards.add("inquireVaulting", body);
    expect(cards.hasDifferentCards("vaultPaymentMethod", body)).toBe(false);
  }
});
