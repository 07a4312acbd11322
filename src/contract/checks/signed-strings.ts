/**
 * Strings that a faulty gateway might use instead of the string to sign, such as a string with a reserialized body. Each row yields a check, which
 * signs that string, and a faulty server, which accepts the signature.
 */
import { createHash } from "node:crypto";
import { type SignedMessage, stringToSign } from "../../signature/index.ts";

/** The parts of a request that its signature covers, as received. */
export interface ReceivedParts {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Buffer;
}

export interface SignedStringRow {
  readonly id: string;
  /** Describes the signed string. Completes the title `rejects a signature over …`. */
  readonly title: string;
  /** Returns changes to a valid request that make its string to sign differ from the signed string. */
  readonly send: (valid: ReceivedParts) => Partial<ReceivedParts>;
  /** Returns the parts that are signed differently, or the complete signed string. */
  readonly sign: (received: ReceivedParts) => Partial<SignedMessage> | string;
}

type Text = string | Buffer;
type BodyRow = readonly [
  id: string,
  title: string,
  send: (text: string) => Text,
  normalize: (text: string, bytes: Buffer) => Text,
];

const same = <Value>(value: Value): Value => value;
const setName = (name: string) => (text: string) => text.replace('"Ana"', `"${name}"`);
const addField = (field: string) => (text: string) => text.replace("{", `{${field},`);
const indent = (text: string) => JSON.stringify(JSON.parse(text), null, 2);
const compact = (text: string) => JSON.stringify(JSON.parse(text));
const withCrlf = (text: string) => text.replaceAll("\n", "\r\n");
const toBuffer = (text: Text) => (typeof text === "string" ? Buffer.from(text) : text);
const hash = (text: Text) => createHash("sha256").update(text);
const sortFields = (_: string, value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
const escapeNonAscii = (text: string) =>
  text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const bodyRows: readonly BodyRow[] = [
  ["trailing-line-feed", "without its trailing line feed", (text) => `${text}\n`, (text) => text.trimEnd()],
  ["leading-space", "without its leading space", (text) => ` ${text}`, (text) => text.trimStart()],
  ["added-line-feed", "with an added line feed", same, (text) => `${text}\n`],
  ["crlf", "with LF instead of CRLF", (text) => withCrlf(indent(text)), (text) => text.replaceAll("\r\n", "\n")],
  ["line-ends", "with CRLF instead of LF", indent, withCrlf],
  ["joined-lines", "without its line breaks", indent, (text) => text.replace(/[\r\n]/g, "")],
  ["reserialized", "without its indentation", indent, compact],
  ["indented", "with added indentation", same, indent],
  ["spaced", "with a space after each colon", same, (text) => text.replaceAll('":', '": ')],
  ["without-spaces", "without the spaces in its values", setName("Ana Maria"), (text) => text.replace(/\s/g, "")],
  ["sorted", "with its fields in alphabetical order", same, (text) => JSON.stringify(JSON.parse(text, sortFields))],
  [
    "without-null",
    "without its null field",
    addField('"referenceId":null'),
    (text) => text.replace(/"\w+":null,/g, ""),
  ],
  ["known-fields", "without its unknown field", addField('"extra":1'), (text) => text.replace('"extra":1,', "")],
  ["duplicate-field", "without its duplicate field", addField('"vaultingRequestId":"other"'), compact],
  ["nfc", "normalized to Unicode form NFC", setName("Ane\u0301"), (text) => text.normalize("NFC")],
  ["nfd", "normalized to Unicode form NFD", setName("An\u00e9"), (text) => text.normalize("NFD")],
  ["nfkc", "normalized to Unicode form NFKC", setName("\uff21na"), (text) => text.normalize("NFKC")],
  ["unescaped", "without its Unicode escapes", setName("An\\u00e9"), compact],
  ["escaped", "with added Unicode escapes", setName("An\u00e9"), escapeNonAscii],
  ["escaped-slashes", "with escaped slashes", same, (text) => text.replaceAll("/", "\\/")],
  ["unescaped-slashes", "without its escaped slashes", (text) => text.replaceAll("/", "\\/"), compact],
  ["html-escaped", "with an escaped ampersand", setName("A&a"), (text) => text.replaceAll("&", "\\u0026")],
  ["url-decoded", "in URL-decoded form", setName("A%6Ea"), (text) => text.replaceAll("%6E", "n")],
  ["plus-as-space", "with a space instead of its plus sign", setName("A+a"), (text) => text.replaceAll("+", " ")],
  ["lowercase", "in lowercase", same, (text) => text.toLowerCase()],
  ["byte-order-mark", "without its byte order mark", (text) => `\uFEFF${text}`, (text) => text.replace(/^\uFEFF/, "")],
  ["added-byte-order-mark", "with an added byte order mark", same, (text) => `\uFEFF${text}`],
  ["latin-1", "in ISO 8859-1", setName("An\u00e9"), (text) => Buffer.from(text, "latin1")],
  ["from-latin-1", "decoded as ISO 8859-1", setName("An\u00e9"), (_, bytes) => bytes.toString("latin1")],
  ["utf-16", "in UTF-16", same, (text) => Buffer.from(text, "utf16le")],
  [
    "ascii",
    "with question marks instead of its accented letters",
    setName("An\u00e9"),
    (text) => text.replace(/[^ -~]/g, "?"),
  ],
  [
    "replacement-character",
    "with replacement characters instead of its invalid bytes",
    (text) => Buffer.from(setName("An\u00e9")(text), "latin1"),
    same,
  ],
  ["nul", "up to its NUL character", (text) => `${text}\0{}`, (text) => text.replace(/\0.*/, "")],
  ["first-object", "up to the end of its first object", (text) => `${text}{}`, (text) => text.replace(/\{\}$/, "")],
  ["hash", "as a hexadecimal SHA-256 hash", same, (_, bytes) => hash(bytes).digest("hex")],
  ["base64-hash", "as a base64 SHA-256 hash", same, (_, bytes) => hash(bytes).digest("base64")],
  ["base64", "in base64", same, (_, bytes) => bytes.toString("base64")],
  ["omitted", "as an empty string", same, () => ""],
  ["without-card", "without the payment method", same, (text) => text.replace(/"paymentMethodDetail":.*(?="env")/, "")],
  [
    "end-of-long-body",
    "with a change after its first 24 KiB",
    (text) => `${text.slice(0, -1)},"extra":"${"x".repeat(24 * 1024)}1"}`,
    (text) => text.replace(/1"\}$/, '2"}'),
  ],
  ...[256, 1024, 4096, 8192, 16384].map(
    (size): BodyRow => [
      `first-${size}-bytes`,
      `truncated to ${size} bytes`,
      (text) => text + " ".repeat(size),
      (_, bytes) => bytes.subarray(0, size),
    ],
  ),
];

type PathRow = readonly [
  id: string,
  title: string,
  send: (path: string) => string,
  normalize: (path: string) => string,
];

const pathRows: readonly PathRow[] = [
  ["lowercase", "in lowercase", same, (path) => path.toLowerCase()],
  [
    "letter-case",
    "in the documented letter case, although it was sent in a different one",
    (path) => path.replace("/v1/vaults/", "/V1/Vaults/"),
    (path) => path.replace("/V1/Vaults/", "/v1/vaults/"),
  ],
  ["decoded", "in URL-decoded form", (path) => path.replace("PaymentM", "Payment%4D"), (path) => decodeURI(path)],
  ["encoded", "in URL-encoded form", same, encodeURIComponent],
  ["trailing-slash", "without its trailing slash", (path) => `${path}/`, (path) => path.replace(/\/$/, "")],
  ["added-slash", "with an added trailing slash", same, (path) => `${path}/`],
  [
    "double-slash",
    "without its double slash",
    (path) => path.replace("/v1/", "//v1/"),
    (path) => path.replace("//", "/"),
  ],
  ["relative", "without its first slash", same, (path) => path.slice(1)],
  ["without-base", "without the base path", same, (path) => path.slice(path.indexOf("/v1/"))],
  ["operation", "reduced to the name of the operation", same, (path) => path.slice(path.lastIndexOf("/") + 1)],
  [
    "other-environment",
    "of the other environment",
    same,
    (path) => (path.includes("/sandbox/") ? path.replace("/sandbox/", "/") : path.replace("/api/", "/sandbox/api/")),
  ],
  [
    "sorted-query",
    "with its query in alphabetical order",
    (path) => `${path}?b=1&a=1`,
    (path) => path.replace("b=1&a=1", "a=1&b=1"),
  ],
  ["added-query", "with an added query", same, (path) => `${path}?a=1`],
];

const stringRows: readonly SignedStringRow[] = [
  ...(
    [
      ["parsed", "in milliseconds, although it was sent in ISO 8601", "Z", (time) => String(Date.parse(time))],
      ["zone", "with Z, although it was sent with +00:00", "+00:00", (time) => time.replace("+00:00", "Z")],
      ["fraction", "without a fraction, although it was sent with .000", ".000Z", (time) => time.replace(".000", "")],
    ] as const satisfies readonly (readonly [string, string, string, (time: string) => string])[]
  ).map(
    ([id, title, suffix, normalize]): SignedStringRow => ({
      id: `time-${id}`,
      title: `the time ${title}`,
      send: () => ({ time: new Date().toISOString().slice(0, 19) + suffix }),
      sign: (received) => ({ time: normalize(received.time) }),
    }),
  ),
  ...(
    [
      [
        "time-in-seconds",
        "the time in seconds, although it was sent in milliseconds",
        ({ time }) => ({ time: time.slice(0, -3) }),
      ],
      [
        "time-in-iso",
        "the time in ISO 8601, although it was sent in milliseconds",
        ({ time }) => ({ time: new Date(Number(time)).toISOString() }),
      ],
      ["client-lowercase", "the client ID in lowercase", ({ clientId }) => ({ clientId: clientId.toLowerCase() })],
      [
        "client-prefix",
        "the client ID without SANDBOX_",
        ({ clientId }) => ({ clientId: clientId.replace("SANDBOX_", "") }),
      ],
      ["without-client", "the string to sign with an empty client ID", () => ({ clientId: "" })],
      ["without-time", "the string to sign with an empty time", () => ({ time: "" })],
      ["without-path", "the string to sign with an empty path", () => ({ path: "" })],
      ["lowercase-method", "the method in lowercase", () => ({ method: "post" })],
      ["other-method", "the method GET", () => ({ method: "GET" })],
      [
        "without-method",
        "the string to sign without the method",
        (p) => `${p.path}\n${p.clientId}.${p.time}.${p.body}`,
      ],
      ["without-first-line", "the string to sign without its first line", (p) => `${p.clientId}.${p.time}.${p.body}`],
      ["first-line", "the first line of the string to sign", (p) => `POST ${p.path}`],
      ["head", "the string to sign without the body and its period", (p) => `POST ${p.path}\n${p.clientId}.${p.time}`],
      ["body-only", "the body alone", (p) => String(p.body)],
      ["time-and-body", "the time and the body", (p) => `${p.time}.${p.body}`],
      [
        "time-first",
        "the string to sign with the time before the client ID",
        (p) => `POST ${p.path}\n${p.time}.${p.clientId}.${p.body}`,
      ],
      [
        "body-first",
        "the string to sign with the body before the client ID",
        (p) => `POST ${p.path}\n${p.body}.${p.clientId}.${p.time}`,
      ],
      [
        "crlf-separator",
        "the string to sign with CRLF after the path",
        (p) => `POST ${p.path}\r\n${p.clientId}.${p.time}.${p.body}`,
      ],
      [
        "space-separator",
        "the string to sign with a space after the path",
        (p) => `POST ${p.path} ${p.clientId}.${p.time}.${p.body}`,
      ],
      [
        "line-feeds",
        "the string to sign with line feeds instead of periods",
        (p) => `POST ${p.path}\n${p.clientId}\n${p.time}\n${p.body}`,
      ],
      [
        "no-periods",
        "the string to sign without its periods",
        (p) => `POST ${p.path}\n${p.clientId}${p.time}${p.body}`,
      ],
      ["no-separators", "the string to sign without separators", (p) => `POST${p.path}${p.clientId}${p.time}${p.body}`],
      [
        "http-version",
        "the string to sign with the HTTP version after the path",
        (p) => `POST ${p.path} HTTP/1.1\n${p.clientId}.${p.time}.${p.body}`,
      ],
      ["hashed", "a hash of the string to sign", (p) => hash(Buffer.from(stringToSign(p))).digest("hex")],
      ["base64", "the string to sign in base64", (p) => Buffer.from(stringToSign(p)).toString("base64")],
    ] as const satisfies readonly (readonly [string, string, SignedStringRow["sign"]])[]
  ).map(([id, title, sign]): SignedStringRow => ({ id: `string-${id}`, title, send: () => ({}), sign })),
];

export const signedStringRows: readonly SignedStringRow[] = [
  ...bodyRows.map(
    ([id, title, send, normalize]): SignedStringRow => ({
      id: `body-${id}`,
      title: `the body ${title}`,
      send: ({ body }) => ({ body: toBuffer(send(String(body))) }),
      sign: ({ body }) => ({ body: normalize(String(body), body) }),
    }),
  ),
  ...pathRows.map(
    ([id, title, send, normalize]): SignedStringRow => ({
      id: `path-${id}`,
      title: `the path ${title}`,
      send: ({ path }) => ({ path: send(path) }),
      sign: ({ path }) => ({ path: normalize(path) }),
    }),
  ),
  ...stringRows,
];

/** Returns the bytes that are signed instead of a request's string to sign. */
export function getSignedBytes({ sign }: SignedStringRow, received: ReceivedParts): Uint8Array<ArrayBuffer> {
  const signed = sign(received);
  return typeof signed === "string" ? new TextEncoder().encode(signed) : stringToSign({ ...received, ...signed });
}
