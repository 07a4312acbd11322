/**
 * Creates mutants: requests and notifications from the OpenAPI document, with random changes to their structure, bytes, and headers. Most mutants
 * have a valid signature, so that they reach the code after the signature check.
 *
 * @module
 */
import { basePaths, type OperationId, operationPaths, operations } from "../../../generated/operations.ts";
import { deriveProbes } from "../../contract/document/derive-probes.ts";
import { getNotificationExamples, getRequestMessage } from "../../contract/document/openapi-document.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import { buildRawRequest, type RawMerchant } from "./raw-merchant.ts";

export interface Mutant {
  readonly operation: OperationId;
  /** Descriptions of the changes, for debugging. */
  readonly notes: readonly string[];
  readonly bytes: Buffer;
  /** Whether the signature is valid. `unknown` if a changed head or an oversized body makes the result of the signature check uncertain. */
  readonly signature: "valid" | "invalid" | "unknown";
  /** Whether the HTTP parser may reject the request with a 4xx status and close the connection. */
  readonly mayBreakHttp: boolean;
}

export type Random = () => number;

/** Creates a reproducible generator (mulberry32) of random numbers from 0 (inclusive) to 1 (exclusive). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const randomBelow = (random: Random, limit: number): number => Math.floor(random() * limit);

function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[randomBelow(random, values.length)];
  if (value === undefined) throw new Error("Cannot pick from an empty list.");
  return value;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Body = { readonly [name: string]: Json };

/** The bodies from which mutants are created: the examples of each operation, and the valid and invalid bodies of its probes. */
const BASE_BODIES: Readonly<Record<OperationId, readonly Body[]>> = Object.fromEntries(
  operations.map((operation) => [
    operation,
    [
      ...getRequestMessage(operation).examples.values(),
      ...deriveProbes(operation).flatMap(({ accepted, rejected }) =>
        [...accepted, ...rejected].map(({ body }) => body),
      ),
    ],
  ]),
) as never;

const NOTIFICATION_BODIES = [...getNotificationExamples().values()] as readonly Body[];

const FIELD_NAMES = [
  ...new Set(operations.flatMap((operation) => BASE_BODIES[operation].flatMap((body) => [...collectNames(body)]))),
];

function* collectNames(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* collectNames(inner);
  }
}

/** Names that code might confuse with members of JavaScript's built-in objects, or that parsers treat specially. */
export const PROTOTYPE_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "toJSON",
  "then",
  "valueOf",
  "hasOwnProperty",
  "toLocaleString",
  "isPrototypeOf",
  "__defineGetter__",
  "length",
  "",
  "0",
  "\u0000",
  "\ud800",
  "$ref",
];

const MALICIOUS_TEXTS: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udc00x",
  "\ud83d",
  "😀".repeat(64),
  "😀".repeat(65),
  "x".repeat(64),
  "x".repeat(65),
  "x".repeat(256),
  "x".repeat(257),
  "x".repeat(2049),
  "x".repeat(10_000),
  "1".repeat(40_000),
  "1 ".repeat(15_000),
  "\\".repeat(999),
  '"'.repeat(999),
  "\u202eevil",
  "\ufeff",
  "\r\nSet-Cookie: a=b",
  "'; drop table vaulting; --",
  '"><img src=x onerror=alert(1)>',
  "{{7*7}}#{7*7}<%= 7*7 %>",
  "../../../../etc/passwd",
  "..%2f%2e%2e%00",
  "%s%n%x%d",
  "javascript:alert(1)",
  "http://127.0.0.1:22/",
  "http://[::1]:22/",
  "http://127.0.0.1:22/?a=b;c=d,e",
  "http://a;sandbox,b/",
  `http://127.0.0.1:22/${"a".repeat(2020)}`,
  `${"a.".repeat(1000)}`,
  `${"a@".repeat(500)}`,
  `${"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".repeat(60)}`,
  "4054695723100768",
  "4000009900570006",
  "４０５４６９５７２３１００７６８",
  "4054 6957 2310 0768",
  "4054695723100769",
  "0000000000000000",
  "true",
  "null",
  "NaN",
  "[object Object]",
  "__proto__",
  "2024-02-30",
  "9999-99-99",
];

