import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeLuhnDigit } from "../../cards/luhn.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { type CardDecision, type CardInput, decideCard } from "./decide-card.ts";

const POINTER = "/paymentMethodDetail/card/cardNo";
const NO_LENGTH = { accepted: false, pointer: POINTER, message: "must be 12 to 19 digits" };
const NO_CHECK_DIGIT = { accepted: false, pointer: POINTER, message: "must end in its Luhn check digit" };
const SEEDS_SAMPLE = "4112273146798764";

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(""));
const payload = digits(11, 18);
const is3DSAuthentication = fc.constantFrom(undefined, true, false, "true" as const, "false" as const);
const withCheckDigit = (text: string) => text + computeLuhnDigit(text);

const accepted = (card: CardInput): Extract<CardDecision, { accepted: true }> => {
  const judgement = decideCard(card);
  if (!judgement.accepted) throw new Error("the card was refused");
  return judgement;
};

describe("a test card", () => {
  test.each(TEST_CARDS.map((card) => [card.number, card] as const))("%s does what the table says", (cardNo, card) => {
    for (const unwanted of [undefined, false, "false"] as const) {
      expect(decideCard({ cardNo, is3DSAuthentication: unwanted, brand: "WOORI" })).toEqual({
        accepted: true,
        verdict: card.result,
        challenge: card.challenge,
        brand: card.brand,
        maskedCardNo: `************${cardNo.slice(-4)}`,
        published: true,
      });
    }
    for (const wanted of [true, "true"] as const) {
      expect(accepted({ cardNo, is3DSAuthentication: wanted })).toMatchObject({
        verdict: card.result,
        challenge: cardNo === "4035501000000008" ? undefined : (card.challenge ?? "code_required"),
      });
    }
  });
});

describe("any other number", () => {
  test("vaults, and is told from a test card", () => {
    expect(decideCard({ cardNo: SEEDS_SAMPLE })).toEqual({
      accepted: true,
      verdict: "SUCCESS",
      challenge: undefined,
      brand: "VISA",
      maskedCardNo: "************8764",
      published: false,
    });
  });

  test("is challenged if the merchant wants it", () => {
    for (const wanted of [true, "true"] as const) {
      expect(accepted({ cardNo: SEEDS_SAMPLE, is3DSAuthentication: wanted }).challenge).toBe("code_required");
    }
  });

  test("has the merchant's brand only where its own is not known", () => {
    expect(accepted({ cardNo: SEEDS_SAMPLE, brand: "WOORI" }).brand).toBe("VISA");
    const cardNo = withCheckDigit("949100000000000");
    expect(accepted({ cardNo, brand: "WOORI" }).brand).toBe("WOORI");
    expect(accepted({ cardNo, brand: "NOPE" }).brand).toBeUndefined();
    expect(accepted({ cardNo }).brand).toBeUndefined();
  });

  test("vaults whenever it ends in its check digit, and shows its last four digits only", () => {
    fc.assert(
      fc.property(payload, is3DSAuthentication, (text, wanted) => {
        const cardNo = withCheckDigit(text);
        const judgement = accepted({ cardNo, is3DSAuthentication: wanted });
        expect(judgement.maskedCardNo).toHaveLength(cardNo.length);
        expect(judgement.maskedCardNo).toMatch(/^\*{8,}\d{4}$/);
        expect(judgement.maskedCardNo.slice(-4)).toBe(cardNo.slice(-4));
        expect(JSON.stringify(judgement).match(/\d{5,}/g)).toBeNull();
        expect(judgement.verdict).toBe(TEST_CARDS.find(({ number }) => number === cardNo)?.result ?? "SUCCESS");
      }),
    );
  });
});

describe("what is no card number is refused", () => {
  test("a wrong check digit, whichever it is", () => {
    fc.assert(
      fc.property(payload, fc.integer({ min: 1, max: 9 }), is3DSAuthentication, (text, off, wanted) => {
        const cardNo = text + String((Number(computeLuhnDigit(text)) + off) % 10);
        expect(decideCard({ cardNo, is3DSAuthentication: wanted, brand: "VISA" })).toEqual(NO_CHECK_DIGIT);
      }),
    );
  });

  test.each([
    ["11 digits", withCheckDigit("4000009900")],
    ["20 digits", withCheckDigit("4000009900000000000")],
    ["blanks", "4054 6957 2310 0768"],
    ["hyphens", "4054-6957-2310-0768"],
    ["full-width digits", "４０５４６９５７２３１００７６８"],
    ["a line feed behind it", "4054695723100768\n"],
    ["letters", "4054695723I00768"],
    ["nothing", ""],
  ])("%s", (_, cardNo) => {
    expect(decideCard({ cardNo })).toEqual(NO_LENGTH);
  });

  test("whatever is given, it is judged without an exception, the same each time, and a refusal quotes nothing", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(text, digits(0, 30)), is3DSAuthentication, text, (cardNo, wanted, brand) => {
        const card = { cardNo, is3DSAuthentication: wanted, brand };
        const judgement = decideCard(card);
        expect(decideCard(card)).toEqual(judgement);
        if (!judgement.accepted) expect([NO_LENGTH, NO_CHECK_DIGIT]).toContainEqual(judgement);
      }),
    );
  });
});
