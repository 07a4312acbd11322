/** Requests that the vendor's pages and guides show or describe. */

import { CARD, inquiry, REDIRECT_URL, session, TEST_NUMBERS, vault } from "./base-requests.ts";
import { accepts, rejects, type SampleCase } from "./sample-case.ts";
import { SAMPLE_REQUEST } from "./seed-sample.ts";

const GUIDE = "guide “card vaulting”, sample request";
const TEST_CARDS = "test card page";

const vaultCases: readonly SampleCase[] = [
  accepts({
    id: "sample",
    standsFor: "The page's own sample, character for character: lower-case app, addresses without a scheme.",
    source: "Vault API page, sample request",
    body: SAMPLE_REQUEST,
  }),
  accepts({
    id: "sample-upper-case",
    standsFor: "The sample's terminalType as the enumeration writes it.",
    source: "five SDKs, TerminalType",
    body: vault("upper-case", { env: { terminalType: "APP" } }),
  }),
  accepts({
    id: "guide-two-digits",
    standsFor: "The guide's smallest request (no brand, no CVV, no name), its year written as the field's text asks.",
    source: GUIDE,
    body: vault("guide-two-digits"),
  }),
  rejects({
    id: "guide-four-digits",
    standsFor: "The guide's request as printed: the year has four digits, where the field's limit is two.",
    source: GUIDE,
    body: vault("guide-four-digits", { card: { expiryYear: "2030" } }),
    breaks: [`${CARD}/expiryYear`, "maxLength"],
  }),
  rejects({
    id: "guide-misnamed-type",
    standsFor: "The guide's table calls the field paymentMethodDetail.paymentMethod; it is paymentMethodType.",
    source: "guide “card vaulting”, table of fields",
    body: vault("misnamed", { detail: { paymentMethodType: undefined, paymentMethod: "CARD" } }),
    breaks: ["/paymentMethodDetail/paymentMethodType", "required"],
  }),
  rejects({
    id: "guide-no-notification-url",
    standsFor: "The guide lets the dashboard hold the address; the API page marks the field REQUIRED, which counts.",
    source: "guide “card vaulting”, table of fields",
    body: vault("no-notification-url", { top: { vaultingNotificationUrl: undefined } }),
    breaks: ["/vaultingNotificationUrl", "required"],
  }),
  accepts({
    id: "vault-3ds-native",
    standsFor: "3-D Secure asked for, Booleans and integer native as the SDKs write them: the buyer is sent to a page.",
    source: "five SDKs, CardPaymentMethodDetail, Env and BrowserInfo",
    body: vault("native", {
      card: { is3DSAuthentication: true },
      env: { timeZoneOffset: -120, browserInfo: { javaEnabled: false, javaScriptEnabled: true } },
    }),
    comes: "VERIFICATION_IN_PROCESS",
  }),
  accepts({
    id: "vault-3ds-quoted",
    standsFor: "The same, every value between quotation marks, as the page's note on data types asks.",
    source: "Vault API page, note under Structure",
    body: vault("quoted", {
      card: { is3DSAuthentication: "true" },
      env: { timeZoneOffset: "-120", browserInfo: { javaEnabled: "false", javaScriptEnabled: "true" } },
    }),
    comes: "VERIFICATION_IN_PROCESS",
  }),
  accepts({
    id: "vault-3ds-quoted-false",
    standsFor: "A quoted false is false, although the text is not empty: no challenge.",
    source: "Vault API page, note under Structure",
    body: vault("quoted-false", { card: { is3DSAuthentication: "false" } }),
  }),
  accepts({
    id: "vault-3ds-exempt",
    standsFor: "The exemption card vaults at once although 3-D Secure is asked for.",
    source: `${TEST_CARDS}, 3DS exemption`,
    body: vault("exempt", { card: { cardNo: TEST_NUMBERS.exempt, is3DSAuthentication: true } }),
  }),
  accepts({
    id: "vault-failing-card",
    standsFor: "A legal request whose card fails is a failure of the card and not of the request.",
    source: `${TEST_CARDS}, failure`,
    body: vault("failing", { card: { cardNo: TEST_NUMBERS.failing, brand: "VISA", cvv: "123" } }),
    comes: "PROCESS_FAIL",
  }),
  accepts({
    id: "vault-expired-test-card",
    standsFor: "Any expiry is accepted with a test card, a past one too.",
    source: `${TEST_CARDS}, note under the table`,
    body: vault("expired", { card: { expiryYear: "20", expiryMonth: "01" } }),
  }),
  accepts({
    id: "vault-korea-personal",
    standsFor: "A personal card of a Korean bank: date of birth and the first two digits of the password.",
    source: `${TEST_CARDS}, South Korea; SDK comments on CardPaymentMethodDetail`,
    body: vault("korea", {
      card: { cardNo: TEST_NUMBERS.korea, brand: "HYUNDAI", dateOfBirth: "1990-05-14", cardPasswordDigest: "12" },
    }),
  }),
  accepts({
    id: "vault-korea-corporate",
    standsFor: "A corporate card of a Korean bank: a business number of ten digits.",
    source: "SDK comments on CardPaymentMethodDetail",
    body: vault("korea-corporate", { card: { cardNo: TEST_NUMBERS.korea, businessNo: "1208147521" } }),
  }),
  ...(["brazil", "mexico", "chile", "peru"] as const).map((country) =>
    accepts({
      id: `vault-${country}`,
      standsFor: `A card issued in ${country}: CVV, name and e-mail${country === "brazil" ? ", and the CPF" : ""}.`,
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
    standsFor: "The vaulting text says three digits, the sister API fetchNonce four: American Express prints four.",
    source: "fetchNonce page, card.cvv",
    body: vault("cvv-4", { card: { cvv: "1234" } }),
  }),
  accepts({
    id: "vault-new-brand",
    standsFor: "One of the Korean banks that the SDKs' list of brands has had since 2026.",
    source: "Java SDK 2.2, CardBrand",
    body: vault("new-brand", { card: { brand: "TOSSBANK" } }),
  }),
  accepts({
    id: "vault-newer-fields",
    standsFor: "merchantAccountId and metadata, which the older page does not have.",
    source: "Vault API page, Chinese capture of 2026",
    body: vault("newer", { top: { merchantAccountId: "218812000000000001", metadata: '{"customer":"c-17"}' } }),
  }),
  accepts({
    id: "vault-sdk-only-fields",
    standsFor: "Fields that only the SDKs' shared classes have are accepted and ignored.",
    source: "Java SDK 2.2, AlipayVaultingPaymentMethodRequest and PaymentMethodDetail",
    body: vault("sdk-only", {
      top: { vaultingCurrency: "BRL", customizedInfo: { customizedField1: "a" } },
      detail: { paymentMethodDetailType: "CARD", wallet: { accountNo: "a" }, interactionType: "x" },
      card: { request3DS: true, mpiData: { threeDSVersion: "2.2.0", eci: "05" }, supportedBrands: [] },
    }),
  }),
  accepts({
    id: "vault-region-beyond-the-examples",
    standsFor: "The page introduces its nine countries as “some possible values”: another one is legal.",
    source: "Vault API page, merchantRegion",
    body: vault("region-de", { top: { merchantRegion: "DE" } }),
  }),
  accepts({
    id: "vault-whole-env",
    standsFor: "Every field of Env, in the forms that its comments give.",
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
    standsFor: "The three fields that the session's page marks REQUIRED.",
    source: "createVaultingSession page, request parameters",
    operation: "createVaultingSession",
    body: session("session-smallest"),
  }),
  accepts({
    id: "session-whole",
    standsFor: "Every field of the newest page, the Boolean native.",
    source: "createVaultingSession page, Chinese capture",
    operation: "createVaultingSession",
    body: session("session-whole", { redirectUrl: REDIRECT_URL, merchantRegion: "MY", is3DSAuthentication: true }),
  }),
  accepts({
    id: "session-quoted",
    standsFor: "The Boolean of a session between quotation marks.",
    source: "createVaultingSession page, note on data types",
    operation: "createVaultingSession",
    body: session("session-quoted", { is3DSAuthentication: "true" }),
  }),
  accepts({
    id: "session-foreign-fields",
    standsFor: "passThroughMetadata of an older product, and metadata, which no page has here, are ignored.",
    source: "createVaultingSession page, older APO capture",
    operation: "createVaultingSession",
    body: session("session-foreign", { passThroughMetadata: "{}", metadata: "{}", merchantAccountId: "" }),
  }),
  rejects({
    id: "session-apo-no-notification-url",
    standsFor: "One product's page does not mark the address REQUIRED; this product's does.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: session("session-apo", { vaultingNotificationUrl: undefined }),
    breaks: ["/vaultingNotificationUrl", "required"],
  }),
  rejects({
    id: "session-other-method",
    standsFor: "Another product's page has a list of payment methods; here it is fixed to CARD.",
    source: "createVaultingSession page, APO capture",
    operation: "createVaultingSession",
    body: session("session-other", { paymentMethodType: "ALIPAY_CN" }),
    breaks: ["/paymentMethodType", "const"],
  }),
  rejects({
    id: "session-three-letter-region",
    standsFor: "A region of more than two letters.",
    source: "createVaultingSession page, merchantRegion",
    operation: "createVaultingSession",
    body: session("session-region", { merchantRegion: "SGP" }),
    breaks: ["/merchantRegion", "enum"],
  }),
  accepts({
    id: "inquiry-smallest",
    standsFor: "An inquiry by the ID alone, of a vaulting that nobody began.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: inquiry("nobody-began-this"),
  }),
  accepts({
    id: "inquiry-of-the-sample",
    standsFor: "An inquiry of a vaulting that is there: the ID of the other page's sample.",
    source: "inquireVaulting page, request parameters; Vault API page, sample request",
    operation: "inquireVaulting",
    body: inquiry("123456789206"),
    comes: "SUCCESS",
  }),
  accepts({
    id: "inquiry-of-an-account",
    standsFor: "One client ID in several locations.",
    source: "inquireVaulting page, newer capture",
    operation: "inquireVaulting",
    body: inquiry("nobody-began-this", { merchantAccountId: "218812000000000001" }),
  }),
  rejects({
    id: "inquiry-without-id",
    standsFor: "An inquiry that names only the account.",
    source: "inquireVaulting page, request parameters",
    operation: "inquireVaulting",
    body: { merchantAccountId: "218812000000000001" },
    breaks: ["/vaultingRequestId", "required"],
  }),
  rejects({
    id: "inquiry-long-account",
    standsFor: "An account ID past its 64 characters.",
    source: "Java SDK 2.2, comment on AlipayVaultingQueryRequest",
    operation: "inquireVaulting",
    body: inquiry("nobody-began-this", { merchantAccountId: "a".repeat(65) }),
    breaks: ["/merchantAccountId", "maxLength"],
  }),
];

/** What the vendor's pages show: most of it legal, some of it against the vendor's own rules. */
export const sampleCases: readonly SampleCase[] = [...vaultCases, ...otherCases];