/** The prefix of strings that are inserted as raw JSON text, because `JSON.stringify` cannot produce that text. */
const RAW = "\u{10fffd}raw:";

const raw = (text: string): string => RAW + text;

const NUMBERS: readonly Json[] = [
  0,
  -1,
  1.5,
  123,
  1e308,
  5e-324,
  9007199254740991,
  raw("9007199254740993"),
  raw("1e999"),
  raw("-1e999"),
  raw("-0"),
  raw(`1${"0".repeat(5000)}`),
  raw(`0.${"0".repeat(5000)}1`),
  raw("01"),
  raw("+1"),
  raw("0x10"),
  raw("NaN"),
  raw("Infinity"),
  raw("undefined"),
  raw("1_000"),
];

const nest = (levels: number, open: string, close: string, inner = "1"): string =>
  raw(open.repeat(levels) + inner + close.repeat(levels));

const STRUCTURES: readonly Json[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { "": {} },
  nest(10, "[", "]"),
  nest(13, "[", "]"),
  nest(14, "[", "]"),
  nest(15, "[", "]"),
  nest(16, "[", "]"),
  nest(17, "[", "]"),
  nest(30_000, "[", "]"),
  nest(16, '{"a":', "}"),
  nest(6000, '{"a":', "}"),
  raw(`[${"[],".repeat(15_000)}[]]`),
  raw(`[${"0,".repeat(30_000)}0]`),
  raw(`{${Array.from({ length: 5000 }, (_, index) => `"k${index}":0`).join(",")}}`),
  raw(`["${"\\u0041".repeat(9000)}"]`),
  raw(`["${'","'.repeat(15_000)}"]`),
  // Objects in which a built-in name, such as toString, has a value that is not a function. Code might fail to convert such objects to text.
  ...PROTOTYPE_NAMES.flatMap((name) => {
    const object: Json = Object.fromEntries([[name, { [name]: 1 }]]);
    return [object, [object], [[object]]];
  }),
  raw('{"toString":1,"valueOf":1,"toJSON":1,"then":1,"constructor":1,"length":1}'),
  raw("[1,]"),
  raw("{,}"),
  raw("'x'"),
  raw("/* */1"),
  raw('"\\x41"'),
  raw('"\t"'),
  raw('"unterminated'),
];

type Step = (random: Random, body: Body) => { readonly body: Body; readonly note: string };

function listPaths(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => listPaths(inner as Json, [...path, name]))];
}

function changeAt(
  value: Json,
  [name, ...rest]: readonly string[],
  change: (inner: Json | undefined) => Json | undefined,
): Json {
  if (name === undefined) return change(value) ?? null;
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : {};
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  const next = rest.length === 0 ? change(inner) : changeAt(inner ?? {}, rest, change);
  const entries = Object.entries(object).filter(([key]) => key !== name);
  // An object literal would treat `__proto__` specially.
  return Object.fromEntries(next === undefined ? entries : [...entries, [name, next]]) as Body;
}

const toPointer = (path: readonly string[]): string => `/${path.join("/")}`.slice(0, 80);

