import { describe, expect, test } from "vitest";
import { findCardDetail } from "./card-details.ts";

const CARD = {
  cvv: "739",
  expiryMonth: "07",
  expiryYear: "33",
  cpf: "12345678909",
  dateOfBirth: "1987-03-14",
  cardholderName: { firstName: "Bo", lastName: "Lighthouse" },
  billingAddress: { region: "DE", address1: "7741 Copper Lane", zipCode: "aaaaaaa" },
};
const respond = (resultMessage: string, other: object = {}) => ({ result: { resultMessage }, ...other });

describe("findCardDetail", () => {
  test.each([
    ["the CVV as a word", respond("CVV 739 is wrong."), "CVV"],
    ["the expiry date", respond("Expired 07/33."), "expiry date"],
    ["the expiry date as 4 digits", respond("Expired: 0733"), "expiry date"],
    ["the expiry date in the result of the vaulting", { vaultingResultMessage: "Expired (2033-07)." }, "expiry date"],
    ["an ID number", respond("Tax ID 12345678909."), "cpf"],
    ["the date of birth without hyphens", respond("Born 19870314."), "dateOfBirth"],
    [
      "a name in a different case",
      { paymentMethodDetail: { card: { issuerName: "LIGHTHOUSE" } } },
      "cardholderName.lastName",
    ],
    [
      "an address",
      respond("", { acquirerInfo: { acquirerMerchantName: "7741 Copper Lane" } }),
      "billingAddress.address1",
    ],
  ])("finds %s", (_, body, detail) => {
    expect(findCardDetail(body, CARD)).toBe(detail);
  });

  test.each([
    ["cvv", "12x"],
    ["expiryMonth", "13"],
    ["expiryYear", "2030"],
    ["cardPasswordDigest", "1+"],
  ])("finds an invalid %s in a message if it is a separate word", (name, value) => {
    expect(findCardDetail(respond(`"${value}" is invalid.`), { ...CARD, [name]: value })).toBe(name);
    expect(findCardDetail(respond(`x${value} is invalid.`), { ...CARD, [name]: value })).toBeUndefined();
  });

  test.each([
    ["digits inside a number or a date", respond("Error 17390 at 2033-07-01.")],
    ["the CVV outside of messages", { paymentMethodDetail: { card: { bin: "739", issuerName: "739" } } }],
    ["short values, and values that repeat a character", respond("Bo aaaaaaa DE")],
    ["the address in its field", { paymentMethodDetail: { card: { billingAddress: CARD.billingAddress } } }],
    ["an address in metadata", respond("", { metadata: "7741 Copper Lane" })],
    ["a missing response", undefined],
  ])("ignores %s", (_, body) => {
    expect(findCardDetail(body, CARD)).toBeUndefined();
  });
});
