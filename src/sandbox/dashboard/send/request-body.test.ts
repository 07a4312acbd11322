import { describe, expect, test } from "vitest";
import { requestValidators } from "../../../../generated/operation-validators.ts";
import { operations } from "../../../../generated/operations.ts";
import { maskCardData } from "../../../cards/mask-card-data.ts";
import { TEST_CARDS } from "../../../cards/test-cards.ts";
import { CARD, listCardNumberForms } from "../../../testing/attacks/card-forms.ts";
import {
  BodyError,
  createSampleRequest,
  getTestCard,
  guessTestCard,
  prefillBody,
  requireSafeBody,
} from "./request-body.ts";

const SAMPLE = { id: "1", baseUrl: "http://127.0.0.1:4020" };
const VISA = getTestCard();

/** Returns the error that requireSafeBody throws for a body. */
function catchError(text: string): BodyError {
  try {
    requireSafeBody(text);
  } catch (error) {
    if (error instanceof BodyError) return error;
  }
  return expect.fail("The body was accepted.");
}

test.each(operations)("createSampleRequest creates a valid request for %s that uses only local hosts", (operation) => {
  const sample = createSampleRequest(operation, SAMPLE);
  expect(requestValidators[operation](sample)).toMatchObject({ valid: true });
  expect(JSON.stringify(sample)).not.toMatch(/https|:\/\/(?!127\.0\.0\.1:)/);
  expect(requireSafeBody(JSON.stringify(sample))).toEqual(sample);
});

describe("prefillBody", () => {
  test("replaces masked card data with a test card, replaces the ID, and omits fields that cannot be restored", () => {
    const request = {
      ...createSampleRequest("vaultPaymentMethod", SAMPLE),
      paymentMethodDetail: {
        card: { cardNo: CARD.cardNo, cvv: "9876", cardholderName: { firstName: "A" }, brand: "VISA" },
      },
    };
    const { text, omitted } = prefillBody(JSON.stringify(maskCardData(request)), VISA, "2");
    expect(JSON.parse(text)).toEqual({
      ...request,
      vaultingRequestId: "2",
      paymentMethodDetail: { card: { cardNo: VISA.number, cvv: "123", brand: "VISA" } },
    });
    expect(omitted).toEqual(["cardholderName"]);
  });

  test("keeps the ID if there is no new one, and keeps bodies that are arrays", () => {
    expect(prefillBody('{"vaultingRequestId":"1"}', VISA, undefined).text).toBe('{\n  "vaultingRequestId": "1"\n}');
    expect(JSON.parse(prefillBody("[1]", VISA, "2").text)).toEqual([1]);
  });
});

test("guessTestCard finds the test card of a masked request by the last 4 digits and the result code", () => {
  const guess = (cardNo: string, resultCode?: string) =>
    guessTestCard(JSON.stringify(maskCardData({ paymentMethodDetail: { card: { cardNo } } })), resultCode).number;
  expect(guess("5162774114974622")).toBe("5162774114974622");
  for (const { number, result, challenge } of TEST_CARDS)
    if (result !== "SUCCESS" && challenge === undefined) expect(guess(number, result).slice(-4)).toBe(number.slice(-4));
  expect(guess("4000009900100002", "INVALID_CVV")).toBe("4000009900100002");
  expect(guess(CARD.cardNo)).toBe(VISA.number);
  expect(guessTestCard("{}", "SUCCESS").number).toBe(VISA.number);
});

describe("requireSafeBody", () => {
  test.each(TEST_CARDS.map(({ number }) => number))("accepts the test card %s", (number) => {
    expect(requireSafeBody(`{"card":{"cardNo":"${number}","cvv":"9999"}}`)).toBeDefined();
  });

  test.each([
    ["a short card number", '{"cardNo":"12"}'],
    ["a time in milliseconds", `{"time":"${1_685_599_933_872}"}`],
    ["a UUID", '{"vaultingRequestId":"3f2a9c1e-8d0b-4b7a-9c61-2f0d5a7e1b33"}'],
  ])("accepts %s", (_, text) => {
    expect(requireSafeBody(text)).toBeDefined();
  });

  test.each([
    ["a card number in a card number field", `{"card":{"cardNo":"${CARD.cardNo}"}}`, "The field /card/cardNo"],
    [
      "a number with an invalid check digit in a card number field",
      '{"cardNo":"4054695723100769"}',
      "The field /cardNo",
    ],
    ["a card number in a different field", `{"a":["${CARD.cardNo}"]}`, "The field /a/0"],
    ["a card number as a JSON number", `{"pan":${CARD.cardNo}}`, "The field /pan"],
    ["a card number as a property name", `{"a":{"${CARD.cardNo}":1}}`, "The field /a"],
    ["a card number as a property name at the top level", `{"${CARD.cardNo}":1}`, "The body"],
    ["a longer number that contains a test number", `{"cardNo":"${VISA.number}${CARD.cardNo}"}`, "The field /cardNo"],
    ["a card number in nested JSON", JSON.stringify({ metadata: `{"n":"${CARD.cardNo}"}` }), "The field /metadata"],
  ])("rejects %s without quoting it", (_, text, place) => {
    const { message, shownBody } = catchError(text);
    expect(message).toContain(place);
    expect(message).toContain("Choose a test card from the list.");
    expect(message + shownBody).not.toMatch(/\d{4}/);
  });

  test.each(listCardNumberForms(CARD.cardNo).slice(0, 12))("rejects the card number in the form %j", (form) => {
    const { message, shownBody } = catchError(JSON.stringify({ cardNo: form }));
    expect(message + shownBody).not.toContain(CARD.cardNo);
  });

  test("returns the position of a syntax error, and the body for the user to correct", () => {
    const { message, shownBody } = catchError('{\n  "a": 1,\n}');
    expect(message).toBe("The body is not JSON (line 3, column 1).");
    expect(shownBody).toBe('{\n  "a": 1,\n}');
  });

  test("hides a body that is not JSON and might contain the number of a real card", () => {
    expect(catchError(`{"cardNo":"${CARD.cardNo}",}`).shownBody).toBe("");
    expect(catchError(`{"cardNo":"${VISA.number}",}`).shownBody).not.toBe("");
  });
});
