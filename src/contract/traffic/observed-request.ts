/**
 * An exchange between two others: what is wrong with a request that somebody else sent, and what its answer owes. A run of the checks
 * knows what it meant by a request; here it is found out from the request itself.
 */
import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import type { Issue } from "../../../generated/validators.js";
import { stripQuery } from "../../protocol/http.ts";
import { parseJson } from "../../protocol/json.ts";
import { type HeadPart, isValidHeadPart } from "../../protocol/request-head.ts";
import { findSignatureError, isInvalidHeader, type Keyring, parseSignatureHeader } from "../../signature/index.ts";
import { getCardToken } from "../checks/vaulting-requests.ts";
import { readExchange } from "../conversation/read-exchange.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import type { Exchange, ReceivedResponse } from "../model/exchange.ts";
import { captureFailure } from "../model/failure.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import { type HeaderList, NOT_CHECKED, type RequestFindings, type SignatureFinding, VERIFIED } from "./recording.ts";

export interface ObservedRequest {
  readonly operation: OperationId;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Names and values as headers; what no header can be is left out. */
export function toHeaders(list: HeaderList): Headers {
  const headers = new Headers();
  for (const [name, value] of list) {
    try {
      headers.append(name, value);
    } catch {
      // For example the `:path` of HTTP/2, which archives list among the headers.
    }
  }
  return headers;
}

/** Where a request breaks the document. A pointer that does not begin with a slash names a part of the request outside of its body. */
export function validateRequest(request: ObservedRequest): readonly Issue[] {
  const outside = HEAD_ISSUES.filter(([part]) => !isValidHeadPart(part, request)).map(([, issue]) => issue);
  const reading = parseJson(request.bytes);
  if (!reading.ok) return [...outside, { pointer: "", rule: "json", message: reading.message }];
  const checked = requestValidators[request.operation](reading.value);
  return checked.valid ? outside : [...outside, ...checked.issues];
}

const HEAD_ISSUES: readonly (readonly [HeadPart, Issue])[] = [
  ["method", { pointer: "The method", rule: "method", message: "must be POST" }],
  ["content-type", { pointer: "Content-Type", rule: "media-type", message: "must be application/json in UTF-8" }],
  ["content-encoding", { pointer: "Content-Encoding", rule: "encoding", message: "must not be there" }],
  ["client-id", { pointer: "Client-Id", rule: "required", message: "must have 1 to 128 printable characters" }],
  [
    "request-time",
    {
      pointer: "Request-Time",
      rule: "format",
      message: "must be 13 digits of milliseconds, or ISO 8601 with an offset",
    },
  ],
  ["agent-token", { pointer: "agent-token", rule: "maxLength", message: "must have at most 128 printable characters" }],
];

/** What the two sides' signatures are verified with, as far as it is known. */
export interface VerificationKeys {
  /** Whose requests `merchant` signs. */
  readonly clientId?: string;
  readonly merchant?: Keyring;
  readonly antom?: Keyring;
}

/** Verifies a request's signature, over its path with the query or without. Keys of a different client do not count. */
export async function verifyRequest(
  { method, path, headers, bytes }: ObservedRequest,
  { clientId: signer, merchant }: VerificationKeys,
): Promise<SignatureFinding> {
  const header = headers.get("signature");
  const read = parseSignatureHeader(header);
  if (isInvalidHeader(read)) return read.message;
  if (!merchant || (signer !== undefined && headers.get("client-id") !== signer)) return NOT_CHECKED;
  const [clientId, time] = [headers.get("client-id") ?? "", headers.get("request-time") ?? ""];
  const faultOf = (each: string) =>
    findSignatureError(merchant, { method, path: each, clientId, time, body: bytes }, header);
  const fault = await faultOf(path);
  const plain = stripQuery(path);
  return (fault === undefined || plain === path ? fault : await faultOf(plain)) ?? VERIFIED;
}

export const isInvalidSignature = (finding: SignatureFinding): boolean =>
  finding !== VERIFIED && finding !== NOT_CHECKED;

/** What is known of an exchange besides its bytes. */
export interface ExchangeFacts extends RequestFindings {
  /** Antom's. Without one no answer's signature is looked at. */
  readonly keyring: Keyring | undefined;
  readonly lenient: boolean;
  /** Whether the request's ID was used for other content too, whose result may be the answer. */
  readonly otherContent: boolean;
}

/** An overheard exchange in the form in which the contract's rules read one. */
export async function toExchange(
  request: ObservedRequest,
  answer: ReceivedResponse,
  known: ExchangeFacts,
): Promise<Exchange> {
  const { operation, headers } = request;
  const exchange = await readExchange(
    operation,
    { ...request, baseUrl: "", expect: "accepted", bodyCounts: true, otherContent: known.otherContent },
    answer,
    {
      // An answer is for whom the request names, whoever that is.
      clientId: headers.get("client-id") ?? "",
      keyring: known.keyring ?? EMPTY_KEYRING,
      lenient: known.lenient,
      isStateful: true,
    },
  );
  const { resultCode } = exchange;
  const refusesSignature = resultCode === "INVALID_SIGNATURE" || isInvalidSignature(known.signature);
  const wellFormed = known.issues.every(({ pointer }) => pointer.startsWith("/"));
  return {
    ...exchange,
    request: {
      ...exchange.request,
      expect: refusesSignature ? "signature-rejected" : known.issues.length > 0 ? "rejected" : "accepted",
      bodyCounts: wellFormed && !refusesSignature && !(resultCode !== undefined && CODES_BEFORE_BODY.has(resultCode)),
    },
    context: { ...exchange.context, isStateful: !isExampleResponse(exchange) },
  };
}

const EMPTY_KEYRING: Keyring = { keys: [], select: () => undefined };

/** Codes with which a gateway can answer before it has read a body, and so without knowing the ID in it. */
const CODES_BEFORE_BODY: ReadonlySet<string> = new Set([
  "ACCESS_DENIED",
  "CLIENT_FORBIDDEN_ACCESS_API",
  "INVALID_API",
  "INVALID_CLIENT",
  "INVALID_CLIENT_STATUS",
  "INVALID_SIGNATURE",
  "KEY_NOT_FOUND",
  "MEDIA_TYPE_NOT_ACCEPTABLE",
  "MERCHANT_NOT_REGISTERED",
  "METHOD_NOT_SUPPORTED",
  "NO_INTERFACE_DEF",
  "REQUEST_TRAFFIC_EXCEED_LIMIT",
  "SYSTEM_ERROR",
  "UNKNOWN_CLIENT",
  "UNKNOWN_EXCEPTION",
]);

/** Whether an answer carries the document's own card token: a mock's do, whatever it was asked. */
export function isExampleResponse(exchange: Pick<Exchange, "body">): boolean {
  const token = getCardToken(exchange);
  exampleTokens ??= new Set(
    (["vaultPaymentMethod", "inquireVaulting"] as const).flatMap((operation) =>
      [...getResponseMessage(operation).examples.values()].map((body) => getCardToken({ body })),
    ),
  );
  return token !== undefined && exampleTokens.has(token);
}
let exampleTokens: ReadonlySet<unknown> | undefined;

/** A rule that an answer breaks, and how: the failure as a check tells it. */
export interface RuleViolation {
  readonly rule: string;
  readonly failure: string;
}

/** Holds an answer against the rules of that many IDs that apply to it; tells which did and which of those it breaks. */
export function checkRules(
  exchange: Exchange,
  rules: (id: string) => boolean,
): { readonly asked: readonly string[]; readonly broken: readonly RuleViolation[] } {
  const applying = RESPONSE_RULES.filter(({ id, applies }) => rules(id) && applies(exchange));
  const broken = applying.flatMap(({ id, expect }) => {
    const failure = captureFailure(() => expect(exchange));
    return failure === undefined ? [] : [{ rule: id, failure }];
  });
  return { asked: applying.map(({ id }) => id), broken };
}
