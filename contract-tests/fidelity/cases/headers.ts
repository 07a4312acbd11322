/** Headers and signatures from Antom's pages and SDKs, and the errors that the pages warn about. */

import { createVaultRequest, formatRawSignatureHeader } from "./base-requests.ts";
import {
  createAcceptedCase,
  createCases,
  createRejectedCase,
  type RequestHead,
  type SampleCase,
  type Table,
} from "./sample-case.ts";

const FUNDAMENTALS = "API fundamentals page";
const SIGNATURES = "signature page";
const TROUBLESHOOTING = "page on INVALID_SIGNATURE, causes";

const withAgentToken = (length: number): RequestHead => ({ extra: { "agent-token": "a".repeat(length) } });

const ACCEPTED: Table<[id: string, description: string, head: RequestHead]> = {
  [FUNDAMENTALS]: [
    ["time-example", "The page's example is years old, but the page states no time limit.", { time: "1685599933871" }],
    [
      "no-key-version",
      "Without keyVersion, the newest key applies.",
      { signature: (base64) => `algorithm=RSA256,signature=${encodeURIComponent(base64)}` },
    ],
    ["header-names-in-capitals", "Header names are case-insensitive.", { names: (name) => name.toUpperCase() }],
    ["no-content-type", "Content-Type is not REQUIRED.", { contentType: null }],
    ["agent-token-of-the-dashboard", "An ISV's agent-token has 48 characters.", withAgentToken(48)],
    ["agent-token-longest", "An agent-token has at most 128 characters.", withAgentToken(128)],
  ],
  "Java SDK README": [["time-iso-old", "The README shows an ISO 8601 time in UTC.", { time: "2019-01-01T01:01:01Z" }]],
  "notification page, samples": [
    ["time-iso-offset", "The samples show an ISO 8601 time with an offset.", { time: "2019-07-12T12:08:56+05:30" }],
  ],
  [SIGNATURES]: [
    [
      "spaces-in-signature-header",
      "The page's request example has a space after each comma.",
      {
        signature: (base64) => `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(base64)}`,
      },
    ],
    ["query-signed", "The signed path includes the query string.", { path: (path) => `${path}?from=merchant` }],
  ],
  "PHP SDK 1.5, signature file": [
    ["raw-base64", "One SDK accepts a signature that is not URL-encoded.", { signature: formatRawSignatureHeader }],
  ],
  "acknowledgement sample": [
    ["content-type-bare", "The sample's media type has no charset.", { contentType: "application/json" }],
  ],
  "API page, sandbox path": [
    [
      "production-path",
      "The same gateway accepts the production path.",
      { path: (path) => path.replace("/ams/sandbox/api/", "/ams/api/") },
    ],
  ],
};

const acceptedCases: readonly SampleCase[] = createCases(ACCEPTED, (source, id, description, head) =>
  createAcceptedCase({ id, description, source, head, body: createVaultRequest(id) }),
);

/** Signatures that do not match the message. An implementation that checks only the syntax accepts them. */
const MISMATCHED: Table<[id: string, description: string, head: RequestHead]> = {
  [TROUBLESHOOTING]: [
    ["different-key", "The private key does not match the uploaded public key.", { unknownKey: true }],
    [
      "line-ends",
      "The line breaks of the message differ from those of the signed string.",
      { signed: ({ body }) => ({ body: body.replaceAll("\n", "\r\n") }) },
    ],
    [
      "different-time",
      "The time in the header differs from the time in the signed string.",
      { signed: () => ({ time: "1685599933871" }) },
    ],
  ],
  [SIGNATURES]: [
    [
      "reserialized",
      "The body was parsed and reserialized after signing.",
      { signed: ({ body }) => ({ body: JSON.stringify(JSON.parse(body)) }) },
    ],
    [
      "host-signed",
      "The signed path includes the host.",
      { signed: ({ path }) => ({ path: `open-na-global.alipay.com${path}` }) },
    ],
    ["method-signed-get", "The signed method is GET.", { signed: () => ({ method: "GET" }) }],
    ["trailing-newline", "The signed string ends with a newline.", { signed: ({ body }) => ({ body: `${body}\n` }) }],
    [
      "different-client-signed",
      "The client ID in the header differs from the client ID in the signed string.",
      { signed: () => ({ clientId: "T_111222333" }) },
    ],
  ],
  "five SDKs, sandbox rewrite": [
    [
      "path-rewritten-late",
      "The sandbox path was inserted after signing. The SDKs insert it before signing.",
      { signed: ({ path }) => ({ path: path.replace("/ams/sandbox/api/", "/ams/api/") }) },
    ],
  ],
  [FUNDAMENTALS]: [["unknown-client", "The client ID is unknown.", { clientId: "SANDBOX_5X00000000000000" }]],
};

const SYNTAX_ONLY = "The document defines the syntax of a signature, but cannot verify it.";
const acceptedByDocument = (reason: string): NonNullable<SampleCase["differences"]> => ({
  document: { expected: { accepted: true, resultCode: "" }, reason },
});