const STEPS: readonly Step[] = [
  function remove(random, body) {
    const path = pick(random, listPaths(body));
    return { body: changeAt(body, path, () => undefined) as Body, note: `removed ${toPointer(path)}` };
  },
  function addField(random, body) {
    const path = [
      ...pick(random, listPaths(body)),
      pick(random, random() < 0.5 ? PROTOTYPE_NAMES : [...FIELD_NAMES, ...MALICIOUS_TEXTS]),
    ];
    const value = pick(random, [...MALICIOUS_TEXTS, ...NUMBERS, ...STRUCTURES]);
    return { body: changeAt(body, path, () => value) as Body, note: `added ${toPointer(path)}` };
  },
  function changeType(random, body) {
    const path = pick(random, listPaths(body));
    const value = pick(random, [...NUMBERS, ...STRUCTURES]);
    return { body: changeAt(body, path, () => value) as Body, note: `different type at ${toPointer(path)}` };
  },
  function replaceText(random, body) {
    const path = pick(random, listPaths(body));
    const value = pick(random, MALICIOUS_TEXTS);
    return { body: changeAt(body, path, () => value) as Body, note: `malicious text at ${toPointer(path)}` };
  },
  function changeText(random, body) {
    const path = pick(random, listPaths(body));
    const change = (inner: Json | undefined): Json | undefined => {
      if (typeof inner !== "string") return inner;
      const characters = [...inner];
      const index = randomBelow(random, characters.length + 1);
      const piece = pick(random, [...MALICIOUS_TEXTS.filter(({ length }) => length < 300), "x", "0", "."]);
      if (random() < 0.3) return characters.slice(0, index).join("");
      return characters.toSpliced(index, randomBelow(random, 3), piece).join("");
    };
    return { body: changeAt(body, path, change) as Body, note: `changed text at ${toPointer(path)}` };
  },
  function copyValue(random, body) {
    const [from, to] = [pick(random, listPaths(body)), pick(random, listPaths(body))];
    const value = from.reduce<Json | undefined>((inner, name) => (inner as Body | undefined)?.[name], body);
    return { body: changeAt(body, to, () => value) as Body, note: `${toPointer(from)} copied to ${toPointer(to)}` };
  },
];

/** Serializes a body and inserts its raw JSON texts without quotation marks. */
function toJsonText(body: Json): string {
  return JSON.stringify(body).replace(new RegExp(`"${RAW}((?:[^"\\\\]|\\\\.)*)"`, "gu"), (_, text: string) =>
    String(JSON.parse(`"${text}"`)),
  );
}

/** Changes to the JSON text. Most of these are impossible to make by changing the values. */
const TEXT_STEPS: readonly ((random: Random, text: string) => { readonly text: string; readonly note: string })[] = [
  (random, text) => {
    const names = [...text.slice(0, 20_000).matchAll(/"\w*":/g)];
    if (names.length === 0) return { text, note: "unchanged" };
    const { index = 0, 0: name } = pick(random, names);
    return { text: `${text.slice(0, index)}${name}"x",${text.slice(index)}`, note: `${name} twice` };
  },
  (random, text) => {
    const index = randomBelow(random, text.length + 1);
    const piece = pick(random, [
      "\ufeff",
      "\u0000",
      "{",
      "}",
      "[",
      '"',
      "\\",
      ",",
      "\u2028",
      " ",
      "\n",
      "\\u0000",
      "\\ud800",
    ]);
    return { text: text.slice(0, index) + piece + text.slice(index), note: "inserted text" };
  },
  (random, text) => ({ text: text.slice(0, randomBelow(random, text.length + 1)), note: "truncated" }),
  (random, text) => ({
    text: text + pick(random, [text, "x", "\u0000", " ".repeat(70_000), "]"]),
    note: "appended text",
  }),
  (random) => ({
    text: pick(random, ["", "null", "[]", '"x"', "1", "{}", "true", "\u0000", "﻿{}", " "]),
    note: "different body",
  }),
  (_, text) => ({
    text: text.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
    note: "escaped letters",
  }),
];

function mutateBytes(random: Random, body: Uint8Array): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(body);
  for (let flips = 1 + randomBelow(random, 4); flips > 0 && bytes.length > 0; flips--) {
    bytes[randomBelow(random, bytes.length)] =
      random() < 0.5 ? randomBelow(random, 256) : pick(random, [0, 0x22, 0x5c, 0xff, 0xc0, 0xed, 0x7b]);
  }
  return bytes;
}

type Header = readonly [string, string];

interface Draft {
  headers: Header[];
  method: string;
  target: string;
  signature: Mutant["signature"];
  mayBreakHttp: boolean;
}

