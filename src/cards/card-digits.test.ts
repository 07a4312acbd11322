import { expect, test } from "vitest";
import { CARD, listCardNumberForms } from "../testing/attacks/card-forms.ts";
import { findRepeatedCardNumber, normalizeDigits } from "./card-digits.ts";

const createRequest = (more: object) => ({ paymentMethodDetail: { card: { ...CARD } }, ...more });
const findPointers = (request: object, clientId = "CLIENT") =>
  findRepeatedCardNumber(request, clientId).map(({ pointer }) => pointer);

const isBase64 = (form: string) => /^[\w+/-]{20,}=*$/.test(form) && /[A-Z]/.test(form);
test.each(
  listCardNumberForms(CARD.cardNo).filter((form) => !isBase64(form)),
)("normalizeDigits restores the card number in %s", (form) => {
  expect(normalizeDigits(form)).toContain(CARD.cardNo);
});

test("findRepeatedCardNumber returns the location of each card number outside cardNo", () => {
  expect(findPointers(createRequest({ vaultingRequestId: `x${CARD.cardNo}` }))).toEqual(["/vaultingRequestId"]);
  expect(findPointers(createRequest({ env: { terminalType: [CARD.cardNo] } }))).toEqual(["/env/terminalType/0"]);
  expect(findPointers(createRequest({ number: Number(CARD.cardNo) }))).toEqual(["/number"]);
  expect(findPointers(createRequest({}), `A${CARD.cardNo}`)).toEqual(["Client-Id"]);
  const request = { paymentMethodDetail: { card: { cardNo: [[CARD.cardNo]] } }, vaultingRequestId: CARD.cardNo };
  expect(findPointers(request)).toEqual(["/vaultingRequestId"]);
});

test("findRepeatedCardNumber never names a field whose name contains the card number", () => {
  expect(findPointers(createRequest({ [CARD.cardNo]: 1 }))).toEqual([""]);
  expect(findPointers(createRequest({ a: { [CARD.cardNo]: { b: CARD.cardNo } } }))).toEqual(["/a"]);
});

test("findRepeatedCardNumber calls createContains only once for a request with 1,000 values", () => {
  let calls = 0;
  const createContains = () => {
    calls += 1;
    return () => false;
  };
  findRepeatedCardNumber(createRequest({ values: Array(1000).fill("x") }), "CLIENT", createContains);
  expect(calls).toBe(1);
});

test.each([
  ["a different card number outside cardNo", createRequest({ vaultingRequestId: "4054695723100768" })],
  ["a request without a card", { vaultingRequestId: CARD.cardNo }],
  ["a card without a number", { ...createRequest({}), paymentMethodDetail: { card: {} }, metadata: "undefined" }],
  [
    "a card number that contains an object whose toString is not a function",
    { paymentMethodDetail: { card: { cardNo: [{ toString: 1 }] } } },
  ],
  ["a card number that is too short", { paymentMethodDetail: { card: { cardNo: "12" } }, metadata: "12" }],
])("findRepeatedCardNumber returns no issue for %s", (_, request) => {
  expect(findPointers(request)).toEqual([]);
});
