/** The protocol around the operations: signatures, headers, methods, media types, malformed bodies. */
import { operationPaths } from "../../generated/operations.ts";
import { DEPTH_LIMIT } from "../json.ts";
import { generateKeyPair, importPrivateKey } from "../signature/index.ts";
import type { Check } from "./check.ts";
import type { Conversation, Sending } from "./conversation.ts";
import { requestOf } from "./document.ts";

const OPERATION = "vaultPaymentMethod";
const INTRODUCTION = "/info/description";
const SIGNATURE = "/components/securitySchemes/Signature";

type Change = Partial<Sending>;
type Changing = Change | ((conversation: Conversation, right: string) => Change | Promise<Change>);

const sample = (): Readonly<Record<string, unknown>> =>
  requestOf(OPERATION).examples.get("Sample") as Readonly<Record<string, unknown>>;

/** A request of the sample, with an ID of its own and the change made to it. */
async function exchangeOf(conversation: Conversation, changing: Changing) {
  const request = { ...sample(), vaultingRequestId: conversation.freshId() };
  const text = JSON.stringify(request);
  const change = typeof changing === "function" ? await changing(conversation, text) : changing;
  return { request, exchange: await conversation.send({ operation: OPERATION, body: text, ...change }) };
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
  readonly needs?: Check["needs"];
  readonly change: Changing;
}

const check = (group: string, row: Row, run: Check["run"], source: string): Check => ({
  id: `protocol.${group}.${row.id}`,
  operation: "protocol",
  title: row.title,
  source: row.source ?? source,
  ...(row.needs ? { needs: row.needs } : {}),
  run,
});

const acceptedChecks = (group: string, rows: readonly Row[], source: string): readonly Check[] =>
  rows.map((row) =>
    check(
      group,
      row,
      async (conversation) => {
        const { request, exchange } = await exchangeOf(conversation, row.change);
        conversation.expectAccepted(exchange, request);
      },
      source,
    ),
  );

const refusedChecks = (
  group: string,
  code: string,
  rows: readonly Row[],
  source: string,
  signed = true,
): readonly Check[] =>
  rows.map((row) =>
    check(
      group,
      row,
      async (conversation) => {
        const { exchange } = await exchangeOf(conversation, row.change);
        conversation.expectRefused(exchange, code, { signed });
      },
      source,
    ),
  );

const header = (change: (right: string) => string | undefined): Change => ({ signatureHeader: change });
const signatureOf = (right: string): string => right.slice(right.indexOf("signature=") + "signature=".length);
const withValue = (change: (value: string) => string): Change =>
  header((right) => right.replace(signatureOf(right), change(signatureOf(right))));

const badSignatures: readonly Row[] = [
  { id: "missing", title: "a request without a Signature header is refused", change: header(() => undefined) },
  { id: "empty", title: "an empty signature is refused", change: withValue(() => "") },
  {
    id: "another-key",
    title: "a signature made with another key is refused",
    change: async () => ({ key: await importPrivateKey((await generateKeyPair()).privateKey) }),
  },
  {
    id: "body",
    title: "a body changed after signing is refused",
    change: (_, text) => ({ signed: { body: text.replace('"xu"', '"xv"') } }),
  },
  {
    id: "body-white-space",
    title: "a body written anew after signing is refused",
    change: (_, text) => ({ signed: { body: JSON.stringify(JSON.parse(text), null, 2) } }),
  },
  {
    id: "body-line-ends",
    title: "a body signed with CRLF and sent with LF is refused",
    change: (_, text) => ({ body: `${text}\n`, signed: { body: `${text}\r\n` } }),
  },
  {
    id: "path",
    title: "a signature over another path is refused",
    change: (conversation) => ({ signed: { path: conversation.path("inquireVaulting") } }),
  },
  {
    id: "client",
    title: "a signature over another client ID is refused",
    change: { signed: { clientId: "SANDBOX_ANOTHER" } },
  },
  {
    id: "unknown-client",
    title: "a client ID that is not known is refused",
    change: { clientId: "SANDBOX_UNKNOWN_CLIENT" },
  },
  { id: "time", title: "a signature over another time is refused", change: { signed: { time: "1685599933871" } } },
  {
    id: "truncated",
    title: "a truncated signature is refused",
    change: withValue((value) => `${value.slice(0, 200)}%3D%3D`),
  },
  {
    id: "zeros",
    title: "a signature of 256 zero bytes is refused",
    change: withValue(() => `${"A".repeat(342)}%3D%3D`),
  },
  { id: "not-base64", title: "a signature that is no base64 is refused", change: withValue(() => "***") },
  {
    id: "plus-as-blank",
    title: "a signature whose plus signs became blanks is refused",
    change: withValue((value) => ` ${decodeURIComponent(value).replaceAll("+", " ")}`),
  },
  {
    id: "doubled",
    title: "two signatures are refused, whichever is right",
    change: header((right) => `${right}, ${right}`),
  },
  {
    id: "other-algorithm",
    title: "another algorithm than RSA256 is refused",
    change: header((right) => right.replace("RSA256", "RSA512")),
  },
  {
    id: "no-algorithm",
    title: "the algorithm none is refused",
    change: header((right) => right.replace("RSA256", "none")),
  },
  {
    id: "key-version",
    title: "a key version that is no number is refused",
    change: header((right) => right.replace("keyVersion=1", "keyVersion=__proto__")),
  },
];

