/** The protocol around the operations: signatures, headers, methods, media types, malformed bodies. */
import { environments, operationPaths } from "../../../generated/operations.ts";
import { DEPTH_LIMIT } from "../../protocol/json.ts";
import { CheckSkipped } from "../model/failure.ts";
import type { Check } from "./check.ts";
import {
  acceptedChecks,
  INTRODUCTION,
  OPERATION,
  rejectedChecks,
  robustnessChecks,
  type VariantRow,
} from "./request-variants.ts";
import { signatureChecks } from "./signature-checks.ts";

const isoNow = () => new Date().toISOString();
const validTimes = (
  [
    ["epoch", "in milliseconds", () => String(Date.now())],
    ["iso-offset", "in ISO 8601 with +00:00", () => `${isoNow().slice(0, 19)}+00:00`],
    ["iso-fraction", "in ISO 8601 with seven digits of a fraction", () => `${isoNow().slice(0, 23)}1234Z`],
    ["iso-no-colon", "in ISO 8601 with an offset without colon", () => `${isoNow().slice(0, 19)}+0000`],
  ] as const
).map(
  ([id, form, time]): VariantRow => ({
    id,
    title: `Request-Time ${form} is accepted`,
    change: () => ({ time: time() }),
  }),
);
const invalidTimes: readonly VariantRow[] = [
  ["one-digit", "1"],
  ["no-such-day", "2024-02-30T00:00:00Z"],
  ["no-zone", "2026-11-23T08:00:00"],
  ["words", "yesterday"],
  ["long", "1".repeat(300)],
].map(([id = "", time = ""]) => ({
  id,
  title: `a Request-Time of no known form is refused (${id})`,
  change: { time },
}));

const invalidBodies: readonly VariantRow[] = (
  [
    ["empty", "an empty body", ""],
    ["null", "null", "null"],
    ["list", "a list", "[]"],
    ["text", "a text", '"x"'],
    ["number", "a number", "1"],
    ["malformed", "a body that is no JSON", "{"],
    ["form", "a form in the place of JSON", "vaultingRequestId=1&env=WEB"],
    ["deep-list", "200 nested lists", "[".repeat(200) + "]".repeat(200)],
  ] as const
).map(([id, what, body]) => ({ id, title: `${what} is refused`, change: { body } }));

const createBodyRow = (
  id: string,
  title: string,
  change: (text: string) => string | Uint8Array<ArrayBuffer>,
): VariantRow => ({
  id,
  title,
  change: (_, text) => ({ body: change(text) }),
});
const createPathRow = (id: string, title: string, change: (path: string) => string): VariantRow => ({
  id,
  title,
  change: (conversation) => ({ path: change(conversation.path(OPERATION)) }),
});

const invalidEncodings: readonly VariantRow[] = [
  createBodyRow("byte-order-mark", "a byte order mark is refused", (text) => `\uFEFF${text}`),
  createBodyRow("duplicate-name", "a name twice in one object is refused", (text) =>
    text.replace("{", '{"env":{"terminalType":"WEB"},'),
  ),
  createBodyRow("lone-surrogate", "a lone surrogate is refused", (text) => text.replace('"xu"', '"\\ud800"')),
  createBodyRow(
    "not-utf-8",
    "bytes that are no UTF-8 are refused",
    (text) => new Uint8Array([...new TextEncoder().encode(text.slice(0, -1)), 0xff, 0x7d]),
  ),
];

/** Limits are a gateway's own, as is what it does with encodings and with what routers take for the same path. */
const unspecified: readonly VariantRow[] = [
  createBodyRow("nul", "NUL in a text is taken or refused", (text) => text.replace('"xu"', '"x\\u0000"')),
  createBodyRow("large", "a body over 64 KiB is taken or refused", (text) => text + " ".repeat(64 * 1024)),
  createBodyRow("deep", "an unknown field that nests deep is taken or refused", (text) =>
    text.replace("{", `{"deep":${'{"a":'.repeat(DEPTH_LIMIT + 1)}1${"}".repeat(DEPTH_LIMIT + 1)},`),
  ),
  createBodyRow("many", "a thousand unknown fields are taken or refused", (text) =>
    text.replace("{", `{${Array.from({ length: 1000 }, (_, at) => `"field${at}":1`).join(",")},`),
  ),
  {
    id: "compressed",
    title: "a body that is said to be compressed, and is not, is taken or refused",
    change: { headers: { "content-encoding": "gzip" } },
  },
  createPathRow("trailing-slash", "a slash behind the path is taken or refused", (path) => `${path}/`),
  createPathRow("path-in-other-case", "the path in the other case is taken or refused", (path) =>
    path.replace("/v1/vaults/", "/V1/Vaults/"),
  ),
  createPathRow("double-slash", "two slashes in the path are taken or refused", (path) =>
    path.replace("/v1/", "//v1/"),
  ),
  createPathRow("query", "a query behind the path is taken or refused", (path) => `${path}?trace=1`),
  {
    id: "duplicate-charset",
    title: "a charset twice is taken or refused",
    change: { headers: { "content-type": "application/json; charset=utf-8; charset=gbk" } },
  },
];

