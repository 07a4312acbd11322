/** Heads: what the pages on headers and signatures show, and the mistakes they warn of. */

import { toSignatureHeader, vault } from "./base-requests.ts";
import { accepts, createCases, type RequestHead, rejectsWith, type SampleCase, type Table } from "./sample-case.ts";

const FUNDAMENTALS = "API fundamentals page";
const SIGNATURES = "signature page";
const TROUBLESHOOTING = "page on INVALID_SIGNATURE, causes";

const ACCEPTED: Table<[id: string, standsFor: string, head: RequestHead]> = {
  [FUNDAMENTALS]: [
    ["time-example", "The page's own example, years ago: no window is stated.", { time: "1685599933871" }],
    [
      "no-key-version",
      "Without keyVersion the newest key is meant.",
      { signature: (base64) => `algorithm=RSA256,signature=${encodeURIComponent(base64)}` },
    ],
    ["header-names-in-capitals", "Header names are case-insensitive.", { names: (name) => name.toUpperCase() }],
    ["no-content-type", "Content-Type is not REQUIRED.", { contentType: null }],
    ["agent-token-of-the-dashboard", "An ISV's token of 48 characters.", { extra: { "agent-token": "a".repeat(48) } }],
    ["agent-token-longest", "128 characters are the most.", { extra: { "agent-token": "a".repeat(128) } }],
  ],
  "Java SDK README": [
    ["time-iso-old", "ISO 8601 in UTC, as the SDK's own README shows it.", { time: "2019-01-01T01:01:01Z" }],
  ],
  "notification page, samples": [
    ["time-iso-offset", "ISO 8601 with an offset.", { time: "2019-07-12T12:08:56+05:30" }],
  ],
  [SIGNATURES]: [
    [
      "blanks-in-signature-header",
      "The page's request example has a blank behind each comma.",
      {
        signature: (base64) => `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(base64)}`,
      },
    ],
    ["query-signed", "A query string belongs to the path that is signed.", { path: (path) => `${path}?from=merchant` }],
  ],
  "PHP SDK 1.5, signature file": [
    [
      "raw-base64",
      "A signature that was not URL-encoded, which one SDK tolerates when it reads.",
      { signature: toSignatureHeader },
    ],
  ],
  "acknowledgement sample": [
    ["content-type-bare", "The media type without a charset.", { contentType: "application/json" }],
  ],
  "API page, sandbox path": [
    [
      "production-path",
      "The same gateway under its production path.",
      { path: (path) => path.replace("/ams/sandbox/api/", "/ams/api/") },
    ],
  ],
};

const acceptedCases: readonly SampleCase[] = createCases(ACCEPTED, (source, id, standsFor, head) =>
  accepts({ id, standsFor, source, head, body: vault(id) }),
);

/** What fits no message and no key is refused by whoever verifies it, and by nobody who looks at its form only. */
const MISMATCHED: Table<[id: string, standsFor: string, head: RequestHead]> = {
  [TROUBLESHOOTING]: [
    ["different-key", "The private key does not belong to the public key that was uploaded.", { foreignKey: true }],
    [
      "line-ends",
      "Line breaks in the message differ from the signed text.",
      { signs: ({ body }) => ({ body: body.replaceAll("\n", "\r\n") }) },
    ],
    ["other-time", "The time in the header differs from the signed one.", { signs: () => ({ time: "1685599933871" }) }],
  ],
  [SIGNATURES]: [
    [
      "written-anew",
      "The body was parsed and written again after it was signed.",
      { signs: ({ body }) => ({ body: JSON.stringify(JSON.parse(body)) }) },
    ],
    [
      "host-signed",
      "The path excludes scheme and host.",
      { signs: ({ path }) => ({ path: `open-na-global.alipay.com${path}` }) },
    ],
    ["method-signed-get", "The method in the signed text is POST.", { signs: () => ({ method: "GET" }) }],
    ["newline-at-the-end", "No newline ends the signed text.", { signs: ({ body }) => ({ body: `${body}\n` }) }],
    [
      "other-client-signed",
      "The client ID in the header differs from the signed one.",
      { signs: () => ({ clientId: "T_111222333" }) },
    ],
  ],
  "five SDKs, sandbox rewrite": [
    [
      "path-rewritten-late",
      "The sandbox's path was put in after signing; the SDKs do it before.",
      { signs: ({ path }) => ({ path: path.replace("/ams/sandbox/api/", "/ams/api/") }) },
    ],
  ],
  [FUNDAMENTALS]: [
    ["unknown-client", "A client ID that the gateway never gave out.", { clientId: "SANDBOX_5X00000000000000" }],
  ],
};

