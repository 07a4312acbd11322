/** Checks of the protocol that all operations share: signatures, headers, methods, paths, media types, and malformed bodies. */
import { environments, operationPaths } from "../../../generated/operations.ts";
import { DEPTH_LIMIT } from "../../protocol/json.ts";
import type { TestRequest } from "../conversation/send-request.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { CheckSkipped } from "../model/failure.ts";
import { expectAccepted, expectRejected } from "../rules/assertions.ts";
import { addNoteToFailure } from "../rules/fail.ts";
import type { Check } from "./check.ts";
import { malformedJsonCheck } from "./malformed-json.ts";
import {
  createAcceptedChecks,
  createRejectedChecks,
  createRobustnessChecks,
  INTRODUCTION,
  OPERATION,
  sendVariant,
  type VariantRow,
} from "./request-variants.ts";
import { createSignatureChecks, createSignatureFirstChecks } from "./signature-checks.ts";

const getIsoTime = () => new Date().toISOString();
/** Returns the current time in a time zone, without the offset. */
const getLocalTime = (offsetHours: number) => new Date(Date.now() + offsetHours * 3_600_000).toISOString().slice(0, 19);
const validTimes = (
  [
    ["epoch", "in milliseconds", () => String(Date.now())],
    ["nanoseconds", "in nanoseconds", () => `${Date.now()}123456`],
    ["iso-offset", "in ISO 8601 with +00:00", () => `${getIsoTime().slice(0, 19)}+00:00`],
    ["iso-fraction", "in ISO 8601 with 9 fractional digits", () => `${getIsoTime().slice(0, 23)}123456Z`],
    ["iso-west", "in ISO 8601 with a negative offset", () => `${getLocalTime(-3.5)}-03:30`],
    ["iso-east", "in ISO 8601 with +14:00", () => `${getLocalTime(14)}+14:00`],
    ["iso-no-colon", "in ISO 8601 without a colon in the offset", () => `${getIsoTime().slice(0, 19)}+0000`],
    ["iso-minute", "in ISO 8601 with 0 seconds", () => `${getLocalTime(8).slice(0, 16)}:00+08:00`],
    ["iso-zeros", "in ISO 8601 with 3 zeros as the fraction", () => `${getIsoTime().slice(0, 19)}.000Z`],
    ["old", "from 3 days ago", () => String(Date.now() - 3 * 86_400_000)],
  ] as const
).map(
  ([id, form, formatTime]): VariantRow => ({
    id,
    title: `accepts a Request-Time ${form}`,
    change: () => ({ time: formatTime() }),
  }),
);
const invalidTimes: readonly VariantRow[] = [
  ["one-digit", "of 1 digit", "1"],
  ["no-such-day", "with a date that does not exist", "2024-02-30T00:00:00Z"],
  ["no-zone", "without a time zone", "2026-11-23T08:00:00"],
  ["words", "in words", "yesterday"],
  ["long", "of 300 digits", "1".repeat(300)],
].map(([id = "", form = "", time = ""]) => ({
  id,
  title: `rejects a Request-Time ${form}`,
  change: { time },
}));

/** Invalid times that a lenient parser might accept, by form. */
const ALMOST_TIMES = {
  "in seconds": "1685599933",
  "of 14 digits": "20261123080000",
  "in microseconds": "1685599933871123",
  "with a decimal point": "1685599933871.5",
  "with a sign": "+1685599933871",
  "in milliseconds with a letter": "168559993387x",
  "without a time of day": "2026-11-23",
  "with a space instead of T": "2026-11-23 08:00:00Z",
  "in month 13": "2026-13-01T00:00:00Z",
  "in hour 25": "2026-11-23T25:00:00Z",
  "with the offset +25:00": "2026-11-23T08:00:00+25:00",
  "in the form of the Date header": "Mon, 23 Nov 2026 08:00:00 GMT",
};

const almostTimesCheck: Check = {
  id: "protocol.time.rejected.forms",
  operation: "protocol",
  title: "rejects a Request-Time in a form that only lenient parsers accept",
  source: "/components/securitySchemes/RequestTime",
  run: async (client) => {
    const sent = Object.entries(ALMOST_TIMES).map(async ([form, time]) => {
      const exchange = await sendVariant(client, { time }, "rejected");
      addNoteToFailure(`a time ${form}`, () => expectRejected(exchange, "PARAM_ILLEGAL"));
    });
    await Promise.all(sent);
  },
};