const createContentTypeRows = (verb: string, values: readonly (readonly [string, string])[]): readonly VariantRow[] =>
  values.map(([id, value]) => ({
    id,
    title: `the Content-Type ${value} is ${verb}`,
    change: { headers: { "content-type": value } },
  }));
const validContentTypes = createContentTypeRows("accepted", [
  ["without-charset", "application/json"],
  ["other-case", "Application/JSON; Charset=utf-8"],
  ["quoted-charset", 'application/json; charset="utf-8"'],
]);
const invalidContentTypes = createContentTypeRows("rejected", [
  ["plain-text", "text/plain"],
  ["xml", "application/xml"],
  ["form", "application/x-www-form-urlencoded"],
  ["other-charset", "application/json; charset=gbk"],
]);

const invalidMethods: readonly VariantRow[] = ["GET", "PUT", "PATCH", "DELETE"].map((method) => ({
  id: method,
  title: `the method ${method} is refused`,
  change: (_conversation, text) => ({ method, signed: { body: method === "GET" ? "" : text } }),
}));

const invalidPaths: readonly VariantRow[] = [
  createPathRow("unknown", "a path of no operation is refused", (path) =>
    path.replace("vaultPayment", "unvaultPayment"),
  ),
  createPathRow("other-version", "another version of the path is refused", (path) => path.replace("/v1/", "/v9/")),
  {
    id: "no-base",
    title: "a path without its base is refused",
    change: (conversation) => {
      if (conversation.path(OPERATION) === operationPaths[OPERATION])
        throw new CheckSkipped("The target serves the operations without a base path.");
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
  createTokenRow("longest", "an agent-token of 128 characters is accepted", "t".repeat(128)),
  createTokenRow("empty", "an empty agent-token is accepted", ""),
];
const invalidTokens = [
  createTokenRow("too-long", "an agent-token of 129 characters is refused", "t".repeat(129)),
  createTokenRow("space", "an agent-token with a blank in it is refused", "t t"),
];
const AGENT_TOKEN = "/components/parameters/AgentToken";

const servedPaths: readonly VariantRow[] = environments.map((environment) => ({
  id: environment,
  title: `the ${environment} path is served`,
  requires: ["both-base-paths"],
  source: "/servers",
  change: (conversation) => ({ path: conversation.path(OPERATION, environment) }),
}));

export const protocolChecks = (): readonly Check[] => [
  ...signatureChecks(),
  ...acceptedChecks("time.accepted", validTimes, "/components/securitySchemes/RequestTime"),
  ...rejectedChecks("time.rejected", "PARAM_ILLEGAL", invalidTimes, "/components/securitySchemes/RequestTime"),
  ...rejectedChecks("body.rejected", "PARAM_ILLEGAL", [...invalidBodies, ...invalidEncodings], INTRODUCTION),
  ...acceptedChecks("media-type.accepted", validContentTypes, INTRODUCTION),
  ...rejectedChecks("media-type.rejected", "MEDIA_TYPE_NOT_ACCEPTABLE", invalidContentTypes, INTRODUCTION),
  ...robustnessChecks("robustness", unspecified, INTRODUCTION),
  ...rejectedChecks("method.rejected", "METHOD_NOT_SUPPORTED", invalidMethods, INTRODUCTION),
  ...rejectedChecks("path.rejected", "NO_INTERFACE_DEF", invalidPaths, "/paths"),
  ...acceptedChecks("agent-token.accepted", validTokens, AGENT_TOKEN),
  ...rejectedChecks("agent-token.rejected", "PARAM_ILLEGAL", invalidTokens, AGENT_TOKEN),
  ...acceptedChecks("path.accepted", servedPaths, "/servers"),
];
