/** The bytes that each Antom SDK sends for each operation, and how it reads a Signature header. Contains facts about the SDKs, but no SDK code. */
import type { OperationId } from "../../../generated/operations.ts";
import { formatRawSignatureHeader, TEST_NUMBERS } from "./base-requests.ts";
import type { RequestHead, SentHead } from "./sample-case.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface CallValues {
  readonly id: string;
  readonly notificationUrl: string;
  readonly redirectUrl: string;
}

export const SDK_CALLS = ["vault", "vault-3ds", "session", "inquiry"] as const;
export type SdkCall = (typeof SDK_CALLS)[number];

export const OPERATIONS: Readonly<Record<SdkCall, OperationId>> = {
  vault: "vaultPaymentMethod",
  "vault-3ds": "vaultPaymentMethod",
  session: "createVaultingSession",
  inquiry: "inquireVaulting",
};

export interface WireForm {
  /** The prefix of the case IDs. */
  readonly name: string;
  readonly sdk: string;
  readonly createHead: () => RequestHead;
  readonly write: (call: SdkCall, values: CallValues) => string;
  /** Returns the signature in base64 from a Signature header. */
  readonly readSignature: (header: string) => string;
}

const address = { region: "BR", state: "SP", city: "São Paulo", address1: "1 Main Street", zipCode: "01310-000" };

/** Returns the fields that the merchant's program sets, in the order of the SDK classes. */
function createFields(call: SdkCall, { id, notificationUrl, redirectUrl }: CallValues): Fields {
  const common = { vaultingRequestId: id, vaultingNotificationUrl: notificationUrl, redirectUrl, merchantRegion: "BR" };
  if (call === "inquiry") return { vaultingRequestId: id };
  if (call === "session") return { paymentMethodType: "CARD", ...common, is3DSAuthentication: true };
  const card = {
    cardNo: TEST_NUMBERS.global,
    brand: "VISA",
    expiryYear: "30",
    expiryMonth: "12",
    billingAddress: address,
    cardholderName: { firstName: "Zoë", lastName: "O'Neil" },
    cvv: "123",
    ...(call === "vault-3ds" ? { is3DSAuthentication: true } : {}),
  };
  return { ...common, paymentMethodDetail: { card, paymentMethodType: "CARD" }, env: { terminalType: "WEB" } };
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const sortNames = (value: unknown): unknown =>
  isFields(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, inner]) => [name, sortNames(inner)]),
      )
    : value;

const escapeAs = (text: string, pattern: RegExp, format: (hex: string) => string): string =>
  text.replace(pattern, (character) => format(character.charCodeAt(0).toString(16).padStart(4, "0")));
const escapeNonAscii = (text: string): string => escapeAs(text, /[^\0-\x7f]/g, (hex) => `\\u${hex}`);

/** The fields of the .NET classes, in order. The current SDK sends every field. Unset enumerations have their first value instead of null. */
const NET_FIELDS = {
  vault:
    "merchantAccountId metadata vaultingRequestId vaultingNotificationUrl redirectUrl merchantRegion paymentMethodDetail env vaultingCurrency customizedInfo",
  session: "paymentMethodType vaultingRequestId vaultingNotificationUrl redirectUrl merchantRegion is3DSAuthentication",
  inquiry: "vaultingRequestId merchantAccountId",
  paymentMethodDetail:
    "paymentMethodDetailType card externalAccount discount coupon paymentMethodType extendInfo wallet interactionType",
  card:
    "supportedBrands cardToken cardNo brand selectedCardBrand cardIssuer countryIssue instUserName expiryYear expiryMonth billingAddress mask " +
    "last4 paymentMethodDetailMetadata maskedCardNo fingerprint authenticationFlow funding avsResultRaw cvvResultRaw bin issuerName " +
    "issuingCountry lastFour cardholderName cvv dateOfBirth businessNo cardPasswordDigest cpf payerEmail networkTransactionId " +
    "is3DSAuthentication request3DS scaExemptionIndicator enableAuthenticationUpgrade mpiData",
  billingAddress: "region state city address1 address2 zipCode label address3",
  cardholderName: "firstName middleName lastName fullName",
  env:
    "terminalType osType userAgent deviceTokenId clientIp cookieId extendInfo storeTerminalId storeTerminalRequestTime browserInfo colorDepth " +
    "screenHeight screenWidth timeZoneOffset deviceBrand deviceModel deviceLanguage deviceId osVersion",
} as const;
const NET_DEFAULTS: Fields = { selectedCardBrand: "AMEX", paymentMethodDetailType: "CARD", osType: "IOS" };
/** In the older classes, VISA is the first brand, and Booleans and integers cannot be null. */
const OLDER_NET_DEFAULTS: Fields = {
  ...NET_DEFAULTS,
  selectedCardBrand: "VISA",
  is3DSAuthentication: false,
  timeZoneOffset: 0,
};