const goodSignatures: readonly Row[] = [
  {
    id: "lower-case-hex",
    title: "lower-case hexadecimal digits in the encoded signature are accepted",
    change: withValue((value) => value.replace(/%../g, (encoded) => encoded.toLowerCase())),
  },
  {
    id: "raw-base64",
    title: "a signature in base64 without URL encoding is accepted",
    change: withValue(decodeURIComponent),
  },
  {
    id: "blanks",
    title: "blanks after the commas are accepted",
    change: header((right) => right.replaceAll(",", ", ")),
  },
  {
    id: "no-key-version",
    title: "a header without keyVersion is accepted",
    change: header((right) => right.replace("keyVersion=1,", "")),
  },
  {
    id: "algorithm-case",
    title: "the algorithm in lower case is accepted",
    change: header((right) => right.replace("RSA256", "rsa256")),
  },
];

const now = () => new Date();
const iso = () => now().toISOString();
const goodTimes: readonly Row[] = [
  { id: "epoch", title: "Request-Time in milliseconds is accepted", change: () => ({ time: String(now().getTime()) }) },
  {
    id: "iso-offset",
    title: "Request-Time in ISO 8601 with +00:00 is accepted",
    change: () => ({ time: `${iso().slice(0, 19)}+00:00` }),
  },
  {
    id: "iso-fraction",
    title: "Request-Time in ISO 8601 with seven digits of a fraction is accepted",
    change: () => ({ time: `${iso().slice(0, 23)}1234Z` }),
  },
  {
    id: "iso-no-colon",
    title: "Request-Time in ISO 8601 with an offset without colon is accepted",
    change: () => ({ time: `${iso().slice(0, 19)}+0000` }),
  },
];
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
    ["deep", "a body nested too deep", `${'{"a":'.repeat(DEPTH_LIMIT + 1)}1${"}".repeat(DEPTH_LIMIT + 1)}`],
    ["deep-list", "200 nested lists", "[".repeat(200) + "]".repeat(200)],
  ] as const
).map(([id, what, body]) => ({ id, title: `${what} is refused`, change: { body } }));

const changedText = (id: string, title: string, change: (text: string) => string | Uint8Array<ArrayBuffer>): Row => ({
  id,
  title,
  change: (_, text) => ({ body: change(text) }),
});
const badTexts: readonly Row[] = [
  changedText("byte-order-mark", "a byte order mark is refused", (text) => `\uFEFF${text}`),
  changedText("name-twice", "a name twice in one object is refused", (text) =>
    text.replace("{", '{"env":{"terminalType":"WEB"},'),
  ),
  changedText("nul", "NUL in a text is refused", (text) => text.replace('"xu"', '"x\\u0000"')),
  changedText("lone-surrogate", "a lone surrogate is refused", (text) => text.replace('"xu"', '"\\ud800"')),
  changedText(
    "not-utf-8",
    "bytes that are no UTF-8 are refused",
    (text) => new Uint8Array([...new TextEncoder().encode(text.slice(0, -1)), 0xff, 0x7d]),
  ),
  changedText("large", "a body over 64 KiB is refused", (text) => text + " ".repeat(64 * 1024)),
];