const invalidBodies: readonly VariantRow[] = (
  [
    ["empty", "an empty body", ""],
    ["null", "null as the body", "null"],
    ["list", "an array as the body", "[]"],
    ["text", "a string as the body", '"x"'],
    ["number", "a number as the body", "1"],
    ["malformed", "a body that is not JSON", "{"],
    ["form", "form data instead of JSON", "vaultingRequestId=1&env=WEB"],
    ["deep-list", "200 nested arrays as the body", "[".repeat(200) + "]".repeat(200)],
  ] as const
).map(([id, name, body]) => ({ id, title: `rejects ${name}`, change: { body } }));

type BodyChange = (text: string) => string | Uint8Array<ArrayBuffer>;
const createBodyRow = (id: string, title: string, change: BodyChange): VariantRow => ({
  id,
  title,
  change: (_, text) => ({ body: change(text) }),
});
const createPathRow = (id: string, title: string, change: (path: string) => string): VariantRow => ({
  id,
  title,
  // A router might change the path before the target verifies the signature.
  alsoAllowed: id === "query" ? undefined : "INVALID_SIGNATURE",
  change: (client) => ({ path: change(client.getPath(OPERATION)) }),
});

const invalidEncodings: readonly VariantRow[] = [
  createBodyRow("byte-order-mark", "rejects a byte order mark", (text) => `\uFEFF${text}`),
  createBodyRow("duplicate-name", "rejects a duplicate name in an object", (text) =>
    text.replace("{", '{"env":{"terminalType":"WEB"},'),
  ),
  createBodyRow("lone-surrogate", "rejects a lone surrogate", (text) => text.replace('"Ana"', '"\\ud800"')),
  createBodyRow(
    "not-utf-8",
    "rejects a body that is not UTF-8",
    (text) => new Uint8Array([...new TextEncoder().encode(text.slice(0, -1)), 0xff, 0x7d]),
  ),
];

/** Cases that the OpenAPI document does not specify, such as size limits, encodings, and equivalent paths. */
const unspecifiedVariants: readonly VariantRow[] = [
  createBodyRow("nul", "accepts or rejects a NUL character in a string", (text) => text.replace('"Ana"', '"A\\u0000"')),
  createBodyRow("nul-in-metadata", "accepts or rejects a NUL character in metadata", (text) =>
    text.replace("{", '{"metadata":"a\\u0000b",'),
  ),
  createBodyRow("large", "accepts or rejects a body larger than 64 KiB", (text) => text + " ".repeat(64 * 1024)),
  createBodyRow("deep", "accepts or rejects an unknown, deeply nested field", (text) =>
    text.replace("{", `{"deep":${'{"a":'.repeat(DEPTH_LIMIT + 1)}1${"}".repeat(DEPTH_LIMIT + 1)},`),
  ),
  createBodyRow("many", "accepts or rejects 1,000 unknown fields", (text) =>
    text.replace("{", `{${Array.from({ length: 1000 }, (_, index) => `"field${index}":1`).join(",")},`),
  ),
  {
    id: "compressed",
    title: "accepts or rejects an uncompressed body with a Content-Encoding header",
    change: { headers: { "content-encoding": "gzip" } },
  },
  createPathRow("trailing-slash", "accepts or rejects a path with a trailing slash", (path) => `${path}/`),
  createPathRow("path-in-other-case", "accepts or rejects a path in a different letter case", (path) =>
    path.replace("/v1/vaults/", "/V1/Vaults/"),
  ),
  createPathRow("double-slash", "accepts or rejects a path with a double slash", (path) =>
    path.replace("/v1/", "//v1/"),
  ),
  createPathRow("query", "accepts or rejects a path with a query", (path) => `${path}?trace=a%2Fb%20c+d&&x=%e4&a=1`),
  {
    id: "duplicate-charset",
    title: "accepts or rejects a Content-Type with 2 charsets",
    change: { headers: { "content-type": "application/json; charset=utf-8; charset=gbk" } },
  },
];

const createContentTypeRows = (
  verb: string,
  rows: readonly (readonly [string, ...string[]])[],
): readonly VariantRow[] =>
  rows.map(([id, ...lines]) => ({
    id,
    title: `${verb} ${lines.length > 1 ? "2 Content-Type headers:" : "the Content-Type"} ${lines.join(" and ")}`,
    change:
      lines.length > 1 ? { headerLines: { "content-type": lines } } : { headers: { "content-type": lines[0] ?? "" } },
  }));
