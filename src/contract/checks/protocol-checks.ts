/** The protocol around the operations: signatures, headers, methods, media types, malformed bodies. */
import { environments, operationPaths } from "../../../generated/operations.ts";
import { DEPTH_LIMIT } from "../../protocol/json.ts";
import { NotApplicable } from "../model/failure.ts";
import type { Check } from "./check.ts";
import {
  acceptedChecks,
  INTRODUCTION,
  OPERATION,
  type Row,
  refusedChecks,
  survivedChecks,
} from "./request-variants.ts";
import { signatureChecks } from "./signature-checks.ts";

const iso = () => new Date().toISOString();
const goodTimes = (
  [
    ["epoch", "in milliseconds", () => String(Date.now())],
    ["iso-offset", "in ISO 8601 with +00:00", () => `${iso().slice(0, 19)}+00:00`],
    ["iso-fraction", "in ISO 8601 with seven digits of a fraction", () => `${iso().slice(0, 23)}1234Z`],
    ["iso-no-colon", "in ISO 8601 with an offset without colon", () => `${iso().slice(0, 19)}+0000`],
  ] as const
).map(
  ([id, form, time]): Row => ({
    id,
    title: `Request-Time ${form} is accepted`,
    change: () => ({ time: time() }),
  }),
);
const badTimes: readonly Row[] = [
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

const badBodies: readonly Row[] = (
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

const changedText = (id: string, title: string, change: (text: string) => string | Uint8Array<ArrayBuffer>): Row => ({
  id,
  title,
  change: (_, text) => ({ body: change(text) }),
});
const changedPath = (id: string, title: string, change: (path: string) => string): Row => ({
  id,
  title,
  change: (conversation) => ({ path: change(conversation.path(OPERATION)) }),
});

const badTexts: readonly Row[] = [
  changedText("byte-order-mark", "a byte order mark is refused", (text) => `\uFEFF${text}`),
  changedText("name-twice", "a name twice in one object is refused", (text) =>
    text.replace("{", '{"env":{"terminalType":"WEB"},'),
  ),
  changedText("lone-surrogate", "a lone surrogate is refused", (text) => text.replace('"xu"', '"\\ud800"')),
  changedText(
    "not-utf-8",
    "bytes that are no UTF-8 are refused",
    (text) => new Uint8Array([...new TextEncoder().encode(text.slice(0, -1)), 0xff, 0x7d]),
  ),
];

/** Limits are a gateway's own, as is what it does with encodings and with what routers take for the same path. */
const unspoken: readonly Row[] = [
  changedText("nul", "NUL in a text is taken or refused", (text) => text.replace('"xu"', '"x\\u0000"')),
  changedText("large", "a body over 64 KiB is taken or refused", (text) => text + " ".repeat(64 * 1024)),
  changedText("deep", "an unknown field that nests deep is taken or refused", (text) =>
    text.replace("{", `{"deep":${'{"a":'.repeat(DEPTH_LIMIT + 1)}1${"}".repeat(DEPTH_LIMIT + 1)},`),
  ),
  changedText("many", "a thousand unknown fields are taken or refused", (text) =>
    text.replace("{", `{${Array.from({ length: 1000 }, (_, at) => `"field${at}":1`).join(",")},`),
  ),
  {
    id: "compressed",
    title: "a body that is said to be compressed, and is not, is taken or refused",
    change: { headers: { "content-encoding": "gzip" } },
  },
  changedPath("trailing-slash", "a slash behind the path is taken or refused", (path) => `${path}/`),
  changedPath("path-in-other-case", "the path in the other case is taken or refused", (path) =>
    path.replace("/v1/vaults/", "/V1/Vaults/"),
  ),
  changedPath("slash-twice", "two slashes in the path are taken or refused", (path) => path.replace("/v1/", "//v1/")),
  changedPath("query", "a query behind the path is taken or refused", (path) => `${path}?trace=1`),
  {
    id: "charset-twice",
    title: "a charset twice is taken or refused",
    change: { headers: { "content-type": "application/json; charset=utf-8; charset=gbk" } },
  },
];

const contentTypes = (verb: string, values: readonly (readonly [string, string])[]): readonly Row[] =>
  values.map(([id, value]) => ({
    id,
    title: `the Content-Type ${value} is ${verb}`,
    change: { headers: { "content-type": value } },
  }));
const goodContentTypes = contentTypes("accepted", [
  ["without-charset", "application/json"],
  ["other-case", "Application/JSON; Charset=utf-8"],
  ["quoted-charset", 'application/json; charset="utf-8"'],
]);
const badContentTypes = contentTypes("refused", [
  ["plain-text", "text/plain"],
  ["xml", "application/xml"],
  ["form", "application/x-www-form-urlencoded"],
  ["other-charset", "application/json; charset=gbk"],
]);

const otherMethods: readonly Row[] = ["GET", "PUT", "PATCH", "DELETE"].map((method) => ({
  id: method,
  title: `the method ${method} is refused`,
  change: (_conversation, text) => ({ method, signed: { body: method === "GET" ? "" : text } }),
}));

const otherPaths: readonly Row[] = [
  changedPath("unknown", "a path of no operation is refused", (path) => path.replace("vaultPayment", "unvaultPayment")),
  changedPath("other-version", "another version of the path is refused", (path) => path.replace("/v1/", "/v9/")),
  {
    id: "no-base",
    title: "a path without its base is refused",
    change: (conversation) => {
      if (conversation.path(OPERATION) === operationPaths[OPERATION])
        throw new NotApplicable("The target serves the operations without a base path.");
      return { path: operationPaths[OPERATION] };
    },
  },
];

const agentToken = (id: string, title: string, token: string): Row => ({
  id,
  title,
  change: { headers: { "agent-token": token } },
});
const goodTokens = [
  agentToken("longest", "an agent-token of 128 characters is accepted", "t".repeat(128)),
  agentToken("empty", "an empty agent-token is accepted", ""),
];
const badTokens = [
  agentToken("too-long", "an agent-token of 129 characters is refused", "t".repeat(129)),
  agentToken("blank", "an agent-token with a blank in it is refused", "t t"),
];
const AGENT_TOKEN = "/components/parameters/AgentToken";

const servedPaths: readonly Row[] = environments.map((environment) => ({
  id: environment,
  title: `the ${environment} path is served`,
  needs: ["both-paths"],
  source: "/servers",
  change: (conversation) => ({ path: conversation.path(OPERATION, environment) }),
}));

export const protocolChecks = (): readonly Check[] => [
  ...signatureChecks(),
  ...acceptedChecks("time.accepted", goodTimes, "/components/securitySchemes/RequestTime"),
  ...refusedChecks("time.refused", "PARAM_ILLEGAL", badTimes, "/components/securitySchemes/RequestTime"),
  ...refusedChecks("body.refused", "PARAM_ILLEGAL", [...badBodies, ...badTexts], INTRODUCTION),
  ...acceptedChecks("media-type.accepted", goodContentTypes, INTRODUCTION),
  ...refusedChecks("media-type.refused", "MEDIA_TYPE_NOT_ACCEPTABLE", badContentTypes, INTRODUCTION),
  ...survivedChecks("survived", unspoken, INTRODUCTION),
  ...refusedChecks("method.refused", "METHOD_NOT_SUPPORTED", otherMethods, INTRODUCTION),
  ...refusedChecks("path.refused", "NO_INTERFACE_DEF", otherPaths, "/paths"),
  ...acceptedChecks("agent-token.accepted", goodTokens, AGENT_TOKEN),
  ...refusedChecks("agent-token.refused", "PARAM_ILLEGAL", badTokens, AGENT_TOKEN),
  ...acceptedChecks("path.accepted", servedPaths, "/servers"),
];
