/** Requests of Antom's five SDKs and their demos: headers, JSON format, and errors. */

import {
  CARD_POINTER,
  createInquiryRequest,
  createSessionRequest,
  createVaultRequest,
  formatRawSignatureHeader,
  NOTIFICATION_URL,
  REDIRECT_URL,
} from "./base-requests.ts";
import { createAcceptedCase, createInvalidCase, type RequestHead, type SampleCase } from "./sample-case.ts";

const toLowerCase = (name: string) => name.toLowerCase();

/** Returns the current time in ISO 8601, with the SDK's suffix after the seconds. */
const formatNow = (suffix: string): string => new Date().toISOString().slice(0, 19) + suffix;

const JAVA: RequestHead = {
  names: toLowerCase,
  extra: { "User-Agent": "global-open-sdk-java/2.2", Accept: "text/xml,text/javascript,text/html" },
};
const PYTHON: RequestHead = {
  names: toLowerCase,
  time: formatNow("+00:00"),
  extra: { "Cache-Control": "no-cache", Connection: "keep-alive", Accept: "text/xml,text/javascript,text/html" },
};
const GO: RequestHead = { extra: { "Key-Version": "1", "SDK-VERSION": "1.3.5", "agent-token": "" } };
const NET: RequestHead = {
  names: toLowerCase,
  time: formatNow(".1234567Z"),
  extra: { "X-sdkVersion": "2.2.5" },
  // HttpUtility URL-encodes with lowercase hexadecimal digits.
  signature: (base64) =>
    formatRawSignatureHeader(encodeURIComponent(base64).replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())),
};
const PHP: RequestHead = {
  names: toLowerCase,
  time: `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}+0800`,
};

/** Returns the request from the SDKs' demos, with a published test number. */
const createDemoRequest = (id: string, expiryYear: string, card: Readonly<Record<string, unknown>> = {}) =>
  createVaultRequest(id, { card: { brand: "VISA", cvv: "123", expiryYear, ...card } });

const compactJson = (value: object): string => JSON.stringify(value);
const indentJson = (value: object): string => JSON.stringify(value, null, 3);

/** `demoYear` is the four-digit year of the demo. `sendsFalse` is true if the SDK sends Booleans that are false. */
const SDKS = [
  { name: "java", version: "Java SDK 2.2", head: JAVA, write: compactJson, sendsFalse: true },
  { name: "python", version: "Python SDK 1.5", head: PYTHON, write: indentJson, demoYear: "2025", sendsFalse: true },
  { name: "go", version: "Go SDK 1.3", head: GO, write: compactJson, demoYear: "2026", sendsFalse: false },
  { name: "net", version: ".NET SDK 2.2", head: NET, write: compactJson, demoYear: "2026", sendsFalse: true },
  { name: "php", version: "PHP SDK 1.5", head: PHP, write: compactJson, demoYear: "2026", sendsFalse: true },
];

/** The same requests from each SDK, with its headers and JSON format. */
const demoCases: readonly SampleCase[] = SDKS.flatMap(({ name, version, head, write, demoYear, sendsFalse }) => [
  createAcceptedCase({
    id: `${name}-vault`,
    description: `The SDK sends vaultPaymentMethod with its headers and JSON format${demoYear === undefined ? "" : ", here with a two-digit year"}.`,
    source: `${version}, ${demoYear === undefined ? "AlipayVaultingPaymentMethodRequest" : "vaulting demo"} and client`,
    head,
    body: write(createDemoRequest(`${name}-vault`, "26", sendsFalse ? { is3DSAuthentication: false } : {})),
  }),
  createAcceptedCase({
    id: `${name}-vault-3ds`,
    description: "The SDK requests 3-D Secure with a native Boolean.",
    source: `${version}, CardPaymentMethodDetail`,
    head,
    body: write(createDemoRequest(`${name}-vault-3ds`, "26", { is3DSAuthentication: true })),
    resultCode: "VERIFICATION_IN_PROCESS",
  }),
  createAcceptedCase({
    id: `${name}-session`,
    description: "The SDK creates a session.",
    source: `${version}, AlipayVaultingSessionRequest and client`,
    operation: "createVaultingSession",
    head,
    body: write(
      createSessionRequest(`${name}-session`, {
        redirectUrl: REDIRECT_URL,
        merchantRegion: "SG",
        is3DSAuthentication: true,
      }),
    ),
  }),
  createAcceptedCase({
    id: `${name}-inquiry`,
    description: "The SDK inquires about a vaulting.",
    source: `${version}, AlipayVaultingQueryRequest and client`,
    operation: "inquireVaulting",
    head,
    body: write(createInquiryRequest(`${name}-unknown`)),
  }),
  ...(demoYear === undefined
    ? []
    : [
        createInvalidCase({
          id: `${name}-demo-year`,
          description: `The unmodified demo has expiryYear ${demoYear}, although its comment requires two digits.`,
          source: `${version}, vaulting demo`,
          body: write(createDemoRequest(`${name}-demo-year`, demoYear)),
          violations: [`${CARD_POINTER}/expiryYear`, "maxLength"],
        }),
      ]),
]);

const NULLS = "The SDK sends null for an unset field instead of omitting it.";

const nullCases: readonly SampleCase[] = [
  createInvalidCase({
    id: "net-nulls-inquiry",
    description: NULLS,
    source: ".NET SDK 2.2, JSON of the generated AlipayVaultingQueryRequest",
    operation: "inquireVaulting",
    body: createInquiryRequest("net-nulls", { merchantAccountId: null }),
    violations: ["/merchantAccountId", "type"],
  }),
  createInvalidCase({
    id: "net-nulls-vault",
    description: NULLS,
    source: ".NET SDK 2.2, JSON of AlipayVaultingPaymentMethodRequest",
    body: createVaultRequest("net-nulls-vault", {
      top: { merchantRegion: null, metadata: null },
      card: { brand: null, cardholderName: null },
    }),
    violations: [
      ["/merchantRegion", "type"],
      ["/merchantRegion", "enum"],
      ["/metadata", "type"],
      [`${CARD_POINTER}/brand`, "type"],
      [`${CARD_POINTER}/brand`, "enum"],
      [`${CARD_POINTER}/cardholderName`, "type"],
    ],
  }),
  createInvalidCase({
    id: "php-nulls-session",
    description: NULLS,
    source: "PHP SDK 1.5, JSON of the older request/vaulting classes",
    operation: "createVaultingSession",
    body: createSessionRequest("php-nulls", { redirectUrl: null, is3DSAuthentication: null }),
    violations: [
      ["/redirectUrl", "type"],
      ["/is3DSAuthentication", "oneOf"],
    ],
  }),
];

const pythonCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "python-unserialized-names",
    description:
      "The demo sets address and user_name on the card. The SDK does not send them. If a later version does, they are unknown fields.",
    source: "Python SDK 1.5, vaulting demo",
    head: PYTHON,
    body: indentJson(
      createDemoRequest("python-names", "26", { address: { region: "CN" }, user_name: { firstName: "x" } }),
    ),
  }),
  createAcceptedCase({
    id: "python-older-session",
    description: "The older class has a different name for the flag, but sends the API's name.",
    source: "Python SDK 1.5, request/vaulting",
    operation: "createVaultingSession",
    head: PYTHON,
    body: indentJson({
      paymentMethodType: "CARD",
      vaultingRequestId: "python-older-session",
      vaultingNotificationUrl: NOTIFICATION_URL,
      is3DSAuthentication: false,
    }),
  }),
];

export const sdkCases: readonly SampleCase[] = [...demoCases, ...nullCases, ...pythonCases];