function fillNetFields(type: string, value: unknown, defaults: Fields): unknown {
  if (!isFields(value) || !(type in NET_FIELDS)) return value;
  const names = NET_FIELDS[type as keyof typeof NET_FIELDS].split(" ");
  return Object.fromEntries(
    names.map((name) => [name, fillNetFields(name, value[name] ?? defaults[name] ?? null, defaults)] as const),
  );
}

function writeNet(call: SdkCall, values: CallValues, withNulls: boolean): string {
  const defaults = withNulls ? NET_DEFAULTS : OLDER_NET_DEFAULTS;
  const fields = fillNetFields(call.replace("-3ds", ""), createFields(call, values), defaults);
  const text = JSON.stringify(fields, (_, value: unknown) => (withNulls ? value : (value ?? undefined)));
  return escapeAs(text, /[^\0-\x7f]|[&'<>+`]/g, (hex) => `\\u${hex.toUpperCase()}`);
}

/** PHP escapes slashes and all characters outside ASCII. */
const writePhp = (value: unknown): string => escapeNonAscii(JSON.stringify(value)).replaceAll("/", "\\/");

/** Go escapes `&`, `<`, and `>`, which are special in HTML. */
const writeGo: WireForm["write"] = (call, values) =>
  escapeAs(JSON.stringify(createFields(call, values)), /[&<>]/g, (hex) => `\\u${hex}`);

const urlEncode = (base64: string): string => formatRawSignatureHeader(encodeURIComponent(base64));

/** Returns the decoded text after `signature=`, as all SDKs except the PHP SDK do. */
const decodeAfterName = (header: string): string =>
  decodeURIComponent((header.split("signature=")[1] ?? "").replaceAll("+", " "));

/** Returns the text after the last equals sign. Decodes it only if it is not base64. */
function decodeAfterLastEquals(header: string): string {
  const value = header.slice(header.lastIndexOf("=") + 1);
  return /[=+/]/.test(value) ? value : decodeURIComponent(value);
}

const formatNow = (suffix: string, offsetHours = 0): string =>
  new Date(Date.now() + offsetHours * 3_600_000).toISOString().slice(0, 19) + suffix;

const createGoHead = (userAgent: string, time: string): RequestHead => ({
  time,
  signature: urlEncode,
  lines: ({ host, path, clientId, signature, length }: SentHead) => [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${userAgent}`,
    `Content-Length: ${length}`,
    "Agent-Token: ",
    `Client-Id: ${clientId}`,
    "Content-Type: application/json",
    "Content-Type: application/json; charset=UTF-8",
    "Key-Version: 1",
    `Request-Time: ${time}`,
    "Sdk-Version: global-open-sdk-go",
    `Signature: ${signature}`,
    "Accept-Encoding: gzip",
  ],
});

function createNetHead(extra: readonly string[]): RequestHead {
  const time = formatNow(".1234567Z");
  return {
    time,
    // HttpUtility URL-encodes with lowercase hexadecimal digits.
    signature: (base64) => urlEncode(base64).replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase()),
    lines: ({ host, path, clientId, signature, length }) => [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      `client-id: ${clientId}`,
      `signature: ${signature}`,
      `request-time: ${time}`,
      ...extra,
      "X-sdkVersion: ams-dotnet.20201113",
      "Content-Type: application/json; charset=UTF-8",
      `Content-Length: ${length}`,
    ],
  };
}

function createPhpHead(): RequestHead {
  const time = formatNow("+0800", 8);
  return {
    time,
    signature: urlEncode,
    // curl sends the lines of the SDK unchanged, without a space after the colon.
    lines: ({ host, path, clientId, signature, length }) => [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      "Accept: */*",
      "Content-Type:application/json; charset=UTF-8",
      `Request-Time:${time}`,
      `client-id:${clientId}`,
      `Signature:${signature}`,
      "User-Agent:global-open-sdk-php/1.5.5",
      `Content-Length: ${length}`,
    ],
  };
}

function createJavaHead(): RequestHead {
  const time = String(Date.now());
  return {
    time,
    signature: urlEncode,
    lines: ({ host, path, clientId, signature, length }) => [
      `POST ${path} HTTP/1.1`,
      "Accept: text/plain,text/xml,text/javascript,text/html",
      "User-Agent: global-open-sdk-java/2.2.8",
      "Content-Type: application/json; charset=UTF-8",
      `Request-Time: ${time}`,
      `Signature: ${signature}`,
      `client-id: ${clientId}`,
      `Host: ${host}`,
      "Connection: keep-alive",
      `Content-Length: ${length}`,
    ],
  };
}

function createPythonHead(): RequestHead {
  const time = formatNow("+00:00");
  return {
    time,
    signature: urlEncode,
    lines: ({ host, path, clientId, signature, length }) => [
      // The SDK passes the whole URL to http.client, but signs only the path.
      `POST https://${host}${path} HTTP/1.1`,
      `Host: ${host}`,
      "Accept-Encoding: identity",
      `Content-Length: ${length}`,
      "Content-type: application/json; charset=UTF-8",
      "Accept: text/plain,text/xml,text/javascript,text/html",
      "Cache-Control: no-cache",
      "Connection: Keep-Alive",
      "User-Agent: global-open-sdk-python/1.5.5",
      `Request-Time: ${time}`,
      `client-id: ${clientId}`,
      `Signature: ${signature}`,
    ],
  };
}

export const WIRE_FORMS = [
  {
    name: "java",
    sdk: "Java SDK 2.2",
    createHead: createJavaHead,
    // The JSON library sorts the fields by name.
    write: (call, values) => JSON.stringify(sortNames(createFields(call, values))),
    readSignature: decodeAfterName,
  },
  {
    name: "python",
    sdk: "Python SDK 1.5",
    createHead: createPythonHead,
    write: (call, values) => escapeNonAscii(JSON.stringify(createFields(call, values), null, 3)),
    readSignature: decodeAfterName,
  },
  {
    name: "php",
    sdk: "PHP SDK 1.5, generated classes",
    createHead: createPhpHead,
    write: (call, values) => writePhp(createFields(call, values)),
    readSignature: decodeAfterLastEquals,
  },
  {
    name: "php-older",
    sdk: "PHP SDK 1.5, older vaulting classes",
    createHead: createPhpHead,
    // The request classes write null for unset fields, but the classes inside them omit unset fields.
    write: (call, values) =>
      writePhp(
        call === "session"
          ? { ...createFields(call, values), merchantRegion: null, is3DSAuthentication: null }
          : call === "inquiry"
            ? createFields(call, values)
            : { ...createFields(call, values), merchantRegion: null },
      ),
    readSignature: decodeAfterLastEquals,
  },
  {
    name: "go-1.2.18",
    sdk: "Go SDK 1.2.18",
    createHead: () => createGoHead("Go-http-client/1.1", `${Date.now()}123456`),
    write: writeGo,
    readSignature: decodeAfterName,
  },
  {
    name: "go",
    sdk: "Go SDK 1.3.5",
    createHead: () => createGoHead("global-open-sdk-go/1.3.5", String(Date.now())),
    write: writeGo,
    readSignature: decodeAfterName,
  },
  {
    name: "net-older",
    sdk: ".NET SDK before 2025-11-13",
    createHead: () => createNetHead([]),
    write: (call, values) => writeNet(call, values, false),
    readSignature: decodeAfterName,
  },
  {
    name: "net",
    sdk: ".NET SDK 2.2",
    createHead: () => createNetHead(["User-Agent: global-open-sdk-dotnet/2.2.5"]),
    write: (call, values) => writeNet(call, values, true),
    readSignature: decodeAfterName,
  },
] as const satisfies readonly WireForm[];
