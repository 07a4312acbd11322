import { describe, expect, test } from "vitest";
import { vaultingResultCodes } from "../../generated/result-codes.ts";
import { detectBrand } from "./card-brand.ts";
import { computeLuhnDigit } from "./luhn.ts";
import { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS } from "./test-cards.ts";

const sandboxCards = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "sandbox");
const antomCards = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "antom");
const failureCodes = vaultingResultCodes.filter((row) => row.vaultingStatus === "FAIL").map(({ code }) => code);

const DO_NOT_HONOR = "DO_NOT_HONOR";
const AUTHENTICATION_FAILED = "USER_PAYMENT_VERIFICATION_FAILED";
/** The results of the cards for each challenge behavior. The type requires an entry for every behavior. */
const SCRIPTS: Readonly<Record<ChallengeScript, readonly string[]>> = {
  code_required: ["SUCCESS", DO_NOT_HONOR],
  attempted: ["SUCCESS"],
  failed: [AUTHENTICATION_FAILED],
  rejected: ["AUTHENTICATION_REQUIRED"],
  unavailable: ["PROCESS_FAIL"],
  abandoned: [AUTHENTICATION_FAILED],
};

describe("the test cards", () => {
  test.each(
    TEST_CARDS.map((card) => [card.number, card] as const),
  )("include %s with a valid number, brand, and purpose", (number, { purpose, brand, publishedBy }) => {
    expect(number).toMatch(/^\d{12,19}$/);
    expect(number.slice(-1)).toBe(computeLuhnDigit(number.slice(0, -1)));
    expect(purpose).toMatch(/^[A-Z].*\.$/);
    expect(detectBrand(number)).toBe(brand);
    expect(/^4000009900\d{2}000\d$/.test(number)).toBe(publishedBy === "sandbox");
  });

  test("have unique numbers", () => {
    expect(new Set(TEST_CARDS.map(({ number }) => number)).size).toBe(TEST_CARDS.length);
  });

  test("cover 24 failure codes", () => {
    expect(failureCodes).toHaveLength(24);
  });

  test.each(failureCodes)("include exactly one sandbox card that fails with %s without a challenge", (code) => {
    expect(sandboxCards.filter(({ result, challenge }) => result === code && challenge === undefined)).toHaveLength(1);
  });

  test.each(Object.entries(SCRIPTS))("include cards for the challenge behavior %s", (script, results) => {
    expect(sandboxCards.filter(({ challenge }) => challenge === script).map(({ result }) => result)).toEqual(results);
  });

  test("include no other sandbox cards", () => {
    expect(sandboxCards).toHaveLength(failureCodes.length + Object.values(SCRIPTS).flat().length);
  });
});

describe("Antom's test cards", () => {
  test("match Antom's documentation", () => {
    expect(antomCards.map(({ number, brand, country, result }) => [number, brand, country, result])).toEqual([
      ["9490220011669217", "HYUNDAI", "KR", "SUCCESS"],
      ["4294097400915107", "VISA", "BR", "SUCCESS"],
      ["4006055482525268", "VISA", "MX", "SUCCESS"],
      ["4600729331819383", "VISA", "CL", "SUCCESS"],
      ["4310377720003234", "VISA", "PE", "SUCCESS"],
      ["4054695723100768", "VISA", undefined, "SUCCESS"],
      ["5162774114974622", "MASTERCARD", undefined, "SUCCESS"],
      ["4054692760174822", "VISA", undefined, DO_NOT_HONOR],
      ["5162770472561357", "MASTERCARD", undefined, DO_NOT_HONOR],
      ["4035501000000008", "VISA", undefined, "SUCCESS"],
    ]);
  });

  test("include one exempt card and no card with a challenge", () => {
    expect(TEST_CARDS.filter(({ exempt }) => exempt).map(({ number }) => number)).toEqual(["4035501000000008"]);
    expect(antomCards.filter(({ challenge }) => challenge !== undefined)).toEqual([]);
  });
});

test("ONE_TIME_CODE is 123456", () => {
  expect(ONE_TIME_CODE).toBe("123456");
});
