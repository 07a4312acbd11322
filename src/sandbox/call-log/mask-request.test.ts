import { expect, test } from "vitest";
import { computeFingerprint, maskRequestBody } from "./mask-request.ts";

const card = { cardNo: "4054695723100768", cvv: "8153", expiryYear: "87", expiryMonth: "11" };
const text = JSON.stringify(card);

test.each<readonly [string, unknown]>([
  ["an object", card],
  ["an array", [card]],
  ["JSON in a string", text],
  ["JSON in a string field", { metadata: text }],
  ["JSON in a nested array", [[text]]],
  ["a card number as a JSON number", { number: 4_054_695_723_100_768 }],
  ["a card number as the whole body", 4_054_695_723_100_768],
  ["a field name", { [card.cardNo]: 1 }],
])("maskRequestBody removes card data from %s", (_, body) => {
  expect(maskRequestBody(body)).not.toMatch(/405469|8153|"?87\b|"?11\b/);
});

test("maskRequestBody keeps other data unchanged", () => {
  const body = { a: 'x"y', b: 1_700_000_000_001, c: [null, true, 1.5, "1700000000001"] };
  expect(JSON.parse(maskRequestBody(body))).toEqual(body);
});

test("computeFingerprint ignores the order of fields, but not the order of array elements", () => {
  const fingerprint = computeFingerprint({ a: { b: [1, 2], c: "x" }, d: { 10: 1, e: null } });
  expect(computeFingerprint({ d: { e: null, 10: 1.0 }, a: { c: "x", b: [1, 2] } })).toBe(fingerprint);
  expect(computeFingerprint({ a: { b: [2, 1], c: "x" }, d: { 10: 1, e: null } })).not.toBe(fingerprint);
  expect(computeFingerprint({ a: { b: [1, 2] }, c: "x", d: { 10: 1, e: null } })).not.toBe(fingerprint);
});
