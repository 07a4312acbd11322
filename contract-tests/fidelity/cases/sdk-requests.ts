/** What the demos of the vendor's five SDKs send: their heads, their way to write JSON, their mistakes. */

import { CARD, inquiry, NOTIFICATION_URL, REDIRECT_URL, session, toSignatureHeader, vault } from "./base-requests.ts";
import { accepts, type RequestHead, rejects, type SampleCase } from "./sample-case.ts";

const lowerCase = (name: string) => name.toLowerCase();

/** A time of today in ISO 8601: the seconds, then what the SDK writes behind them. */
const isoNow = (behind: string): string => new Date().toISOString().slice(0, 19) + behind;

const JAVA: RequestHead = {
  names: lowerCase,
  extra: { "User-Agent": "global-open-sdk-java/2.2", Accept: "text/xml,text/javascript,text/html" },
};
const PYTHON: RequestHead = {
  names: lowerCase,
  time: isoNow("+00:00"),
  extra: { "Cache-Control": "no-cache", Connection: "keep-alive", Accept: "text/xml,text/javascript,text/html" },
};
const GO: RequestHead = { extra: { "Key-Version": "1", "SDK-VERSION": "1.3.5", "agent-token": "" } };
const NET: RequestHead = {
  names: lowerCase,
  time: isoNow(".1234567Z"),
  extra: { "X-sdkVersion": "2.2.5" },
  // HttpUtility writes the hexadecimal digits of URL encoding in lower case.
  signature: (base64) =>
    toSignatureHeader(encodeURIComponent(base64).replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())),
};
const PHP: RequestHead = {
  names: lowerCase,
  time: `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}+0800`,
};

/** The card of the SDKs' demos, its number exchanged for a published test number. */
const demoRequest = (id: string, expiryYear: string, card: Readonly<Record<string, unknown>> = {}) =>
  vault(id, { card: { brand: "VISA", cvv: "123", expiryYear, ...card } });

const compact = (value: object): string => JSON.stringify(value);
const indented = (value: object): string => JSON.stringify(value, null, 3);

/** `demoYear` is the year of the demo that has four digits; `sendsFalse` tells whether a false Boolean goes out. */
const SDKS = [
  { name: "java", version: "Java SDK 2.2", head: JAVA, write: compact, sendsFalse: true },
  { name: "python", version: "Python SDK 1.5", head: PYTHON, write: indented, demoYear: "2025", sendsFalse: true },
  { name: "go", version: "Go SDK 1.3", head: GO, write: compact, demoYear: "2026", sendsFalse: false },
  { name: "net", version: ".NET SDK 2.2", head: NET, write: compact, demoYear: "2026", sendsFalse: true },
  { name: "php", version: "PHP SDK 1.5", head: PHP, write: compact, demoYear: "2026", sendsFalse: true },
];

/** The same requests from each SDK, each with its own head and its own JSON. */
const demoCases: readonly SampleCase[] = SDKS.flatMap(({ name, version, head, write, demoYear, sendsFalse }) => [
  accepts({
    id: `${name}-vault`,
    standsFor: `The head and the JSON of the SDK around a request of vaultPaymentMethod${demoYear === undefined ? "" : ", its year written with two digits"}.`,
    source: `${version}, ${demoYear === undefined ? "AlipayVaultingPaymentMethodRequest" : "vaulting demo"} and client`,
    head,
    body: write(demoRequest(`${name}-vault`, "26", sendsFalse ? { is3DSAuthentication: false } : {})),
  }),
  accepts({
    id: `${name}-vault-3ds`,
    standsFor: "3-D Secure by a native Boolean.",
    source: `${version}, CardPaymentMethodDetail`,
    head,
    body: write(demoRequest(`${name}-vault-3ds`, "26", { is3DSAuthentication: true })),
    comes: "VERIFICATION_IN_PROCESS",
  }),
  accepts({
    id: `${name}-session`,
    standsFor: "A session as the SDK asks for it.",
    source: `${version}, AlipayVaultingSessionRequest and client`,
    operation: "createVaultingSession",
    head,
    body: write(
      session(`${name}-session`, { redirectUrl: REDIRECT_URL, merchantRegion: "SG", is3DSAuthentication: true }),
    ),
  }),
  accepts({
    id: `${name}-inquiry`,
    standsFor: "An inquiry as the SDK writes it.",
    source: `${version}, AlipayVaultingQueryRequest and client`,
    operation: "inquireVaulting",
    head,
    body: write(inquiry(`${name}-not-begun`)),
  }),
  ...(demoYear === undefined
    ? []
    : [
        rejects({
          id: `${name}-demo-year`,
          standsFor: `The demo as it is: expiryYear ${demoYear}, against the two digits of its own comment.`,
          source: `${version}, vaulting demo`,
          body: write(demoRequest(`${name}-demo-year`, demoYear)),
          breaks: [`${CARD}/expiryYear`, "maxLength"],
        }),
      ]),
]);

const NULLS = "A field that was not set goes out as null, which is no text; a missing field is left out.";

const nullCases: readonly SampleCase[] = [
  rejects({
    id: "net-nulls-inquiry",
    standsFor: NULLS,
    source: ".NET SDK 2.2, JSON of the generated AlipayVaultingQueryRequest",
    operation: "inquireVaulting",
    body: inquiry("net-nulls", { merchantAccountId: null }),
    breaks: ["/merchantAccountId", "type"],
  }),
  rejects({
    id: "net-nulls-vault",
    standsFor: NULLS,
    source: ".NET SDK 2.2, JSON of AlipayVaultingPaymentMethodRequest",
    body: vault("net-nulls-vault", {
      top: { merchantRegion: null, metadata: null },
      card: { brand: null, cardholderName: null },
    }),
    breaks: [
      ["/merchantRegion", "type"],
      ["/merchantRegion", "enum"],
      ["/metadata", "type"],
      [`${CARD}/brand`, "type"],
      [`${CARD}/brand`, "enum"],
      [`${CARD}/cardholderName`, "type"],
    ],
  }),
  rejects({
    id: "php-nulls-session",
    standsFor: NULLS,
    source: "PHP SDK 1.5, JSON of the older request/vaulting classes",
    operation: "createVaultingSession",
    body: session("php-nulls", { redirectUrl: null, is3DSAuthentication: null }),
    breaks: [
      ["/redirectUrl", "type"],
      ["/is3DSAuthentication", "oneOf"],
    ],
  }),
];

const pythonCases: readonly SampleCase[] = [
  accepts({
    id: "python-unserialised-names",
    standsFor: "The demo sets address and user_name on the card. Should they go out one day, they are unknown fields.",
    source: "Python SDK 1.5, vaulting demo",
    head: PYTHON,
    body: indented(demoRequest("python-names", "26", { address: { region: "CN" }, user_name: { firstName: "x" } })),
  }),
  accepts({
    id: "python-older-session",
    standsFor: "The older class keeps the flag under a name of its own, and writes the API's.",
    source: "Python SDK 1.5, request/vaulting",
    operation: "createVaultingSession",
    head: PYTHON,
    body: indented({
      paymentMethodType: "CARD",
      vaultingRequestId: "python-older-session",
      vaultingNotificationUrl: NOTIFICATION_URL,
      is3DSAuthentication: false,
    }),
  }),
];

export const sdkCases: readonly SampleCase[] = [...demoCases, ...nullCases, ...pythonCases];
