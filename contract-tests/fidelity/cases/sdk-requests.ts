/** Requests from Antom's five SDKs and their demos, with the SDKs' headers, JSON formats, and errors. */

import { CARD_POINTER, createVaultRequest, NOTIFICATION_URL, REDIRECT_URL } from "./base-requests.ts";
import { createAcceptedCase, createInvalidCase, type SampleCase } from "./sample-case.ts";
import { OPERATIONS, SDK_CALLS, WIRE_FORMS } from "./sdk-wire-forms.fixture.ts";

/** Returns the request from the SDKs' demos, with a published test number. */
const createDemoRequest = (id: string, expiryYear: string, card: Readonly<Record<string, unknown>> = {}) =>
  createVaultRequest(id, { card: { brand: "VISA", cvv: "123", expiryYear, ...card } });

const NANOSECONDS_IN_PROSE =
  "The document allows nanoseconds in requests only in prose. The header schema describes notifications.";

/** The exact bytes that each SDK sends for each operation. */
const wireCases: readonly SampleCase[] = WIRE_FORMS.flatMap(({ name, sdk, createHead, write }) =>
  SDK_CALLS.map((call) =>
    createAcceptedCase({
      id: `${name}-${call}`,
      description: `The SDK sends ${OPERATIONS[call]}${call === "vault-3ds" ? " with 3-D Secure" : ""}.`,
      source: sdk,
      operation: OPERATIONS[call],
      head: createHead(),
      body: write(call, {
        // The inquiry is about the vaulting of the first case.
        id: `${name}-${call === "inquiry" ? "vault" : call}`,
        notificationUrl: NOTIFICATION_URL,
        redirectUrl: `${REDIRECT_URL}?order=1&step=2`,
      }),
      resultCode: call === "vault-3ds" ? "VERIFICATION_IN_PROCESS" : "SUCCESS",
      ...(name === "go-1.2.18"
        ? { differences: { document: { expected: { accepted: false, code: "" }, reason: NANOSECONDS_IN_PROSE } } }
        : {}),
    }),
  ),
);

/** Unmodified demos, which have a four-digit year although their comments require two digits. */
const demoCases: readonly SampleCase[] = [
  ["python", "Python SDK 1.5", "2025"],
  ["go", "Go SDK 1.3", "2026"],
  ["net", ".NET SDK 2.2", "2026"],
  ["php", "PHP SDK 1.5", "2026"],
].map(([name = "", version = "", year = ""]) =>
  createInvalidCase({
    id: `${name}-demo-year`,
    description: `The unmodified demo has expiryYear ${year}, although its comment requires two digits.`,
    source: `${version}, vaulting demo`,
    body: createDemoRequest(`${name}-demo-year`, year),
    violations: [
      [`${CARD_POINTER}/expiryYear`, "maxLength"],
      [`${CARD_POINTER}/expiryYear`, "pattern"],
    ],
  }),
);

const nullCase: SampleCase = createAcceptedCase({
  id: "net-nulls-vault",
  description: "The SDK sends null for an unset field instead of omitting it.",
  source: ".NET SDK 2.2, JSON of AlipayVaultingPaymentMethodRequest",
  body: createVaultRequest("net-nulls-vault", { top: { merchantRegion: null, metadata: null }, card: { brand: null } }),
  differences: {
    client: {
      expected: {
        accepted: false,
        code: "",
        violations: [
          ["/merchantRegion", "type"],
          ["/merchantRegion", "enum"],
          ["/metadata", "type"],
          [`${CARD_POINTER}/brand`, "type"],
          [`${CARD_POINTER}/brand`, "enum"],
        ],
      },
      reason: "The client is strict in what it sends, because no page says that a gateway accepts null.",
    },
  },
});

const onlySdkCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "sdk-only-fields",
    description: "Fields that exist only in the SDKs' shared classes are accepted and ignored.",
    source: "OpenAPI file of Antom's SDK team and five SDKs, shared classes",
    body: createVaultRequest("sdk-only-fields", {
      top: { vaultingCurrency: "EUR", customizedInfo: "x" },
      detail: {
        paymentMethodDetailType: "CARD",
        interactionType: "x",
        externalAccount: { type: "x" },
        wallet: { accountId: "x" },
        discount: { discountId: "x" },
        coupon: { couponId: "x" },
      },
      card: {
        request3DS: "x",
        scaExemptionIndicator: "x",
        enableAuthenticationUpgrade: "true",
        mpiData: { threeDSVersion: "2.2.0", eci: "05" },
        authenticationFlow: "x",
        supportedBrands: ["VISA"],
      },
      env: { storeTerminalId: "x", storeTerminalRequestTime: "x" },
    }),
  }),
  createAcceptedCase({
    id: "co-badged-card",
    description: "The request contains the brand that the buyer chose, and the ID of an earlier transaction.",
    source: "OpenAPI file of Antom's SDK team, 2026-03-30",
    body: createVaultRequest("co-badged-card", {
      card: { selectedCardBrand: "CARTES_BANCAIRES", networkTransactionId: "123456789012345" },
    }),
  }),
  ...(
    [
      ["name", "cardholderName", { fullName: "Ana Souza" }, ["firstName", "lastName"]],
      ["address", "billingAddress", { city: "hangzhou" }, ["region"]],
    ] as const
  ).map(([name, field, value, missing]) =>
    createInvalidCase({
      id: `incomplete-${name}`,
      description: `The ${name} lacks ${missing.join(" and ")}.`,
      source: "OpenAPI file of Antom's SDK team, required flags",
      body: createVaultRequest(`incomplete-${name}`, { card: { [field]: value } }),
      violations: missing.map((required): [string, string] => [`${CARD_POINTER}/${field}/${required}`, "required"]),
    }),
  ),
];

const pythonCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "python-unserialized-names",
    description:
      "The demo sets address and user_name on the card. The SDK does not send them. If a later version does, they are unknown fields.",
    source: "Python SDK 1.5, vaulting demo",
    body: createDemoRequest("python-names", "30", { address: { region: "CN" }, user_name: { firstName: "x" } }),
  }),
];

export const sdkCases: readonly SampleCase[] = [...wireCases, ...demoCases, nullCase, ...onlySdkCases, ...pythonCases];
