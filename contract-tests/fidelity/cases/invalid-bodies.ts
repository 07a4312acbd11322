/** Bodies that break, or seem to break, a rule in Antom's documentation or SDK comments, even if a demo or guide contains such a body. */

import { CARD_POINTER, createVaultRequest, createVaultRequestWith, TEST_NUMBERS } from "./base-requests.ts";
import {
  createAcceptedCase,
  createCases,
  createInvalidCase,
  type SampleCase,
  type Table,
  type Violation,
} from "./sample-case.ts";

/** Fields of the smallest request, each with an invalid value (`undefined` for a missing field) and the rules that the value violates. */
const INVALID_FIELDS: Table<[id: string, description: string, pointer: string, value: unknown, ...rules: string[]]> = {
  "test card page, invalid data": [
    [
      "cvv-two-digits",
      "The page's example of an invalid CVV has two digits.",
      `${CARD_POINTER}/cvv`,
      "99",
      "minLength",
    ],
    ["month-13", "The page's example of an invalid month is 13.", `${CARD_POINTER}/expiryMonth`, "13", "pattern"],
  ],
  "SDK comments on CardPaymentMethodDetail": [
    ["month-one-digit", "The month has one digit instead of two.", `${CARD_POINTER}/expiryMonth`, "8", "pattern"],
    [
      "year-one-digit",
      "The year has one digit instead of two.",
      `${CARD_POINTER}/expiryYear`,
      "6",
      "minLength",
      "pattern",
    ],
    [
      "birth-eight-digits",
      "The comment calls YYYY-MM-DD “8-digit”, but the hyphens are required.",
      `${CARD_POINTER}/dateOfBirth`,
      "19900514",
      "format",
    ],
    [
      "business-number-short",
      "A Korean business number must have 10 digits. The value 96 is from the sample, where it is in a different field.",
      `${CARD_POINTER}/businessNo`,
      "96",
      "minLength",
    ],
    [
      "password-whole",
      "The field must contain only the first two digits of the password, not all four.",
      `${CARD_POINTER}/cardPasswordDigest`,
      "1234",
      "maxLength",
    ],
    ["cpf-punctuated", "A CPF has 11 digits and no punctuation.", `${CARD_POINTER}/cpf`, "123456789-9", "pattern"],
  ],
  "fetchNonce page, card.expiryYear": [
    [
      "no-year",
      "Every sample has a year. fetchNonce requires it.",
      `${CARD_POINTER}/expiryYear`,
      undefined,
      "required",
    ],
  ],
  "fetchNonce page, card.cardNo": [
    [
      "no-number",
      "Every sample has a number. fetchNonce requires it.",
      `${CARD_POINTER}/cardNo`,
      undefined,
      "required",
    ],
  ],
  "Vault API page, PARAM_ILLEGAL": [
    [
      "number-with-spaces",
      "The card number has spaces, as on the card, so it is not numeric.",
      `${CARD_POINTER}/cardNo`,
      TEST_NUMBERS.global.replace(/(\d{4})(?=\d)/g, "$1 "),
      "pattern",
    ],
    [
      "birth-impossible",
      "The date is impossible, because 2023 was not a leap year.",
      `${CARD_POINTER}/dateOfBirth`,
      "2023-02-29",
      "format",
    ],
  ],
  "Vault API page, note under Structure": [
    [
      "number-native",
      "The card number is a JSON number.",
      `${CARD_POINTER}/cardNo`,
      Number(TEST_NUMBERS.global),
      "type",
    ],
    ["cvv-native", "The CVV is a JSON number.", `${CARD_POINTER}/cvv`, 123, "type"],
    ["id-native", "The ID is a JSON number.", "/vaultingRequestId", 123456789206, "type"],
    ["3ds-capitals", "The value is Python's True as a string.", `${CARD_POINTER}/is3DSAuthentication`, "True", "oneOf"],
  ],
  "SDK comments on Env": [
    [
      "color-depth-native",
      "In the SDKs, only timeZoneOffset is an integer. colorDepth is a string.",
      "/env/colorDepth",
      24,
      "type",
      "enum",
    ],
    ["color-depth-unlisted", "The comment does not list this value.", "/env/colorDepth", "12", "enum"],
    ["screen-height-zero", "The range starts at 1.", "/env/screenHeight", "0", "pattern"],
    ["offset-721", "The range ends at 720.", "/env/timeZoneOffset", 721, "oneOf"],
  ],
  "five SDKs, is3DSAuthentication": [
    ["3ds-number", "The value is a number instead of a Boolean.", `${CARD_POINTER}/is3DSAuthentication`, 1, "oneOf"],
  ],
  "five SDKs, TerminalType": [
    ["terminal-lowercase", "Lowercase is accepted only for app, as in the sample.", "/env/terminalType", "web", "enum"],
  ],
  "Vault API page, sample request": [
    ["no-terminal", "terminalType is in every sample.", "/env/terminalType", undefined, "required"],
  ],
  "Vault API page, env": [["no-env", "env is REQUIRED.", "/env", undefined, "required"]],
  "Vault API page, redirectUrl": [
    ["no-redirect-url", "redirectUrl is REQUIRED.", "/redirectUrl", undefined, "required"],
    [
      "address-too-long",
      "URLs have at most 2,048 characters.",
      "/redirectUrl",
      `https://merchant.example/${"a".repeat(2024)}`,
      "maxLength",
    ],
    [
      "address-javascript",
      "redirectUrl must be a page of the merchant, not a script.",
      "/redirectUrl",
      "javascript:alert(1)",
      "pattern",
    ],
  ],
  "five SDKs, OsType": [
    ["os-type-as-apple-writes-it", "The enumeration values are in uppercase.", "/env/osType", "iOS", "enum"],
  ],
  "five SDKs, CardBrand": [
    ["brand-lowercase", "The enumeration values are in uppercase.", `${CARD_POINTER}/brand`, "visa", "enum"],
  ],
  "Java SDK 2.2, comment on PaymentMethodDetail": [
    ["type-lowercase", "The only value is CARD.", "/paymentMethodDetail/paymentMethodType", "card", "const"],
  ],
  "Vault API page, merchantRegion": [
    ["region-lowercase", "ISO 3166 codes are in uppercase.", "/merchantRegion", "us", "enum"],
    ["region-reserved", "UK is a reserved code. The country code is GB.", "/merchantRegion", "UK", "enum"],
  ],
  "encoding page; Go and PHP SDK demos": [
    [
      "address-url-encoded",
      "The encoding page is about URLs in a query. In a body, as in the samples and demos, URLs are not encoded.",
      "/redirectUrl",
      encodeURIComponent("https://merchant.example/cards/done"),
      "pattern",
    ],
  ],
};