const HEADER_TEXTS: readonly string[] = [
  "",
  " ",
  "x",
  "x".repeat(128),
  "x".repeat(129),
  "x".repeat(4000),
  "a b",
  "\u00e9\u00ff",
  "\t",
  "a, b",
  "__proto__",
  "toString",
  "0",
  "-1",
  "1685599933871",
  "2024-02-30T00:00:00Z",
  "2026-01-01T00:00:00",
  "99999999999999999999",
  "%00%0d%0a",
  "algorithm=none,keyVersion=1,signature=AAAA",
  "algorithm=RSA256,keyVersion=__proto__,signature=AAAA",
  "algorithm=RSA256,keyVersion=99999999999999999999,signature=",
  "algorithm=RSA256,keyVersion=1,signature=%",
  `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(344)}`,
  `algorithm=RSA256,keyVersion=1,signature=${"A".repeat(9000)}`,
  ",".repeat(3000),
  "=".repeat(3000),
  "application/json; charset=UTF-16",
  "application/json; charset=utf-8; charset=utf-16",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "gzip",
  "identity",
];

const API_HEADERS = ["client-id", "request-time", "signature", "content-type", "agent-token", "content-encoding"];

const setHeader = (draft: Draft, name: string, values: readonly string[]): void => {
  draft.headers = [...draft.headers.filter(([key]) => key !== name), ...values.map((value): Header => [name, value])];
};

/** Changes to the head of a signed request. */
const HEAD_STEPS: readonly ((random: Random, draft: Draft) => string)[] = [
  (random, draft) => {
    const name = pick(random, API_HEADERS);
    setHeader(draft, name, [pick(random, HEADER_TEXTS)]);
    draft.signature = "unknown";
    return `different ${name}`;
  },
  (random, draft) => {
    const name = pick(random, API_HEADERS);
    setHeader(draft, name, []);
    draft.signature = "unknown";
    return `no ${name}`;
  },
  (random, draft) => {
    const name = pick(random, API_HEADERS);
    const values = draft.headers.filter(([key]) => key === name).map(([, value]) => value);
    setHeader(draft, name, [...values, ...values, pick(random, HEADER_TEXTS)]);
    draft.signature = "unknown";
    return `duplicate ${name}`;
  },
  (random, draft) => {
    draft.method = pick(random, ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]);
    draft.signature = "unknown";
    return draft.method;
  },
  (random, draft) => {
    const path = draft.target;
    draft.target = pick(random, [
      `${path}/`,
      `/${path}`,
      path.toUpperCase(),
      path.replace("v1", "v%31"),
      `${path}?a=b&${"c".repeat(2000)}`,
      `${path}?`,
      `${path}%00`,
      `/x/..${path}`,
      // This list omits "/", because the dashboard responds to that path if a second step changes the method to GET.
      "//",
      "/%",
      "/%ff%fe",
      `/${"a/".repeat(2000)}`,
      `http://127.0.0.1${path}`,
    ]);
    draft.signature = "unknown";
    return "different target";
  },
  (random, draft) => {
    const name = pick(random, [
      "x-a",
      "cookie",
      "authorization",
      "x-forwarded-for",
      "range",
      "accept",
      "te",
      "via",
      "origin",
    ]);
    draft.headers.push([name, pick(random, HEADER_TEXTS)]);
    // The mock rejects requests from web pages before it verifies their signatures.
    if (name === "origin" && draft.signature === "invalid") draft.signature = "unknown";
    return `with ${name}`;
  },
  (random, draft) => {
    const [name, value] = pick(random, [
      ["expect", "100-continue"],
      ["expect", "x"],
      ["upgrade", "websocket"],
      ["connection", "upgrade, keep-alive"],
      ["connection", "close"],
      ["transfer-encoding", "chunked"],
      ["transfer-encoding", "gzip"],
      ["content-length", "5"],
      ["host", "b"],
      ["host", "a b"],
      ["x-nul", "a\u0000b"],
      ["x long", "y"],
      ["", "y"],
      ["x-many", "z".repeat(17_000)],
    ] as const);
    draft.headers.push([name, value]);
    draft.mayBreakHttp = true;
    draft.signature = "unknown";
    return `with ${name}: ${value.slice(0, 20)}`;
  },
];

