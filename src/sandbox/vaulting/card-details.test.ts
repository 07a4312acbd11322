import { describe, expect, test } from "vitest";
import { maskCardData } from "../../cards/mask-card-data.ts";
import { TEST_CARDS, VAULTED_CARD_FIELDS } from "../../cards/test-cards.ts";
import { generateKeyPair } from "../../signature/index.ts";
import { acceptCard } from "../../testing/sandbox/vaulting-facts.ts";
import { describeCard } from "./card-details.ts";
import { createRandomValues } from "./random-values.ts";

const { privateKey } = await generateKeyPair();
const random = createRandomValues(privateKey);
const describeNumber = (cardNo: string, clientId = "A") => describeCard(acceptCard(cardNo), clientId, random);
const getFingerprint = (cardNo: string, clientId?: string) => describeNumber(cardNo, clientId)["fingerprint"];
const [visa, mastercard] = ["4054695723100768", "5162774114974622"] as const;

describe("describeCard", () => {
  test.each(TEST_CARDS.map((card) => [card.number, card] as const))("describes the test card %s", (number, card) => {
    expect(describeNumber(number)).toEqual({
      lastFour: number.slice(-4),
      bin: number.slice(0, 8),
      funding: expect.stringMatching(/^(?:CREDIT|DEBIT)$/),
      issuerName: "Sandbox Bank",
      issuingCountry: card.country ?? "US",
      fingerprint: expect.stringMatching(/^[\w-]{43}$/),
      networkTransactionId: expect.stringMatching(/^\d{15}$/),
      avsResultRaw: "Y",
      cvvResultRaw: "M",
    });
  });

  test("returns the documented fields of a test card in the documented order", () => {
    const fields = ["brand", "cardToken", "maskedCardNo", ...Object.keys(describeNumber(visa))];
    expect(VAULTED_CARD_FIELDS).toEqual(fields);
  });

  test("returns only the last 4 digits of any other card, because more details could reveal its number", () => {
    expect(describeNumber("4112273146798764")).toEqual({ lastFour: "8764" });
  });

  test("returns the same fingerprint only for the same card and the same client", () => {
    const fingerprint = getFingerprint(visa);
    expect(getFingerprint(visa)).toBe(fingerprint);
    expect(getFingerprint(visa, "B")).not.toBe(fingerprint);
    expect(getFingerprint(mastercard)).not.toBe(fingerprint);
  });

  test("returns a different fingerprint for a different key", async () => {
    const other = createRandomValues((await generateKeyPair()).privateKey);
    expect(describeCard(acceptCard(visa), "A", other)["fingerprint"]).not.toBe(getFingerprint(visa));
  });

  test("returns details that maskCardData does not change", () => {
    for (let count = 0; count < 500; count++) {
      const details = describeNumber(visa);
      expect(maskCardData(details)).toEqual(details);
    }
  });
});

test("createRandomValues generates card tokens of at most 128 characters, the limit of Antom's pay API", () => {
  for (let count = 0; count < 100; count++) expect(random.cardToken()).toMatch(/^[\x21-\x7E]{1,128}$/);
});
