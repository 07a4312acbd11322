import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CARD_NO } from "../../testing/messages/exchanges.ts";
import { createRequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import { SentCards } from "./sent-cards.ts";

/** Returns the cards of 2 requests: one with the example card, and one with a different card. */
function createCards(): SentCards {
  const cards = new SentCards();
  cards.add(createRequestBody("vaultPaymentMethod", "id-1"));
  cards.add(createRequestBody("vaultPaymentMethod", "id-2", withCard({ cardNo: TEST_CARDS.mastercard })));
  return cards;
}

const hash = (algorithm: string) => createHash(algorithm).update(CARD_NO);
const reversed = [...CARD_NO].reverse().join("");

describe("find", () => {
  test.each([
    ["the number", `Card ${CARD_NO}.`, "digits of a card number"],
    ["the number of a different request", TEST_CARDS.mastercard, "digits of a card number"],
    ["the number with separators", "4112-2731 4679.8764", "digits of a card number"],
    ["the number as an array", '["4112","2731","4679","8764"]', "digits of a card number"],
    [
      "a number in full-width digits",
      CARD_NO.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
      "digits of a card number",
    ],
    ["the first 12 digits", `token${CARD_NO.slice(0, 12)}`, "digits of a card number"],
    ["the last 12 digits inside other digits", `999${CARD_NO.slice(-12)}99`, "digits of a card number"],
    ["the reversed number", reversed, "digits of a card number"],
    ["the number in base64", Buffer.from(`v2:${CARD_NO}:x`).toString("base64"), "card number in an encoded form"],
    ["the number in base64url", Buffer.from(CARD_NO).toString("base64url"), "card number in an encoded form"],
    [
      "the number in hexadecimal",
      `x${Buffer.from(CARD_NO).toString("hex").toUpperCase()}`,
      "card number in an encoded form",
    ],
    ["the number in base 36", `t${BigInt(CARD_NO).toString(36)}x`, "card number in an encoded form"],
    [
      "the reversed number in hexadecimal",
      [...BigInt(CARD_NO).toString(16)].reverse().join(""),
      "card number in an encoded form",
    ],
    ["an MD5 hash", hash("md5").digest("hex"), "hash of the card number"],
    ["a SHA-256 hash in base64", hash("sha256").digest("base64"), "hash of the card number"],
    [
      "the first 6 and last 4 digits beside a mask",
      "411227******8764",
      "masked card number with more than its last 4 digits",
    ],
    ["the last 6 digits beside a mask", "XXXX-XXXX-XX79-8764", "masked card number with more than its last 4 digits"],
  ])("returns what %s reveals", (_, text, found) => {
    expect(createCards().find(text, "id-1")).toBe(found);
  });

  test.each([
    [
      "the masked number, the BIN, and the last 4 digits",
      '{"maskedCardNo":"************8764","bin":"41122731","lastFour":"8764"}',
    ],
    ["11 digits", CARD_NO.slice(0, 11)],
    ["a hash as the fingerprint", `{"fingerprint":"${hash("sha256").digest("hex")}"}`],
    ["the masked digits of a different card", "516277******4622"],
    ["other digits", "20261130 120000 1234567890123456"],
    ["a hash of a different value", createHash("sha256").update(`salt${CARD_NO}`).digest("hex")],
  ])("returns undefined for %s", (_, text) => {
    expect(createCards().find(text, "id-1")).toBeUndefined();
  });

  test("finds a hash of a number only under the ID of its request", () => {
    expect(createCards().find(hash("md5").digest("hex"), "id-2")).toBeUndefined();
  });

  test("ignores numbers of repeated digits, which can occur by chance", () => {
    const cards = new SentCards();
    cards.add(createRequestBody("vaultPaymentMethod", "id-3", withCard({ cardNo: "0000000000000000" })));
    expect(cards.find("0000000000000000", "id-3")).toBeUndefined();
  });
});

test("getCard returns the card of the first request with an ID", () => {
  const cards = createCards();
  cards.add(createRequestBody("vaultPaymentMethod", "id-1", withCard({ cvv: "999" })));
  expect(cards.getCard("id-1")).toMatchObject({ cardNo: CARD_NO, cvv: "123" });
  expect(cards.getCard(undefined)).toBeUndefined();
});

test("getNumber returns undefined for an ID that was used with 2 cards, or with no card", () => {
  const cards = createCards();
  expect(cards.getNumber("id-1")).toBe(CARD_NO);
  cards.add(createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: TEST_CARDS.visa })));
  expect(cards.getNumber("id-1")).toBeUndefined();
  expect(cards.getNumber("id-4")).toBeUndefined();
});
