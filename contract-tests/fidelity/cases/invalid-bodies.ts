/** Mistakes in a body: what the vendor's pages and SDK comments rule out, although a demo or a guide may do it. */

import { CARD, TEST_NUMBERS, vault, vaultWith } from "./base-requests.ts";
import { accepts, createCases, rejects, type SampleCase, type Table, type Violation } from "./sample-case.ts";

/** A field of the smallest request, the value that it has instead (`undefined`: none), and the rules that the value breaks. */
const INVALID_FIELDS: Table<[id: string, standsFor: string, pointer: string, value: unknown, ...rules: string[]]> = {
  "test card page, invalid data": [
    ["cvv-two-digits", "The page's own example of an invalid CVV.", `${CARD}/cvv`, "99", "minLength"],
    ["month-13", "The page's own example of an invalid month.", `${CARD}/expiryMonth`, "13", "pattern"],
  ],
  "SDK comments on CardPaymentMethodDetail": [
    ["month-one-digit", "The month has two digits.", `${CARD}/expiryMonth`, "8", "pattern"],
    ["year-one-digit", "The year has two digits.", `${CARD}/expiryYear`, "6", "minLength"],
    [
      "birth-eight-digits",
      "The comment calls YYYY-MM-DD “8-digit”; the hyphens belong to it.",
      `${CARD}/dateOfBirth`,
      "19900514",
      "format",
    ],
    [
      "business-number-short",
      "A Korean business number has ten digits; the sample's 96 stands under another name.",
      `${CARD}/businessNo`,
      "96",
      "minLength",
    ],
    [
      "password-whole",
      "Only the first two digits of the password are asked for.",
      `${CARD}/cardPasswordDigest`,
      "1234",
      "maxLength",
    ],
    [
      "cpf-punctuated",
      "A CPF has eleven characters, so it stands without its full stops and hyphen.",
      `${CARD}/cpf`,
      "123456789-9",
      "pattern",
    ],
  ],
  "fetchNonce page, card.expiryYear": [
    ["no-year", "In every sample, and REQUIRED in the sister API.", `${CARD}/expiryYear`, undefined, "required"],
  ],
  "fetchNonce page, card.cardNo": [
    ["no-number", "In every sample, and REQUIRED in the sister API.", `${CARD}/cardNo`, undefined, "required"],
  ],
  "Vault API page, PARAM_ILLEGAL": [
    [
      "number-with-blanks",
      "A number as it is printed on the card: a non-numeric input.",
      `${CARD}/cardNo`,
      TEST_NUMBERS.global.replace(/(\d{4})(?=\d)/g, "$1 "),
      "pattern",
    ],
    ["birth-impossible", "An invalid date: 2023 was no leap year.", `${CARD}/dateOfBirth`, "2023-02-29", "format"],
  ],
  "Vault API page, note under Structure": [
    [
      "number-native",
      "A value without its quotation marks: wrong type.",
      `${CARD}/cardNo`,
      Number(TEST_NUMBERS.global),
      "type",
    ],
    ["cvv-native", "The same for the CVV.", `${CARD}/cvv`, 123, "type"],
    ["id-native", "The same for the ID.", "/vaultingRequestId", 123456789206, "type"],
    ["3ds-capitals", "Nor is it Python's True in quotation marks.", `${CARD}/is3DSAuthentication`, "True", "oneOf"],
  ],
  "SDK comments on Env": [
    [
      "colour-depth-native",
      "Only timeZoneOffset is an integer in the SDKs; colorDepth is a text.",
      "/env/colorDepth",
      24,
      "type",
      "enum",
    ],
    ["colour-depth-unlisted", "No screen has it, and the comment does not list it.", "/env/colorDepth", "12", "enum"],
    ["screen-of-nothing", "The range begins at 1.", "/env/screenHeight", "0", "pattern"],
    ["offset-721", "The range ends at 720.", "/env/timeZoneOffset", 721, "oneOf"],
  ],
  "five SDKs, is3DSAuthentication": [
    [
      "3ds-number",
      "A Boolean is true or false, native or quoted, and no 1.",
      `${CARD}/is3DSAuthentication`,
      1,
      "oneOf",
    ],
  ],
  "five SDKs, TerminalType": [
    [
      "terminal-lower-case",
      "Only the sample's own app is tolerated in lower case.",
      "/env/terminalType",
      "web",
      "enum",
    ],
  ],
  "Vault API page, sample request": [
    ["no-terminal", "The one field of env that stands in every sample.", "/env/terminalType", undefined, "required"],
  ],
  "Vault API page, env": [["no-env", "env is REQUIRED.", "/env", undefined, "required"]],
  "Vault API page, redirectUrl": [
    ["no-redirect-url", "redirectUrl is REQUIRED.", "/redirectUrl", undefined, "required"],
    [
      "address-too-long",
      "Addresses end at 2048 characters.",
      "/redirectUrl",
      `https://merchant.example/${"a".repeat(2024)}`,
      "maxLength",
    ],
    [
      "address-of-a-script",
      "What the buyer is redirected to is a page of the merchant.",
      "/redirectUrl",
      "javascript:alert(1)",
      "pattern",
    ],
  ],
  "five SDKs, OsType": [["os-type-as-apple-writes-it", "The enumeration is upper case.", "/env/osType", "iOS", "enum"]],
  "five SDKs, CardBrand": [["brand-lower-case", "The enumeration is upper case.", `${CARD}/brand`, "visa", "enum"]],
  "Java SDK 2.2, comment on PaymentMethodDetail": [
    ["type-lower-case", "Fixed to CARD.", "/paymentMethodDetail/paymentMethodType", "card", "const"],
  ],
  "Vault API page, merchantRegion": [
    ["region-lower-case", "ISO 3166 writes its codes in capitals.", "/merchantRegion", "us", "enum"],
    ["region-reserved", "UK is reserved and no country's code: Great Britain is GB.", "/merchantRegion", "UK", "enum"],
  ],
  "encoding page; Go and PHP SDK demos": [
    [
      "address-url-encoded",
      "The encoding page wants addresses in a query encoded; a body holds them plain, as samples and demos do.",
      "/redirectUrl",
      encodeURIComponent("https://merchant.example/cards/done"),
      "pattern",
    ],
  ],
};

