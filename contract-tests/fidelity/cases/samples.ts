/** Requests that Antom's pages and guides show or describe. */

import { CARD_POINTER, inquiry, REDIRECT_URL, session, TEST_NUMBERS, vault } from "./base-requests.ts";
import { accepts, rejects, type SampleCase } from "./sample-case.ts";
import { SAMPLE_REQUEST } from "./seed-sample.ts";

const GUIDE = "guide “card vaulting”, sample request";
const TEST_CARDS = "test card page";

const vaultCases: readonly SampleCase[] = [
  accepts({
    id: "sample",
    description: "The page's sample, byte for byte: app in lowercase, URLs without a scheme.",
    source: "Vault API page, sample request",
    body: SAMPLE_REQUEST,
  }),
  accepts({
    id: "sample-uppercase",
    description: "The sample's terminalType in uppercase, as in the enumeration.",
    source: "five SDKs, TerminalType",
    body: vault("uppercase", { env: { terminalType: "APP" } }),
  }),
  accepts({
    id: "guide-two-digits",
    description: "The guide's smallest request (no brand, no CVV, no name), with a two-digit year.",
    source: GUIDE,
    body: vault("guide-two-digits"),
  }),
  rejects({
    id: "guide-four-digits",
    description: "The guide's request as printed, with a four-digit year. The field's limit is two digits.",
    source: GUIDE,
    body: vault("guide-four-digits", { card: { expiryYear: "2030" } }),
    violations: [`${CARD_POINTER}/expiryYear`, "maxLength"],
  }),
  rejects({
    id: "guide-misnamed-type",
    description: "The guide's table names the field paymentMethod instead of paymentMethodType.",
    source: "guide “card vaulting”, table of fields",
    body: vault("misnamed", { detail: { paymentMethodType: undefined, paymentMethod: "CARD" } }),
    violations: ["/paymentMethodDetail/paymentMethodType", "required"],
  }),
  rejects({
    id: "guide-no-notification-url",
    description: "The guide says that the URL can be set in the dashboard. The API page marks the field REQUIRED.",
    source: "guide “card vaulting”, table of fields",
    body: vault("no-notification-url", { top: { vaultingNotificationUrl: undefined } }),
    violations: ["/vaultingNotificationUrl", "required"],
  }),
  accepts({
    id: "vault-3ds-native",
    description:
      "Requests 3-D Secure with native Booleans and integers, as the SDKs write them: the buyer must open a page.",
    source: "five SDKs, CardPaymentMethodDetail, Env and BrowserInfo",
    body: vault("native", {
      card: { is3DSAuthentication: true },
      env: { timeZoneOffset: -120, browserInfo: { javaEnabled: false, javaScriptEnabled: true } },
    }),
    resultCode: "VERIFICATION_IN_PROCESS",
  }),
  accepts({
    id: "vault-3ds-quoted",
    description: "Requests 3-D Secure with every value as a string, as the page's note on data types requires.",
    source: "Vault API page, note under Structure",
    body: vault("quoted", {
      card: { is3DSAuthentication: "true" },
      env: { timeZoneOffset: "-120", browserInfo: { javaEnabled: "false", javaScriptEnabled: "true" } },
    }),
    resultCode: "VERIFICATION_IN_PROCESS",
  }),
  accepts({
    id: "vault-3ds-quoted-false",
    description: "The string false means false: no challenge.",
    source: "Vault API page, note under Structure",
    body: vault("quoted-false", { card: { is3DSAuthentication: "false" } }),
  }),
  accepts({
    id: "vault-3ds-exempt",
    description: "The exemption card is vaulted immediately, although 3-D Secure is requested.",
    source: `${TEST_CARDS}, 3DS exemption`,
    body: vault("exempt", { card: { cardNo: TEST_NUMBERS.exempt, is3DSAuthentication: true } }),
  }),
  accepts({
    id: "vault-failing-card",
    description: "A valid request with a card that is declined.",
    source: `${TEST_CARDS}, failure`,
    body: vault("failing", { card: { cardNo: TEST_NUMBERS.failing, brand: "VISA", cvv: "123" } }),
    resultCode: "PROCESS_FAIL",
  }),
  accepts({
    id: "vault-expired-test-card",
    description: "A test card with an expiry date in the past.",
    source: `${TEST_CARDS}, note under the table`,
    body: vault("expired", { card: { expiryYear: "20", expiryMonth: "01" } }),
  }),
  accepts({
    id: "vault-korea-personal",
    description: "A personal card of a Korean bank, with the date of birth and the first two digits of the password.",
    source: `${TEST_CARDS}, South Korea; SDK comments on CardPaymentMethodDetail`,
    body: vault("korea", {
      card: { cardNo: TEST_NUMBERS.korea, brand: "HYUNDAI", dateOfBirth: "1990-05-14", cardPasswordDigest: "12" },
    }),
  }),
  accepts({
    id: "vault-korea-corporate",
    description: "A corporate card of a Korean bank, with a business number of 10 digits.",
    source: "SDK comments on CardPaymentMethodDetail",
    body: vault("korea-corporate", { card: { cardNo: TEST_NUMBERS.korea, businessNo: "1208147521" } }),
  }),
  ...(
    [
      ["brazil", "Brazil"],
      ["mexico", "Mexico"],
      ["chile", "Chile"],
      ["peru", "Peru"],
    ] as const
  ).map(([country, name]) =>
    accepts({
      id: `vault-${country}`,
      description: `A card issued in ${name}, with CVV, name, ${country === "brazil" ? "email, and CPF" : "and email"}.`,
      source: `${TEST_CARDS}, success numbers; SDK comments on CardPaymentMethodDetail`,
      body: vault(country, {
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
  accepts({
    id: "vault-cvv-four-digits",
    description: "The Vault API page allows three digits. The fetchNonce page allows four, for American Express.",
    source: "fetchNonce page, card.cvv",
    body: vault("cvv-4", { card: { cvv: "1234" } }),
  }),
  accepts({
    id: "vault-new-brand",
    description: "A Korean brand that the SDKs added in 2026.",
    source: "Java SDK 2.2, CardBrand",
    body: vault("new-brand", { card: { brand: "TOSSBANK" } }),
  }),
  accepts({
    id: "vault-newer-fields",
    description: "merchantAccountId and metadata, which are not on the older page.",
    source: "Vault API page, Chinese capture of 2026",
    body: vault("newer", { top: { merchantAccountId: "218812000000000001", metadata: '{"customer":"c-17"}' } }),
  }),
  accepts({
    id: "vault-sdk-only-fields",
    description: "Fields that only the SDKs' shared classes have. They are ignored.",
    source: "Java SDK 2.2, AlipayVaultingPaymentMethodRequest and PaymentMethodDetail",
    body: vault("sdk-only", {
      top: { vaultingCurrency: "BRL", customizedInfo: { customizedField1: "a" } },
      detail: { paymentMethodDetailType: "CARD", wallet: { accountNo: "a" }, interactionType: "x" },
      card: { request3DS: true, mpiData: { threeDSVersion: "2.2.0", eci: "05" }, supportedBrands: [] },
    }),
  }),
  accepts({
    id: "vault-region-beyond-the-examples",
    description: "A country that is not among the nine “possible values” of the page.",
    source: "Vault API page, merchantRegion",
    body: vault("region-de", { top: { merchantRegion: "DE" } }),
  }),
  accepts({
    id: "vault-whole-env",
    description: "Every field of Env, in the formats of its comments.",
    source: "SDK comments on Env, vaults_vaultPaymentMethod",
    body: vault("whole-env", {
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
  accepts({
    id: "session-smallest",
    description: "The three fields that the page marks REQUIRED.",
    source: "createVaultingSession page, request parameters",
    operation: "createVaultingSession",
    body: session("session-smallest"),
  }),
  accepts({
    id: "session-whole",
    description: "Every field of the newest page, with a native Boolean.",
    source: "createVaultingSession page, Chinese capture",
    operation: "createVaultingSession",
    body: session("session-whole", { redirectUrl: REDIRECT_URL, merchantRegion: "MY", is3DSAuthentication: true }),
  }),
  accepts({
    id: "session-quoted",
    description: "The Boolean as a string.",
    source: "createVaultingSession page, note on data types",
    operation: "createVaultingSession",
    body: session("session-quoted", { is3DSAuthentication: "true" }),
  }),
  accepts({
    id: "session-unknown-fields",
    description: "passThroughMetadata of an older product, and metadata, which no page lists here. Both are ignored.",
    source: "createVaultingSession page, older APO capture",
    operation: "createVaultingSession",
    body: session("session-unknown", { passThroughMetadata: "{}", metadata: "{}", merchantAccountId: "" }),
  }),
  rejects({
    id: "session-apo-no-notification-url",
    description: "The APO page does not mark the URL REQUIRED. The page of this product does.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: session("session-apo", { vaultingNotificationUrl: undefined }),
    violations: ["/vaultingNotificationUrl", "required"],
  }),
  rejects({
    id: "session-different-method",
    description: "The APO page lists several payment methods. This product accepts only CARD.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: session("session-other", { paymentMethodType: "ALIPAY_CN" }),
    violations: ["/paymentMethodType", "const"],
  }),
  rejects({
    id: "session-three-letter-region",
    description: "A region with three letters.",
    source: "createVaultingSession page, merchantRegion",
    operation: "createVaultingSession",
    body: session("session-region", { merchantRegion: "SGP" }),
    violations: ["/merchantRegion", "enum"],
  }),
  accepts({
    id: "inquiry-smallest",
    description: "An inquiry with only the ID, which is unknown.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: inquiry("unknown-vaulting"),
  }),
  accepts({
    id: "inquiry-of-the-sample",
    description: "An inquiry about the vaulting of the Vault API page's sample.",
    source: "inquireVaulting page, request parameters; Vault API page, sample request",
    operation: "inquireVaulting",
    body: inquiry("123456789206"),
    resultCode: "SUCCESS",
  }),
  accepts({
    id: "inquiry-of-an-account",
    description: "An inquiry from a client with several accounts.",
    source: "inquireVaulting page, newer capture",
    operation: "inquireVaulting",
    body: inquiry("unknown-vaulting", { merchantAccountId: "218812000000000001" }),
  }),
  rejects({
    id: "inquiry-without-id",
    description: "An inquiry with only the account.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: { merchantAccountId: "218812000000000001" },
    violations: ["/vaultingRequestId", "required"],
  }),
  rejects({
    id: "inquiry-long-account",
    description: "An account ID with 65 characters.",
    source: "Java SDK 2.2, comment on AlipayVaultingQueryRequest",
    operation: "inquireVaulting",
    body: inquiry("unknown-vaulting", { merchantAccountId: "a".repeat(65) }),
    violations: ["/merchantAccountId", "maxLength"],
  }),
];

/** The samples on Antom's pages. Some of them violate Antom's rules. */
export const sampleCases: readonly SampleCase[] = [...vaultCases, ...otherCases];
