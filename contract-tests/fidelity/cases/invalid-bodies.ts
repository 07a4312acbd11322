/** Mistakes in a body: what the vendor's pages and SDK comments rule out, although a demo or a guide may do it. */

import { CARD, TEST_NUMBERS, type VaultParts, vault } from "./base-requests.ts";
import { type Break, type Row, refuses, takes } from "./sample-case.ts";

/** A field of the smallest request with a value that is against a rule. */
const MISTAKES: readonly (readonly [
  id: string,
  standsFor: string,
  source: string,
  VaultParts,
  Break | readonly Break[],
])[] = [
  [
    "cvv-two-digits",
    "The page's own example of an invalid CVV.",
    "test card page, invalid data",
    { card: { cvv: "99" } },
    [`${CARD}/cvv`, "minLength"],
  ],
  [
    "month-13",
    "The page's own example of an invalid month.",
    "test card page, invalid data",
    { card: { expiryMonth: "13" } },
    [`${CARD}/expiryMonth`, "pattern"],
  ],
  [
    "month-one-digit",
    "The month has two digits.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { expiryMonth: "8" } },
    [`${CARD}/expiryMonth`, "pattern"],
  ],
  [
    "year-one-digit",
    "The year has two digits.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { expiryYear: "6" } },
    [`${CARD}/expiryYear`, "minLength"],
  ],
  [
    "no-year",
    "In every sample, and REQUIRED in the sister API.",
    "fetchNonce page, card.expiryYear",
    { card: { expiryYear: undefined } },
    [`${CARD}/expiryYear`, "required"],
  ],
  [
    "no-number",
    "In every sample, and REQUIRED in the sister API.",
    "fetchNonce page, card.cardNo",
    { card: { cardNo: undefined } },
    [`${CARD}/cardNo`, "required"],
  ],
  [
    "number-with-blanks",
    "A number as it is printed on the card: a non-numeric input.",
    "Vault API page, PARAM_ILLEGAL",
    { card: { cardNo: TEST_NUMBERS.global.replace(/(\d{4})(?=\d)/g, "$1 ") } },
    [`${CARD}/cardNo`, "pattern"],
  ],
  [
    "number-native",
    "A value without its quotation marks: wrong type.",
    "Vault API page, note under Structure",
    { card: { cardNo: Number(TEST_NUMBERS.global) } },
    [`${CARD}/cardNo`, "type"],
  ],
  [
    "cvv-native",
    "The same for the CVV.",
    "Vault API page, note under Structure",
    { card: { cvv: 123 } },
    [`${CARD}/cvv`, "type"],
  ],
  [
    "id-native",
    "The same for the ID.",
    "Vault API page, note under Structure",
    { top: { vaultingRequestId: 123456789206 } },
    ["/vaultingRequestId", "type"],
  ],
  [
    "colour-depth-native",
    "Only timeZoneOffset is an integer in the SDKs; colorDepth is a text.",
    "SDK comments on Env",
    { env: { colorDepth: 24 } },
    [
      ["/env/colorDepth", "type"],
      ["/env/colorDepth", "enum"],
    ],
  ],
  [
    "colour-depth-unlisted",
    "No screen has it, and the comment does not list it.",
    "SDK comments on Env",
    { env: { colorDepth: "12" } },
    ["/env/colorDepth", "enum"],
  ],
  [
    "screen-of-nothing",
    "The range begins at 1.",
    "SDK comments on Env",
    { env: { screenHeight: "0" } },
    ["/env/screenHeight", "pattern"],
  ],
  [
    "offset-721",
    "The range ends at 720.",
    "SDK comments on Env",
    { env: { timeZoneOffset: 721 } },
    ["/env/timeZoneOffset", "oneOf"],
  ],
  [
    "3ds-number",
    "A Boolean is true or false, native or quoted, and no 1.",
    "five SDKs, is3DSAuthentication",
    { card: { is3DSAuthentication: 1 } },
    [`${CARD}/is3DSAuthentication`, "oneOf"],
  ],
  [
    "3ds-capitals",
    "Nor is it Python's True in quotation marks.",
    "Vault API page, note under Structure",
    { card: { is3DSAuthentication: "True" } },
    [`${CARD}/is3DSAuthentication`, "oneOf"],
  ],
  [
    "terminal-lower-case",
    "Only the sample's own app is tolerated in lower case.",
    "five SDKs, TerminalType",
    { env: { terminalType: "web" } },
    ["/env/terminalType", "enum"],
  ],
  [
    "no-terminal",
    "The one field of env that stands in every sample.",
    "Vault API page, sample request",
    { env: { terminalType: undefined } },
    ["/env/terminalType", "required"],
  ],
  ["no-env", "env is REQUIRED.", "Vault API page, env", { top: { env: undefined } }, ["/env", "required"]],
  [
    "no-redirect-url",
    "redirectUrl is REQUIRED.",
    "Vault API page, redirectUrl",
    { top: { redirectUrl: undefined } },
    ["/redirectUrl", "required"],
  ],
  [
    "os-type-as-apple-writes-it",
    "The enumeration is upper case.",
    "five SDKs, OsType",
    { env: { osType: "iOS" } },
    ["/env/osType", "enum"],
  ],
  [
    "brand-lower-case",
    "The enumeration is upper case.",
    "five SDKs, CardBrand",
    { card: { brand: "visa" } },
    [`${CARD}/brand`, "enum"],
  ],
  [
    "type-lower-case",
    "Fixed to CARD.",
    "Java SDK 2.2, comment on PaymentMethodDetail",
    { detail: { paymentMethodType: "card" } },
    ["/paymentMethodDetail/paymentMethodType", "const"],
  ],
  [
    "region-lower-case",
    "ISO 3166 writes its codes in capitals.",
    "Vault API page, merchantRegion",
    { top: { merchantRegion: "us" } },
    ["/merchantRegion", "enum"],
  ],
  [
    "region-reserved",
    "UK is reserved and no country's code: Great Britain is GB.",
    "Vault API page, merchantRegion",
    { top: { merchantRegion: "UK" } },
    ["/merchantRegion", "enum"],
  ],
  [
    "birth-eight-digits",
    "The comment calls YYYY-MM-DD “8-digit”; the hyphens belong to it.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { dateOfBirth: "19900514" } },
    [`${CARD}/dateOfBirth`, "format"],
  ],
  [
    "birth-impossible",
    "An invalid date: 2023 was no leap year.",
    "Vault API page, PARAM_ILLEGAL",
    { card: { dateOfBirth: "2023-02-29" } },
    [`${CARD}/dateOfBirth`, "format"],
  ],
  [
    "business-number-short",
    "A Korean business number has ten digits; the sample's 96 stands under another name.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { businessNo: "96" } },
    [`${CARD}/businessNo`, "minLength"],
  ],
  [
    "password-whole",
    "Only the first two digits of the password are asked for.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { cardPasswordDigest: "1234" } },
    [`${CARD}/cardPasswordDigest`, "maxLength"],
  ],
  [
    "cpf-punctuated",
    "A CPF has eleven characters, so it stands without its full stops and hyphen.",
    "SDK comments on CardPaymentMethodDetail",
    { card: { cpf: "123456789-9" } },
    [`${CARD}/cpf`, "pattern"],
  ],
  [
    "address-too-long",
    "Addresses end at 2048 characters.",
    "Vault API page, redirectUrl",
    { top: { redirectUrl: `https://merchant.example/${"a".repeat(2024)}` } },
    ["/redirectUrl", "maxLength"],
  ],
  [
    "address-of-a-script",
    "What the buyer is redirected to is a page of the merchant.",
    "Vault API page, redirectUrl",
    { top: { redirectUrl: "javascript:alert(1)" } },
    ["/redirectUrl", "pattern"],
  ],
  [
    "address-url-encoded",
    "The encoding page wants addresses in a query encoded; a body holds them plain, as samples and demos do.",
    "encoding page; Go and PHP SDK demos",
    { top: { redirectUrl: encodeURIComponent("https://merchant.example/cards/done") } },
    ["/redirectUrl", "pattern"],
  ],
];

