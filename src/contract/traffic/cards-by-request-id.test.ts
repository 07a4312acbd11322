import { expect, test } from "vitest";
import { createCardsByRequestId } from "./cards-by-request-id.ts";

const request = (vaultingRequestId: string, cardNo: string) =>
  new TextEncoder().encode(JSON.stringify({ vaultingRequestId, paymentMethodDetail: { card: { cardNo } } }));
const [first, second] = ["4054695723100768", "4054692760174822"] as const;

test("an ID that came with two cards is known, as long as it is among the newest", () => {
  const cards = createCardsByRequestId(2);
  const isOther = (id: string) => cards.hasDifferentCards("vaultPaymentMethod", request(id, first));
  cards.add("vaultPaymentMethod", request("a", first));
  cards.add("vaultPaymentMethod", request("a", first));
  expect(isOther("a")).toBe(false);
  cards.add("vaultPaymentMethod", request("b", first));
  cards.add("vaultPaymentMethod", request("a", second));
  expect([isOther("a"), isOther("b"), isOther("c")]).toEqual([true, false, false]);
  cards.add("vaultPaymentMethod", request("c", first));
  expect(isOther("a")).toBe(true);
  cards.add("vaultPaymentMethod", request("d", first));
  expect(isOther("a")).toBe(false);
});

test("what is no vaulting is nobody's", () => {
  const cards = createCardsByRequestId();
  for (const body of [undefined, new TextEncoder().encode("{"), request("a", first)]) {
    cards.add("inquireVaulting", body);
    expect(cards.hasDifferentCards("vaultPaymentMethod", body)).toBe(false);
  }
});