const mediaTypes = {
  accepted: [
    ["without-charset", "application/json"],
    ["other-case", "Application/JSON; Charset=utf-8"],
    ["quoted-charset", 'application/json; charset="utf-8"'],
  ],
  refused: [
    ["plain-text", "text/plain"],
    ["xml", "application/xml"],
    ["form", "application/x-www-form-urlencoded"],
    ["other-charset", "application/json; charset=gbk"],
    ["charset-twice", "application/json; charset=utf-8; charset=gbk"],
  ],
} as const;

const contentType = ([id, value]: readonly [string, string], verb: string): Row => ({
  id,
  title: `the Content-Type ${value} is ${verb}`,
  change: { headers: { "content-type": value } },
});

const otherMethods: readonly Row[] = ["GET", "PUT", "PATCH", "DELETE"].map((method) => ({
  id: method,
  title: `the method ${method} is refused`,
  change: (_conversation, text) => ({ method, signed: { body: method === "GET" ? "" : text } }),
}));

const otherPaths: readonly Row[] = [
  {
    id: "unknown",
    title: "a path of no operation is refused",
    change: (conversation) => ({ path: conversation.path(OPERATION).replace("vaultPayment", "unvaultPayment") }),
  },
  {
    id: "other-version",
    title: "another version of the path is refused",
    change: (conversation) => ({ path: conversation.path(OPERATION).replace("/v1/", "/v9/") }),
  },
  {
    id: "trailing-slash",
    title: "a slash behind the path is refused",
    change: (conversation) => ({ path: `${conversation.path(OPERATION)}/` }),
  },
  { id: "no-base", title: "a path without its base is refused", change: { path: operationPaths[OPERATION] } },
];

const environments: readonly Row[] = (["production", "sandbox"] as const).map((environment) => ({
  id: environment,
  title: `the ${environment} path is served`,
  needs: ["both-paths"],
  source: "/servers",
  change: (conversation) => ({ path: conversation.path(OPERATION, environment) }),
}));

export const protocolChecks = (): readonly Check[] => [
  ...refusedChecks("signature.refused", "INVALID_SIGNATURE", badSignatures, SIGNATURE, false),
  ...acceptedChecks("signature.accepted", goodSignatures, SIGNATURE),
  ...acceptedChecks("time.accepted", goodTimes, "/components/securitySchemes/RequestTime"),
  ...refusedChecks("time.refused", "PARAM_ILLEGAL", badTimes, "/components/securitySchemes/RequestTime"),
  ...refusedChecks("body.refused", "PARAM_ILLEGAL", [...badBodies, ...badTexts], INTRODUCTION),
  ...acceptedChecks(
    "media-type.accepted",
    mediaTypes.accepted.map((row) => contentType(row, "accepted")),
    INTRODUCTION,
  ),
  ...refusedChecks(
    "media-type.refused",
    "MEDIA_TYPE_NOT_ACCEPTABLE",
    mediaTypes.refused.map((row) => contentType(row, "refused")),
    INTRODUCTION,
  ),
  ...refusedChecks(
    "media-type.refused",
    "MEDIA_TYPE_NOT_ACCEPTABLE",
    [{ id: "compressed", title: "a compressed body is refused", change: { headers: { "content-encoding": "gzip" } } }],
    INTRODUCTION,
  ),
  ...refusedChecks("method.refused", "METHOD_NOT_SUPPORTED", otherMethods, INTRODUCTION),
  ...refusedChecks("path.refused", "NO_INTERFACE_DEF", otherPaths, "/paths"),
  ...acceptedChecks("path.accepted", environments, "/servers"),
];