export interface MutantSource {
  readonly merchant: RawMerchant;
  /** The vaultingNotificationUrl of all bodies that have one, before the random changes. */
  readonly notificationUrl: string;
  readonly idPrefix: string;
  /** The path of a notification receiver. If it is set, the mutants are notifications. */
  readonly receiverPath?: string | undefined;
}

/** The head length in bytes above which Node's parser may respond with 431. The limit is 16 KiB, but the parser does not count exactly in bytes. */
const LONG_HEAD = 15_000;

/** Creates a mutant. Except for the request time and the signature over it, the mutant depends only on the arguments. */
export function createMutant(
  random: Random,
  number: number,
  { merchant, notificationUrl, idPrefix, receiverPath }: MutantSource,
): Mutant {
  const operation = pick(random, operations);
  const notes: string[] = [];
  let body = setIdAndUrl(
    pick(random, receiverPath === undefined ? BASE_BODIES[operation] : NOTIFICATION_BODIES),
    notificationUrl,
    random() < 0.9 ? `${idPrefix}-${number}` : `${idPrefix}-same-${number % 50}`,
  );
  for (let steps = pick(random, [0, 1, 1, 1, 2, 3]); steps > 0; steps--) {
    const step = pick(random, STEPS)(random, body);
    // A step can replace the whole body with a value that is not an object.
    body = typeof step.body === "object" && step.body !== null ? step.body : { replaced: step.body };
    notes.push(step.note);
  }
  let text = toJsonText(body);
  if (random() < 0.2) {
    const changed = pick(random, TEXT_STEPS)(random, text);
    text = changed.text;
    notes.push(changed.note);
  }
  let bytes: Buffer<ArrayBuffer> = Buffer.from(text);
  if (random() < 0.1) {
    bytes = mutateBytes(random, bytes);
    notes.push("changed bytes before signing");
  }
  const path = receiverPath ?? basePaths[random() < 0.5 ? "sandbox" : "production"] + operationPaths[operation];
  const time = random() < 0.5 ? String(Date.now()) : new Date().toISOString();
  const signature = merchant.sign({ path, time, body: Buffer.from(bytes) });
  const draft: Draft = {
    headers: [
      ["host", "127.0.0.1"],
      ["content-type", "application/json; charset=UTF-8"],
      ["client-id", merchant.clientId],
      ["request-time", time],
      ["signature", signature],
    ],
    method: "POST",
    target: path,
    signature: "valid",
    mayBreakHttp: false,
  };
  if (random() < 0.1 && bytes.length > 0) {
    const changed = mutateBytes(random, bytes);
    if (!changed.equals(bytes)) draft.signature = "invalid";
    bytes = changed;
    notes.push("changed bytes after signing");
  }
  for (let steps = random() < 0.25 ? 1 + randomBelow(random, 2) : 0; steps > 0; steps--)
    notes.push(pick(random, HEAD_STEPS)(random, draft));
  // The gateway rejects a body that is too large before it verifies the signature.
  if (bytes.length > BODY_LIMIT) draft.signature = "unknown";
  draft.headers.push(["content-length", String(bytes.length)]);
  const whole = buildRawRequest(draft.method, draft.target, draft.headers, bytes);
  if (whole.length - bytes.length > LONG_HEAD) draft.mayBreakHttp = true;
  const { signature: validity, mayBreakHttp } = draft;
  return { operation, notes, bytes: whole, signature: validity, mayBreakHttp };
}

/** Replaces the ID if it is valid, and the notification URL if the body has one. */
function setIdAndUrl(base: Body, notificationUrl: string, id: string): Body {
  const hasValidId = typeof base["vaultingRequestId"] === "string" && /^[\w-]{5,40}$/.test(base["vaultingRequestId"]);
  return {
    ...base,
    ...(hasValidId ? { vaultingRequestId: id } : {}),
    ...("vaultingNotificationUrl" in base ? { vaultingNotificationUrl: notificationUrl } : {}),
  };
}