const fieldCases: readonly SampleCase[] = createCases(
  INVALID_FIELDS,
  (source, id, standsFor, pointer, value, ...rules) =>
    rejects({
      id,
      standsFor,
      source,
      body: vaultWith(id, pointer, value),
      breaks: rules.map((rule): Violation => [pointer, rule]),
    }),
);

const INVALID_LUHN_NUMBER = `${TEST_NUMBERS.global.slice(0, -1)}9`;

const otherCases: readonly SampleCase[] = [
  accepts({
    id: "limit-id-emoji",
    standsFor: "The page counts characters: 64 emoji are 64 of them, though 128 units of UTF-16.",
    source: "Vault API page, vaultingRequestId",
    body: vault("", { top: { vaultingRequestId: "😀".repeat(64) } }),
  }),
  rejects({
    id: "number-of-32-digits",
    standsFor: "The field's limit of 32 characters is no length of a card number: ISO/IEC 7812 ends at 19 digits.",
    source: "SDK comments on CardPaymentMethodDetail, cardNo",
    body: vault("number-32", { card: { cardNo: "0".repeat(32) } }),
    breaks: [`${CARD}/cardNo`, "maxLength"],
  }),
  accepts({
    id: "number-without-check-digit",
    standsFor: "A mistyped last digit. The vendor's test numbers all pass the Luhn check.",
    source: "test card page, success",
    body: vault("no-check-digit", { card: { cardNo: INVALID_LUHN_NUMBER } }),
    differs: {
      sandbox: {
        verdict: { accepted: false, code: "PARAM_ILLEGAL", breaks: [[`${CARD}/cardNo`, "luhn"]] },
        because: "The check digit is a rule of the gateway that keeps state: a schema cannot calculate.",
      },
    },
  }),
  rejects({
    id: "pay-request",
    standsFor: "Older captures of the guide build an AlipayPayRequest: none of the REQUIRED fields is in it.",
    source: "guide “card vaulting”, Java sample",
    body: { paymentRequestId: "pay-1", paymentMethod: { paymentMethodType: "CARD" }, order: { orderAmount: {} } },
    breaks: ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl", "paymentMethodDetail", "env"].map(
      (name): Violation => [`/${name}`, "required"],
    ),
  }),
  rejects({
    id: "java-wrong-path",
    standsFor: "A path constant of the SDK sends the request of vaultPaymentMethod to createVaultingSession.",
    source: "Java SDK 2.2, PathConstants",
    operation: "createVaultingSession",
    body: vault("java-wrong-path"),
    breaks: ["/paymentMethodType", "required"],
  }),
];

export const invalidBodyCases: readonly SampleCase[] = [...fieldCases, ...otherCases];
