import { expect, test } from "vitest";
import { knownCards } from "./cards-by-request-id.ts";

const request = (vaultingRequestId: string, cardNo: string) =>
  new TextEncoder().encode(JSON.stringify({ vaultingRequestId, paymentMethodDetail: { card: { cardNo } } }));
const [first, second] = ["4054695723100768", "4054692760174822"] as const;

test("an ID that came with two cards is known, as long as it is among the newest", () => {
  const cards = knownCards(2);
  const isOther = (id: string) => cards.hasOthers("vaultPaymentMethod", request(id, first));
  cards.note("vaultPaymentMethod", request("a", first));
  cards.note("vaultPaymentMethod", request("a", first));
  expect(isOther("a")).toBe(false);
  cards.note("vaultPaymentMethod", request("b", first));
  cards.note("vaultPaymentMethod", request("a", second));
  expect([isOther("a"), isOther("b"), isOther("c")]).toEqual([true, false, false]);
  cards.note("vaultPaymentMethod", request("c", first));
  expect(isOther("a")).toBe(true);
  cards.note("vaultPaymentMethod", request("d", first));
  expect(isOther("a")).toBe(false);
});

test("what is no vaulting is nobody's", () => {
  const cards = knownCards();
  for (const body of [undefined, new TextEncoder().encode("{"), request("a", first)]) {
    cards.note("inquireVaulting", body);
    expect(cards.hasOthers("vaultPaymentMethod", body)).toBe(false);
  }
});
