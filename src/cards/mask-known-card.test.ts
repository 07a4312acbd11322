import { expect, test } from "vitest";
import { CARD, findCardNumberForms, listCardNumberForms } from "../testing/attacks/card-forms.ts";
import { maskKnownCard } from "./mask-known-card.ts";

const request = { paymentMethodDetail: { card: CARD } };

test.each(listCardNumberForms(CARD.cardNo))("maskKnownCard masks the card number in %s", (form) => {
  for (const text of [form, `{"a":"x ${form}","b":1}`, `Card ${form}\n`, `<p>${form}</p>`, `?x=${form}&y=2`])
    expect(findCardNumberForms(maskKnownCard(text, request), CARD.cardNo)).toEqual([]);
});

test("maskKnownCard shows the last 4 digits and keeps the text around the number", () => {
  expect(maskKnownCard(`Card ${CARD.cardNo} declined.`, request)).toBe(
    `Card ************${CARD.cardNo.slice(-4)} declined.`,
  );
});

test.each([
  "pan",
  "PAN",
  "card_no",
  "CardNumber",
  "card-number",
])("maskKnownCard finds the number in a field named %s", (name) => {
  expect(maskKnownCard(`[${CARD.cardNo}]`, { [name]: CARD.cardNo })).not.toContain(CARD.cardNo);
});

test("maskKnownCard finds the number in an array, and accepts objects whose toString is not a function", () => {
  for (const cardNo of [[CARD.cardNo], [[{ toString: 1 }], { valueOf: 1, toString: 1, cardNo: CARD.cardNo }]])
    expect(maskKnownCard(`[${CARD.cardNo}]`, { cardNo })).not.toContain(CARD.cardNo);
});

test("maskKnownCard does not mask other digits", () => {
  const text = `{"id":"order_2026.11.30/000123","time":1685599933871,"lastFour":"${CARD.cardNo.slice(-4)}","other":"4054695723100768"}`;
  expect(maskKnownCard(text, request)).toBe(text);
  expect(maskKnownCard(CARD.cardNo, undefined, {})).toBe(CARD.cardNo);
});

test("maskKnownCard masks a number that follows 11 other digits or thousands of short numbers", () => {
  for (const text of [`12345678901,${CARD.cardNo}`, `${"12345678901,".repeat(5000)}${CARD.cardNo}`])
    expect(maskKnownCard(text, request)).not.toContain(CARD.cardNo);
});

test("maskKnownCard processes long, repetitive text within 5 seconds", () => {
  const started = performance.now();
  for (const part of ["1 ", "%", "&#", "\\", "4054 ", "A", "%34", "1,", "12345678901,"])
    maskKnownCard(part.repeat(60_000), request);
  expect(performance.now() - started).toBeLessThan(5000);
});
