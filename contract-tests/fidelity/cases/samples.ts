/** Requests that Antom's pages, guides, and SDKs show or describe. */

import {
  CARD_POINTER,
  createInquiryRequest,
  createSessionRequest,
  createVaultRequest,
  REDIRECT_URL,
  TEST_NUMBERS,
} from "./base-requests.ts";
import { createAcceptedCase, createInvalidCase, type SampleCase } from "./sample-case.ts";
import { SAMPLE_REQUEST } from "./seed-sample.ts";

const GUIDE = "guide “card vaulting”, sample request";
const TEST_CARDS = "test card page";

const vaultCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "sample",
    description: "This is the page's sample, byte for byte. app is in lowercase, and the URLs have no scheme.",
    source: "Vault API page, sample request",
    body: SAMPLE_REQUEST,
  }),
  createAcceptedCase({
    id: "sample-uppercase",
    description: "The sample's terminalType is in uppercase, as in the enumeration.",
    source: "five SDKs, TerminalType",
    body: createVaultRequest("uppercase", { env: { terminalType: "APP" } }),
  }),
  createAcceptedCase({
    id: "guide-two-digits",
    description: "The guide's smallest request (no brand, no CVV, no name) has a two-digit year.",
    source: GUIDE,
    body: createVaultRequest("guide-two-digits"),
  }),
  createInvalidCase({
    id: "guide-four-digits",
    description: "The guide shows the request with a four-digit year. The field's limit is two digits.",
    source: GUIDE,
    body: createVaultRequest("guide-four-digits", { card: { expiryYear: "2030" } }),
    violations: [
      [`${CARD_POINTER}/expiryYear`, "maxLength"],
      [`${CARD_POINTER}/expiryYear`, "pattern"],
    ],
  }),
  createInvalidCase({
    id: "guide-misnamed-type",
    description: "The guide's table names the field paymentMethod instead of paymentMethodType.",
    source: "guide “card vaulting”, table of fields",
    body: createVaultRequest("misnamed", { detail: { paymentMethodType: undefined, paymentMethod: "CARD" } }),
    violations: ["/paymentMethodDetail/paymentMethodType", "required"],
  }),
  createInvalidCase({
    id: "guide-no-notification-url",
    description: "The guide says that the URL can be set in the dashboard. The API page marks the field REQUIRED.",
    source: "guide “card vaulting”, table of fields",
    body: createVaultRequest("no-notification-url", { top: { vaultingNotificationUrl: undefined } }),
    violations: ["/vaultingNotificationUrl", "required"],
  }),
  createAcceptedCase({
    id: "vault-3ds-native",
    description: "The request for 3-D Secure has native Booleans and integers, as the SDKs write them.",
    source: "five SDKs, CardPaymentMethodDetail, Env, and BrowserInfo",
    body: createVaultRequest("native", {
      card: { is3DSAuthentication: true },
      env: { timeZoneOffset: -120, browserInfo: { javaEnabled: false, javaScriptEnabled: true } },
    }),
    resultCode: "VERIFICATION_IN_PROCESS",
  }),
  createAcceptedCase({
    id: "vault-3ds-quoted",
    description: "The request for 3-D Secure has only strings, as the page's note on data types requires.",
    source: "Vault API page, note under Structure",
    body: createVaultRequest("quoted", {
      card: { is3DSAuthentication: "true" },
      env: { timeZoneOffset: "-120", browserInfo: { javaEnabled: "false", javaScriptEnabled: "true" } },
    }),
    resultCode: "VERIFICATION_IN_PROCESS",
  }),
  createAcceptedCase({
    id: "vault-3ds-quoted-false",
    description: "The string false means false, so there is no challenge.",
    source: "Vault API page, note under Structure",
    body: createVaultRequest("quoted-false", { card: { is3DSAuthentication: "false" } }),
  }),
  createAcceptedCase({
    id: "vault-3ds-exempt",
    description: "The exempt card is vaulted immediately, even though 3-D Secure is requested.",
    source: `${TEST_CARDS}, 3DS exemption`,
    body: createVaultRequest("exempt", { card: { cardNo: TEST_NUMBERS.exempt, is3DSAuthentication: true } }),
  }),
  createAcceptedCase({
    id: "vault-failing-card",
    description: "The request is valid, but the issuer declines the card.",
    source: `${TEST_CARDS}, failure`,
    body: createVaultRequest("failing", { card: { cardNo: TEST_NUMBERS.failing, brand: "VISA", cvv: "123" } }),
    resultCode: "PROCESS_FAIL",
  }),
  createAcceptedCase({
    id: "vault-expired-test-card",
    description: "A test card may have an expiry date in the past.",
    source: `${TEST_CARDS}, note under the table`,
    body: createVaultRequest("expired", { card: { expiryYear: "20", expiryMonth: "01" } }),
  }),
  createAcceptedCase({
    id: "vault-korea-personal",
    description:
      "The request for a personal card from a Korean bank contains a date of birth and the first two digits of the password.",
    source: `${TEST_CARDS}, South Korea; SDK comments on CardPaymentMethodDetail`,
    body: createVaultRequest("korea", {
      card: { cardNo: TEST_NUMBERS.korea, brand: "HYUNDAI", dateOfBirth: "1990-05-14", cardPasswordDigest: "12" },
    }),
  }),
  createAcceptedCase({
    id: "vault-korea-corporate",
    description: "The request for a corporate card from a Korean bank contains a 10-digit business number.",
    source: "SDK comments on CardPaymentMethodDetail",
    body: createVaultRequest("korea-corporate", { card: { cardNo: TEST_NUMBERS.korea, businessNo: "1208147521" } }),
  }),
  ...(
    [
      ["brazil", "Brazil"],
      ["mexico", "Mexico"],
      ["chile", "Chile"],
      ["peru", "Peru"],
    ] as const
  ).map(([country, name]) =>
    createAcceptedCase({
      id: `vault-${country}`,
      description: `A card issued in ${name} has a CVV, a name, ${country === "brazil" ? "an email address, and a CPF" : "and an email address"}.`,
      source: `${TEST_CARDS}, success numbers; SDK comments on CardPaymentMethodDetail`,
      body: createVaultRequest(country, {
        card: {
          cardNo: TEST_NUMBERS[country],
          cvv: "123",
          cardholderName: { firstName: "Ana", lastName: "Souza" },
          payerEmail: "ana@buyer.example",
          ...(country === "brazil" ? { cpf: "12345678909" } : {}),
        },
      }),
    }),
  ),
  createAcceptedCase({
    id: "vault-cvv-four-digits",
    description: "The Vault API page allows three digits. The fetchNonce page allows four, for American Express.",
    source: "fetchNonce page, card.cvv",
    body: createVaultRequest("cvv-4", { card: { cvv: "1234" } }),
  }),
  createAcceptedCase({
    id: "vault-new-brand",
    description: "The SDKs added this Korean brand in 2026.",
    source: "Java SDK 2.2, CardBrand",
    body: createVaultRequest("new-brand", { card: { brand: "TOSSBANK" } }),
  }),
  createAcceptedCase({
    id: "vault-newer-fields",
    description: "The newer page adds merchantAccountId and metadata.",
    source: "Vault API page, Chinese capture of 2026",
    body: createVaultRequest("newer", {
      top: { merchantAccountId: "218812000000000001", metadata: '{"customer":"c-17"}' },
    }),
  }),
  createAcceptedCase({
    id: "vault-sdk-only-fields",
    description: "Fields that exist only in the SDKs' shared classes are ignored.",
    source: "Java SDK 2.2, AlipayVaultingPaymentMethodRequest and PaymentMethodDetail",
    body: createVaultRequest("sdk-only", {
      top: { vaultingCurrency: "BRL", customizedInfo: { customizedField1: "a" } },
      detail: { paymentMethodDetailType: "CARD", wallet: { accountNo: "a" }, interactionType: "x" },
      card: { request3DS: true, mpiData: { threeDSVersion: "2.2.0", eci: "05" }, supportedBrands: [] },
    }),
  }),
  createAcceptedCase({
    id: "vault-region-beyond-the-examples",
    description: "A region may be a country that is not among the page's nine “possible values”.",
    source: "Vault API page, merchantRegion",
    body: createVaultRequest("region-de", { top: { merchantRegion: "DE" } }),
  }),
  createAcceptedCase({
    id: "vault-whole-env",
    description: "Every field of Env has the format that its comment describes.",
    source: "SDK comments on Env, vaults_vaultPaymentMethod",
    body: createVaultRequest("whole-env", {
      env: {
        terminalType: "MINI_APP",
        osType: "ANDROID",
        userAgent: "Mozilla/5.0",
        deviceTokenId: "7e1f6a",
        clientIp: "203.0.113.7",
        cookieId: "c-51f0",
        extendInfo: "{}",
        colorDepth: "30",
        screenHeight: "1080",
        screenWidth: "1920",
        timeZoneOffset: -720,
        deviceBrand: "Samsung",
        deviceModel: "SM-S921",
        deviceLanguage: "pt_BR",
        deviceId: "d-90a1",
        osVersion: "14",
        storeTerminalId: "t-1",
        browserInfo: { acceptHeader: "text/html", language: "pt-BR", userAgent: "Mozilla/5.0" },
      },
    }),
  }),
];

const otherCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "session-smallest",
    description: "The smallest session request has only the three fields that the page marks REQUIRED.",
    source: "createVaultingSession page, request parameters",
    operation: "createVaultingSession",
    body: createSessionRequest("session-smallest"),
  }),
  createAcceptedCase({
    id: "session-whole",
    description: "The largest session request has every field on the newest page, including a native Boolean.",
    source: "createVaultingSession page, Chinese capture",
    operation: "createVaultingSession",
    body: createSessionRequest("session-whole", {
      redirectUrl: REDIRECT_URL,
      merchantRegion: "MY",
      is3DSAuthentication: true,
    }),
  }),
  createAcceptedCase({
    id: "session-quoted",
    description: "The Boolean is sent as a string.",
    source: "createVaultingSession page, note on data types",
    operation: "createVaultingSession",
    body: createSessionRequest("session-quoted", { is3DSAuthentication: "true" }),
  }),
  createAcceptedCase({
    id: "session-unknown-fields",
    description: "Two fields that no page lists for this product, passThroughMetadata and metadata, are ignored.",
    source: "createVaultingSession page, older APO capture",
    operation: "createVaultingSession",
    body: createSessionRequest("session-unknown", { passThroughMetadata: "{}", metadata: "{}", merchantAccountId: "" }),
  }),
  createInvalidCase({
    id: "session-apo-no-notification-url",
    description: "The APO page does not mark the URL REQUIRED. This product's page does.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: createSessionRequest("session-apo", { vaultingNotificationUrl: undefined }),
    violations: ["/vaultingNotificationUrl", "required"],
  }),
  createInvalidCase({
    id: "session-different-method",
    description: "The APO page lists several payment methods. This product accepts only CARD.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: createSessionRequest("session-other", { paymentMethodType: "ALIPAY_CN" }),
    violations: ["/paymentMethodType", "const"],
  }),
  createInvalidCase({
    id: "session-three-letter-region",
    description: "A region has two letters, not three.",
    source: "createVaultingSession page, merchantRegion",
    operation: "createVaultingSession",
    body: createSessionRequest("session-region", { merchantRegion: "SGP" }),
    violations: ["/merchantRegion", "enum"],
  }),
  createAcceptedCase({
    id: "inquiry-smallest",
    description: "The smallest inquiry has only an ID, which is unknown in this case.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: createInquiryRequest("unknown-vaulting"),
  }),
  createAcceptedCase({
    id: "inquiry-of-the-sample",
    description: "An inquiry finds the vaulting that the sample request of the Vault API page created.",
    source: "inquireVaulting page, request parameters; Vault API page, sample request",
    operation: "inquireVaulting",
    body: createInquiryRequest("123456789206"),
    resultCode: "SUCCESS",
  }),
  createAcceptedCase({
    id: "inquiry-of-an-account",
    description: "A client with several accounts sends the account ID in an inquiry.",
    source: "inquireVaulting page, newer capture",
    operation: "inquireVaulting",
    body: createInquiryRequest("unknown-vaulting", { merchantAccountId: "218812000000000001" }),
  }),
  createInvalidCase({
    id: "inquiry-without-id",
    description: "An inquiry must contain the vaultingRequestId, not only the account ID.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: { merchantAccountId: "218812000000000001" },
    violations: ["/vaultingRequestId", "required"],
  }),
  createInvalidCase({
    id: "inquiry-long-account",
    description: "An account ID has at most 64 characters, not 65.",
    source: "Java SDK 2.2, comment on AlipayVaultingQueryRequest",
    operation: "inquireVaulting",
    body: createInquiryRequest("unknown-vaulting", { merchantAccountId: "a".repeat(65) }),
    violations: ["/merchantAccountId", "maxLength"],
  }),
];

/** Requests from Antom's pages, guides, and SDKs. Some of them violate Antom's rules. */
export const sampleCases: readonly SampleCase[] = [...vaultCases, ...otherCases];