const fieldRows: readonly Row[] = MISTAKES.map(([id, standsFor, source, parts, breaks]) =>
  refuses({ id, standsFor, source, body: vault(id, parts), breaks }),
);

const luhnFailing = `${TEST_NUMBERS.global.slice(0, -1)}9`;

const oddRows: readonly Row[] = [
  takes({
    id: "limit-id-emoji",
    standsFor: "The page counts characters: 64 emoji are 64 of them, though 128 units of UTF-16.",
    source: "Vault API page, vaultingRequestId",
    body: vault("", { top: { vaultingRequestId: "😀".repeat(64) } }),
  }),
  refuses({
    id: "number-of-32-digits",
    standsFor: "The field's limit of 32 characters is no length of a card number: ISO/IEC 7812 ends at 19 digits.",
    source: "SDK comments on CardPaymentMethodDetail, cardNo",
    body: vault("number-32", { card: { cardNo: "0".repeat(32) } }),
    breaks: [`${CARD}/cardNo`, "maxLength"],
  }),
  takes({
    id: "number-without-check-digit",
    standsFor: "A mistyped last digit. The vendor's test numbers all pass the Luhn check.",
    source: "test card page, success",
    body: vault("no-check-digit", { card: { cardNo: luhnFailing } }),
    differs: {
      sandbox: {
        verdict: { accepted: false, code: "PARAM_ILLEGAL", breaks: [[`${CARD}/cardNo`, "luhn"]] },
        because: "The check digit is a rule of the gateway that keeps state: a schema cannot calculate.",
      },
    },
  }),
  refuses({
    id: "pay-request",
    standsFor: "Older captures of the guide build an AlipayPayRequest: none of the REQUIRED fields is in it.",
    source: "guide “card vaulting”, Java sample",
    body: { paymentRequestId: "pay-1", paymentMethod: { paymentMethodType: "CARD" }, order: { orderAmount: {} } },
    breaks: ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl", "paymentMethodDetail", "env"].map(
      (name): Break => [`/${name}`, "required"],
    ),
  }),
  refuses({
    id: "java-wrong-path",
    standsFor: "A path constant of the SDK sends the request of vaultPaymentMethod to createVaultingSession.",
    source: "Java SDK 2.2, PathConstants",
    operation: "createVaultingSession",
    body: vault("java-wrong-path"),
    breaks: ["/paymentMethodType", "required"],
  }),
];

export const mistakeRows: readonly Row[] = [...fieldRows, ...oddRows];
