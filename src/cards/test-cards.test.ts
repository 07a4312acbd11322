import { describe, expect, test } from "vitest";
import { vaultingResultCodes } from "../../generated/result-codes.ts";
import { detectBrand } from "./card-brand.ts";
import { computeLuhnDigit } from "./luhn.ts";
import { type ChallengeScript, ONE_TIME_CODE, TEST_CARDS } from "./test-cards.ts";

const ours = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "sandbox");
const vendors = TEST_CARDS.filter(({ publishedBy }) => publishedBy === "antom");
const failureCodes = vaultingResultCodes.filter((row) => row.vaultingStatus === "FAIL").map(({ code }) => code);

const DO_NOT_HONOR = "DO_NOT_HONOR";
const NOT_PASSED = "USER_PAYMENT_VERIFICATION_FAILED";
/** The verdicts of the cards of each script. A record, so that a new script does not compile without a card. */
const SCRIPTS: Readonly<Record<ChallengeScript, readonly string[]>> = {
  code_required: ["SUCCESS", DO_NOT_HONOR],
  attempted: ["SUCCESS"],
  failed: [NOT_PASSED],
  rejected: ["AUTHENTICATION_REQUIRED"],
  unavailable: ["PROCESS_FAIL"],
  abandoned: [NOT_PASSED],
};

describe("the test cards", () => {
  test.each(
    TEST_CARDS.map((card) => [card.number, card] as const),
  )("%s is a number as the document wants it, and tells what it is for", (number, { purpose, brand, publishedBy }) => {
    expect(number).toMatch(/^\d{12,19}$/);
    expect(number.slice(-1)).toBe(computeLuhnDigit(number.slice(0, -1)));
    expect(purpose).toMatch(/^[A-Z].*\.$/);
    expect(detectBrand(number)).toBe(brand);
    expect(/^4000009900\d{2}000\d$/.test(number)).toBe(publishedBy === "sandbox");
  });

  test("have no number twice", () => {
    expect(new Set(TEST_CARDS.map(({ number }) => number)).size).toBe(TEST_CARDS.length);
  });

  test("there are 24 failure codes", () => {
    expect(failureCodes).toHaveLength(24);
  });

  test.each(failureCodes)("exactly one of ours fails with %s and no challenge", (code) => {
    expect(ours.filter(({ result, challenge }) => result === code && challenge === undefined)).toHaveLength(1);
  });

  test.each(Object.entries(SCRIPTS))("a challenge that goes %s can be had by a number", (script, verdicts) => {
    expect(ours.filter(({ challenge }) => challenge === script).map(({ result }) => result)).toEqual(verdicts);
  });

  test("none of ours stands beside these", () => {
    expect(ours).toHaveLength(failureCodes.length + Object.values(SCRIPTS).flat().length);
  });
});

describe("the vendor's published cards", () => {
  test("are the ten of its page, with what it says of them", () => {
    expect(vendors.map(({ number, brand, country, result }) => [number, brand, country, result])).toEqual([
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

  test("only the exemption card is exempt, and none has a script", () => {
    expect(TEST_CARDS.filter(({ exempt }) => exempt).map(({ number }) => number)).toEqual(["4035501000000008"]);
    expect(vendors.filter(({ challenge }) => challenge !== undefined)).toEqual([]);
  });
});

test("the one-time code is six digits", () => {
  expect(ONE_TIME_CODE).toBe("123456");
});
