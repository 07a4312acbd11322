import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeLuhnDigit } from "../../cards/luhn.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { type CardDecision, type CardInput, decideCard } from "./decide-card.ts";

const POINTER = "/paymentMethodDetail/card/cardNo";
const INVALID_LENGTH = { accepted: false, pointer: POINTER, message: "must be 12 to 19 digits" };
const INVALID_CHECK_DIGIT = { accepted: false, pointer: POINTER, message: "must have a valid Luhn check digit" };
const SAMPLE_CARD = "4112273146798764";

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(""));
const payload = digits(11, 18);
const is3DSAuthentication = fc.constantFrom(undefined, true, false, "true" as const, "false" as const);
const withCheckDigit = (text: string) => text + computeLuhnDigit(text);

const acceptCard = (card: CardInput): Extract<CardDecision, { accepted: true }> => {
  const decision = decideCard(card);
  return decision.accepted ? decision : expect.fail("The issuer rejected the card.");
};

describe("a test card", () => {
  test.each(
    TEST_CARDS.map((card) => [card.number, card] as const),
  )("%s produces its documented result", (cardNo, card) => {
    for (const unwanted of [undefined, false, "false"] as const) {
      expect(decideCard({ cardNo, is3DSAuthentication: unwanted, brand: "WOORI" })).toEqual({
        accepted: true,
        result: card.result,
        challenge: card.challenge,
        brand: card.brand,
        maskedCardNo: `************${cardNo.slice(-4)}`,
        testCard: card,
      });
    }
    for (const wanted of [true, "true"] as const) {
      expect(acceptCard({ cardNo, is3DSAuthentication: wanted })).toMatchObject({
        result: card.result,
        challenge: cardNo === "4035501000000008" ? undefined : (card.challenge ?? "code_required"),
      });
    }
  });
});

describe("any other number", () => {
  test("is vaulted, and the decision contains no test card", () => {
    expect(decideCard({ cardNo: SAMPLE_CARD })).toEqual({
      accepted: true,
      result: "SUCCESS",
      challenge: undefined,
      brand: "VISA",
      maskedCardNo: "************8764",
      testCard: undefined,
    });
  });

  test("requires a challenge if the merchant requests 3-D Secure", () => {
    for (const wanted of [true, "true"] as const) {
      expect(acceptCard({ cardNo: SAMPLE_CARD, is3DSAuthentication: wanted }).challenge).toBe("code_required");
    }
  });

  test("has the brand that the merchant specified only if the number determines no brand", () => {
    expect(acceptCard({ cardNo: SAMPLE_CARD, brand: "WOORI" }).brand).toBe("VISA");
    const cardNo = withCheckDigit("949100000000000");
    expect(acceptCard({ cardNo, brand: "WOORI" }).brand).toBe("WOORI");
    expect(acceptCard({ cardNo, brand: "NOPE" }).brand).toBeUndefined();
    expect(acceptCard({ cardNo }).brand).toBeUndefined();
  });

  test("is vaulted if its check digit is valid, and the decision contains only its last 4 digits", () => {
    fc.assert(
      fc.property(payload, is3DSAuthentication, (text, wanted) => {
        const cardNo = withCheckDigit(text);
        const decision = acceptCard({ cardNo, is3DSAuthentication: wanted });
        expect(decision.maskedCardNo).toHaveLength(cardNo.length);
        expect(decision.maskedCardNo).toMatch(/^\*{8,}\d{4}$/);
        expect(decision.maskedCardNo.slice(-4)).toBe(cardNo.slice(-4));
        expect(JSON.stringify(decision).match(/\d{5,}/g)).toBeNull();
        expect(decision.result).toBe(TEST_CARDS.find(({ number }) => number === cardNo)?.result ?? "SUCCESS");
      }),
    );
  });
});

describe("an invalid card number", () => {
  test("is rejected if its check digit is incorrect", () => {
    fc.assert(
      fc.property(payload, fc.integer({ min: 1, max: 9 }), is3DSAuthentication, (text, offset, wanted) => {
        const cardNo = text + String((Number(computeLuhnDigit(text)) + offset) % 10);
        expect(decideCard({ cardNo, is3DSAuthentication: wanted, brand: "VISA" })).toEqual(INVALID_CHECK_DIGIT);
      }),
    );
  });

  test.each([
    ["11 digits", withCheckDigit("4000009900")],
    ["20 digits", withCheckDigit("4000009900000000000")],
    ["spaces", "4054 6957 2310 0768"],
    ["hyphens", "4054-6957-2310-0768"],
    ["full-width digits", "４０５４６９５７２３１００７６８"],
    ["a trailing line feed", "4054695723100768\n"],
    ["letters", "4054695723I00768"],
    ["no digits", ""],
  ])("is rejected if it has %s", (_, cardNo) => {
    expect(decideCard({ cardNo })).toEqual(INVALID_LENGTH);
  });

  test("never causes an exception, always leads to the same decision, and is not quoted in a rejection", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(text, digits(0, 30)), is3DSAuthentication, text, (cardNo, wanted, brand) => {
        const card = { cardNo, is3DSAuthentication: wanted, brand };
        const decision = decideCard(card);
        expect(decideCard(card)).toEqual(decision);
        if (!decision.accepted) expect([INVALID_LENGTH, INVALID_CHECK_DIGIT]).toContainEqual(decision);
      }),
    );
  });
});