const validContentTypes = createContentTypeRows("accepts", [
  ["without-charset", "application/json"],
  ["other-case", "Application/JSON; Charset=utf-8"],
  ["quoted-charset", 'application/json; charset="utf-8"'],
  ["two-lines", "application/json", "application/json; charset=UTF-8"],
]);
const invalidContentTypes = createContentTypeRows("rejects", [
  ["plain-text", "text/plain"],
  ["xml", "application/xml"],
  ["form", "application/x-www-form-urlencoded"],
  ["other-charset", "application/json; charset=gbk"],
  ["two-lines", "application/json", "text/plain"],
  ["first-line", "text/plain", "application/json"],
  ["second-charset", "application/json", "application/json; charset=ISO-8859-1"],
]);

const dividedBodies: readonly VariantRow[] = [
  { id: "chunked", title: "accepts a chunked body", change: { isChunked: true } },
  { id: "parts", title: "accepts a body that arrives in 2 parts", change: { isSplit: true } },
];

/** Requests that each operation must reject. */
const rejectedRequests: readonly (readonly [
  note: string,
  code: string,
  change: (body: string) => Partial<TestRequest> & Pick<TestRequest, "body">,
])[] = [
  ["a body that is not JSON", "PARAM_ILLEGAL", (body) => ({ body: `${body}x` })],
  ["a byte order mark", "PARAM_ILLEGAL", (body) => ({ body: `\uFEFF${body}` })],
  ["a duplicate name", "PARAM_ILLEGAL", (body) => ({ body: body.replace(/\{("[^,}]*)/, "{$1,$1") })],
  ["a lone surrogate in an unknown field", "PARAM_ILLEGAL", (body) => ({ body: body.replace("{", '{"x":"\\ud800",') })],
  ["an invalid Request-Time", "PARAM_ILLEGAL", (body) => ({ body, time: "2026-11-23T08:00:00" })],
  ["an agent-token with a space", "PARAM_ILLEGAL", (body) => ({ body, headers: { "agent-token": "t t" } })],
  [
    "the media type text/plain",
    "MEDIA_TYPE_NOT_ACCEPTABLE",
    (body) => ({ body, headers: { "content-type": "text/plain" } }),
  ],
  ["the method PUT", "METHOD_NOT_SUPPORTED", (body) => ({ body, method: "PUT" })],
];

/** Forms of a request that each operation must accept. */
const acceptedRequests = (): readonly (readonly [note: string, change: Partial<TestRequest>])[] => [
  ["a Request-Time in nanoseconds", { time: `${Date.now()}123456` }],
  ["a Request-Time in ISO 8601 without a colon in the offset", { time: `${getLocalTime(-3.5)}.5-0330` }],
  ["a chunked body with whitespace around it", { isChunked: true }],
  [
    "2 Content-Type headers",
    { headerLines: { "content-type": ["application/json", "application/json; charset=UTF-8"] } },
  ],
  ["an empty agent-token", { headers: { "agent-token": "" } }],
  [
    "a different form of the Signature header",
    {
      signatureHeader: (header) =>
        decodeURIComponent(header)
          .replace("RSA256", "rsa256")
          .replace("keyVersion=1,", "")
          .split(",")
          .reverse()
          .join(", "),
    },
  ],
];

const acceptedInOtherOperationsCheck: Check = {
  id: "protocol.accepted.other-operations",
  operation: "protocol",
  title: "accepts the same request forms for createVaultingSession and inquireVaulting as for vaultPaymentMethod",
  source: INTRODUCTION,
  run: async (client) => {
    const sent = OTHER_OPERATIONS.flatMap((operation) =>
      acceptedRequests().map(async ([note, change]) => {
        const body = `\r\n${JSON.stringify(createRequestBody(operation, client.createId()))}\n`;
        // Only a request with a fixed Request-Time can be sent twice without changes.
        for (const [count, prefix] of ["", "the second "].entries()) {
          if (count === 1 && change.time === undefined) continue;
          const exchange = await client.send({ operation, body, ...change });
          addNoteToFailure(`${prefix}${operation} with ${note}`, () => expectAccepted(exchange));
        }
      }),
    );
    await Promise.all(sent);
  },
};

const OTHER_OPERATIONS = ["createVaultingSession", "inquireVaulting"] as const;

const otherOperationsCheck: Check = {
  id: "protocol.rejected.other-operations",
  operation: "protocol",
  title: "rejects the same invalid requests for createVaultingSession and inquireVaulting as for vaultPaymentMethod",
  source: INTRODUCTION,
  run: async (client) => {
    const sent = OTHER_OPERATIONS.flatMap((operation) =>
      rejectedRequests.map(async ([note, code, change]) => {
        const body = JSON.stringify(createRequestBody(operation, client.createId()));
        const exchange = await client.send({ operation, expect: "rejected", ...change(body) });
        addNoteToFailure(`${operation} with ${note}`, () => expectRejected(exchange, code));
      }),
    );
    await Promise.all(sent);
  },
};

const invalidMethods: readonly VariantRow[] = ["GET", "PUT", "PATCH", "DELETE"].map((method) => ({
  id: method,
  title: `rejects the method ${method}`,
  change: (_client, text) => ({ method, signed: { body: method === "GET" ? "" : text } }),
}));

const invalidPaths: readonly VariantRow[] = [
  createPathRow("unknown", "rejects the path of an unknown operation", (path) =>
    path.replace("vaultPayment", "unvaultPayment"),
  ),
  createPathRow("other-version", "rejects a path with a different version", (path) => path.replace("/v1/", "/v9/")),
  {
    id: "no-base",
    title: "rejects a path without the base path",
    change: (client) => {
      if (client.getPath(OPERATION) === operationPaths[OPERATION])
        throw new CheckSkipped("The target has no base path.");
      return { path: operationPaths[OPERATION] };
    },
  },
];

const createTokenRow = (id: string, title: string, token: string): VariantRow => ({
  id,
  title,
  change: { headers: { "agent-token": token } },
});
const validTokens = [
  createTokenRow("longest", "accepts an agent-token of 128 characters", "t".repeat(128)),
  createTokenRow("empty", "accepts an empty agent-token", ""),
];
const invalidTokens = [
  createTokenRow("too-long", "rejects an agent-token of 129 characters", "t".repeat(129)),
  createTokenRow("space", "rejects an agent-token that contains a space", "t t"),
];
const AGENT_TOKEN = "/components/parameters/AgentToken";

const servedPaths: readonly VariantRow[] = environments.map((environment) => ({
  id: environment,
  title: `accepts a request with the ${environment} base path`,
  requires: ["both-base-paths"],
  source: "/servers",
  change: (client) => ({ path: client.getPath(OPERATION, environment) }),
}));

export const createProtocolChecks = (): readonly Check[] => [
  ...createSignatureChecks(),
  ...createSignatureFirstChecks([...invalidBodies.filter(({ id }) => id !== "empty"), ...invalidEncodings]),
  ...createAcceptedChecks("time.accepted", validTimes, "/components/securitySchemes/RequestTime"),
  ...createRejectedChecks("time.rejected", "PARAM_ILLEGAL", invalidTimes, "/components/securitySchemes/RequestTime"),
  almostTimesCheck,
  ...createRejectedChecks("body.rejected", "PARAM_ILLEGAL", [...invalidBodies, ...invalidEncodings], INTRODUCTION),
  malformedJsonCheck,
  ...createAcceptedChecks("body.accepted", dividedBodies, INTRODUCTION),
  acceptedInOtherOperationsCheck,
  otherOperationsCheck,
  ...createAcceptedChecks("media-type.accepted", validContentTypes, INTRODUCTION),
  ...createRejectedChecks("media-type.rejected", "MEDIA_TYPE_NOT_ACCEPTABLE", invalidContentTypes, INTRODUCTION),
  ...createRobustnessChecks("robustness", unspecifiedVariants, INTRODUCTION),
  ...createRejectedChecks("method.rejected", "METHOD_NOT_SUPPORTED", invalidMethods, INTRODUCTION),
  ...createRejectedChecks("path.rejected", "NO_INTERFACE_DEF", invalidPaths, "/paths"),
  ...createAcceptedChecks("agent-token.accepted", validTokens, AGENT_TOKEN),
  ...createRejectedChecks("agent-token.rejected", "PARAM_ILLEGAL", invalidTokens, AGENT_TOKEN),
  ...createAcceptedChecks("path.accepted", servedPaths, "/servers"),
];