const SYNTAX_ONLY = "The document tells the form of a signature, not whether it fits.";
const acceptedByDocument = (because: string): NonNullable<SampleCase["differs"]> => ({
  document: { verdict: { accepted: true, comes: "" }, because },
});

const mismatchedCases: readonly SampleCase[] = createCases(MISMATCHED, (source, id, standsFor, head) =>
  rejectsWith("INVALID_SIGNATURE", {
    id: `signature-${id}`,
    standsFor,
    source,
    head,
    body: JSON.stringify(vault(id), null, 2),
    differs: acceptedByDocument(SYNTAX_ONLY),
  }),
);

/** Heads in a form that nobody may send. */
const MALFORMED: Table<[id: string, code: string, standsFor: string, head: RequestHead]> = {
  [FUNDAMENTALS]: [
    ["no-signature", "INVALID_SIGNATURE", "Signature is REQUIRED.", { signature: () => null }],
    [
      "two-signatures",
      "INVALID_SIGNATURE",
      "Two signatures in one header: which one counts is not guessed.",
      {
        signature: (base64) =>
          `${toSignatureHeader(encodeURIComponent(base64))}, ${toSignatureHeader(encodeURIComponent(base64))}`,
      },
    ],
    [
      "other-algorithm",
      "INVALID_SIGNATURE",
      "RSA256 is the only value.",
      { signature: (base64) => toSignatureHeader(encodeURIComponent(base64)).replace("RSA256", "RSA512") },
    ],
    ["time-missing", "PARAM_ILLEGAL", "Request-Time is REQUIRED.", { time: null }],
    ["time-seconds", "PARAM_ILLEGAL", "Seconds where milliseconds are asked for.", { time: "1685599933" }],
    ["time-without-zone", "PARAM_ILLEGAL", "ISO 8601 without an offset.", { time: "2026-01-01T00:00:00" }],
    ["agent-token-too-long", "PARAM_ILLEGAL", "129 characters.", { extra: { "agent-token": "a".repeat(129) } }],
    ["method-get", "METHOD_NOT_SUPPORTED", "POST is the only method.", { method: "GET" }],
    ["method-put", "METHOD_NOT_SUPPORTED", "POST is the only method.", { method: "PUT" }],
    [
      "content-type-form",
      "MEDIA_TYPE_NOT_ACCEPTABLE",
      "Bodies are JSON.",
      { contentType: "application/x-www-form-urlencoded" },
    ],
    [
      "content-type-xml",
      "MEDIA_TYPE_NOT_ACCEPTABLE",
      "One sentence of 2024 says “JSON or XML”, of answers.",
      { contentType: "application/xml" },
    ],
    ["version-2", "NO_INTERFACE_DEF", "v1 is the current version.", { path: (path) => path.replace("/v1/", "/v2/") }],
  ],
  [SIGNATURES]: [
    ["empty-signature", "INVALID_SIGNATURE", "A blank signature.", { signature: () => toSignatureHeader("") }],
  ],
  "Java SDK 2.2, signature file": [
    [
      "plus-became-blank",
      "INVALID_SIGNATURE",
      "Form decoding turns a raw plus into a blank.",
      { signature: (base64) => toSignatureHeader(`A ${base64.replaceAll("+", " ")}`) },
    ],
  ],
  "fetchNonce page": [
    [
      "fetch-nonce",
      "NO_INTERFACE_DEF",
      "A neighbour that is not part of this document.",
      { path: (path) => path.replace("vaultPaymentMethod", "fetchNonce") },
    ],
  ],
};

const malformedCases: readonly SampleCase[] = [
  ...createCases(MALFORMED, (source, id, code, standsFor, head) =>
    rejectsWith(code, { id, standsFor, source, head, body: vault(id) }),
  ),
  rejectsWith("PARAM_ILLEGAL", {
    id: "time-impossible",
    standsFor: "An invalid date, in a header field.",
    source: "Vault API page, PARAM_ILLEGAL",
    head: { time: "2024-02-30T00:00:00Z" },
    body: vault("time-impossible"),
    differs: acceptedByDocument("A pattern knows no calendar."),
  }),
  rejectsWith("MEDIA_TYPE_NOT_ACCEPTABLE", {
    id: "content-type-utf-16",
    standsFor: "The charset is what signing and verifying use: UTF-8.",
    source: FUNDAMENTALS,
    head: { contentType: "application/json; charset=UTF-16" },
    body: vault("utf-16"),
    differs: acceptedByDocument(
      "The document says only in words that bodies are UTF-8; OpenAPI has no place for a charset.",
    ),
  }),
];

export const headerCases: readonly SampleCase[] = [...acceptedCases, ...mismatchedCases, ...malformedCases];