const fieldCases: readonly SampleCase[] = createCases(
  INVALID_FIELDS,
  (source, id, description, pointer, value, ...rules) =>
    createInvalidCase({
      id,
      description,
      source,
      body: createVaultRequestWith(id, pointer, value),
      violations: rules.map((rule): Violation => [pointer, rule]),
    }),
);

const INVALID_LUHN_NUMBER = `${TEST_NUMBERS.global.slice(0, -1)}9`;

const otherCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "limit-id-emoji",
    description: "The limit applies to characters: 64 emoji are 64 characters but 128 UTF-16 code units.",
    source: "Vault API page, vaultingRequestId",
    body: createVaultRequest("", { top: { vaultingRequestId: "😀".repeat(64) } }),
  }),
  createInvalidCase({
    id: "number-of-32-digits",
    description: "The comment allows 32 characters, but a card number has at most 19 digits (ISO/IEC 7812).",
    source: "SDK comments on CardPaymentMethodDetail, cardNo",
    body: createVaultRequest("number-32", { card: { cardNo: "0".repeat(32) } }),
    violations: [`${CARD_POINTER}/cardNo`, "maxLength"],
  }),
  createAcceptedCase({
    id: "number-with-incorrect-check-digit",
    description: "The last digit is mistyped. All of Antom's test numbers pass the Luhn check.",
    source: "test card page, success",
    body: createVaultRequest("incorrect-check-digit", { card: { cardNo: INVALID_LUHN_NUMBER } }),
    differences: {
      sandbox: {
        expected: { accepted: false, code: "PARAM_ILLEGAL", violations: [[`${CARD_POINTER}/cardNo`, "luhn"]] },
        reason: "Only the sandbox verifies the check digit. A schema cannot calculate it.",
      },
    },
  }),
  createInvalidCase({
    id: "pay-request",
    description:
      "The sample in older captures of the guide builds an AlipayPayRequest, which has none of the REQUIRED fields.",
    source: "guide “card vaulting”, Java sample",
    body: { paymentRequestId: "pay-1", paymentMethod: { paymentMethodType: "CARD" }, order: { orderAmount: {} } },
    violations: ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl", "paymentMethodDetail", "env"].map(
      (name): Violation => [`/${name}`, "required"],
    ),
  }),
  createInvalidCase({
    id: "java-incorrect-path",
    description: "A path constant in the SDK sends the vaultPaymentMethod request to createVaultingSession.",
    source: "Java SDK 2.2, PathConstants",
    operation: "createVaultingSession",
    body: createVaultRequest("java-incorrect-path"),
    violations: ["/paymentMethodType", "required"],
  }),
];

export const bodyRuleCases: readonly SampleCase[] = [...fieldCases, ...otherCases];