const mismatchedCases: readonly SampleCase[] = createCases(MISMATCHED, (source, id, description, head) =>
  createRejectedCase("INVALID_SIGNATURE", {
    id: `signature-${id}`,
    description,
    source,
    head,
    body: JSON.stringify(createVaultRequest(id), null, 2),
    differences: acceptedByDocument(SYNTAX_ONLY),
  }),
);

const MALFORMED: Table<[id: string, code: string, description: string, head: RequestHead]> = {
  [FUNDAMENTALS]: [
    ["no-signature", "INVALID_SIGNATURE", "Signature is REQUIRED.", { signature: () => null }],
    [
      "two-signatures",
      "INVALID_SIGNATURE",
      "Two signatures in one header are ambiguous.",
      {
        signature: (base64) =>
          `${formatRawSignatureHeader(encodeURIComponent(base64))}, ${formatRawSignatureHeader(encodeURIComponent(base64))}`,
      },
    ],
    [
      "different-algorithm",
      "INVALID_SIGNATURE",
      "RSA256 is the only algorithm.",
      { signature: (base64) => formatRawSignatureHeader(encodeURIComponent(base64)).replace("RSA256", "RSA512") },
    ],
    ["time-missing", "PARAM_ILLEGAL", "Request-Time is REQUIRED.", { time: null }],
    ["time-seconds", "PARAM_ILLEGAL", "The time is in seconds instead of milliseconds.", { time: "1685599933" }],
    ["time-without-zone", "PARAM_ILLEGAL", "The ISO 8601 time has no offset.", { time: "2026-01-01T00:00:00" }],
    ["agent-token-too-long", "PARAM_ILLEGAL", "The agent-token has 129 characters.", withAgentToken(129)],
    ["method-get", "METHOD_NOT_SUPPORTED", "POST is the only method.", { method: "GET" }],
    ["method-put", "METHOD_NOT_SUPPORTED", "POST is the only method.", { method: "PUT" }],
    [
      "content-type-form",
      "MEDIA_TYPE_NOT_ACCEPTABLE",
      "The body must be JSON, not a form.",
      { contentType: "application/x-www-form-urlencoded" },
    ],
    [
      "content-type-xml",
      "MEDIA_TYPE_NOT_ACCEPTABLE",
      "A page from 2024 mentions “JSON or XML”, but only for responses.",
      { contentType: "application/xml" },
    ],
    ["version-2", "NO_INTERFACE_DEF", "v1 is the current version.", { path: (path) => path.replace("/v1/", "/v2/") }],
  ],
  [SIGNATURES]: [
    [
      "empty-signature",
      "INVALID_SIGNATURE",
      "The signature is empty.",
      { signature: () => formatRawSignatureHeader("") },
    ],
  ],
  "Java SDK 2.2, signature file": [
    [
      "plus-became-space",
      "INVALID_SIGNATURE",
      "Form decoding turns an unencoded plus sign into a space.",
      { signature: (base64) => formatRawSignatureHeader(`A ${base64.replaceAll("+", " ")}`) },
    ],
  ],
  "fetchNonce page": [
    [
      "fetch-nonce",
      "NO_INTERFACE_DEF",
      "fetchNonce is a related API that is not part of the document.",
      { path: (path) => path.replace("vaultPaymentMethod", "fetchNonce") },
    ],
  ],
};

const malformedCases: readonly SampleCase[] = [
  createRejectedCase("OAUTH_FAIL", {
    id: "api-key",
    description: "An API key replaces the signature, the client ID, and the time.",
    source: "Java SDK 3.1, Python and PHP SDKs 1.6, Go SDK 1.4",
    head: {
      lines: ({ host, path, length }) => [
        `POST ${path} HTTP/1.1`,
        `Host: ${host}`,
        "Authorization: Bearer api-key",
        "Content-Type: application/json; charset=UTF-8",
        `Content-Length: ${length}`,
      ],
    },
    body: createVaultRequest("api-key"),
  }),
  ...createCases(MALFORMED, (source, id, code, description, head) =>
    createRejectedCase(code, { id, description, source, head, body: createVaultRequest(id) }),
  ),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "time-impossible",
    description: "The Request-Time header has an impossible date.",
    source: "Vault API page, PARAM_ILLEGAL",
    head: { time: "2024-02-30T00:00:00Z" },
    body: createVaultRequest("time-impossible"),
    differences: acceptedByDocument("A pattern cannot check a calendar date."),
  }),
  createRejectedCase("MEDIA_TYPE_NOT_ACCEPTABLE", {
    id: "content-type-utf-16",
    description: "The charset is not UTF-8, which signing and verification use.",
    source: FUNDAMENTALS,
    head: { contentType: "application/json; charset=UTF-16" },
    body: createVaultRequest("utf-16"),
    differences: acceptedByDocument(
      "The document requires UTF-8 only in prose, because OpenAPI cannot describe a charset.",
    ),
  }),
];

export const headerCases: readonly SampleCase[] = [...acceptedCases, ...mismatchedCases, ...malformedCases];
