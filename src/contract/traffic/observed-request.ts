/**
 * Validates exchanges between a client and a target. A contract run knows the expected result of each request that it sends. Here, the
 * request itself determines the expected result.
 */
import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import type { ValidationIssue } from "../../../generated/validators.js";
import { stripQuery } from "../../protocol/http.ts";
import type { JsonResult } from "../../protocol/json.ts";
import { removeNulls } from "../../protocol/json-fields.ts";
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
  /** The path with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The result of parsing the bytes. */
  readonly parsed: JsonResult;
}

/** Creates headers from names and values. Omits invalid headers. */
export function toHeaders(list: HeaderList): Headers {
  const headers = new Headers();
  for (const [name, value] of list) {
    try {
      headers.append(name, value);
    } catch {
      // HTTP archives list HTTP/2 pseudo-headers, such as `:path`, which are not valid header names.
    }
  }
  return headers;
}

/** Validates a request. In an issue, an empty pointer refers to the whole body, and a pointer without a leading slash names a part outside the body. */
export function validateRequest(request: ObservedRequest): readonly ValidationIssue[] {
  const outside = HEAD_ISSUES.filter(([part]) => !isValidHeadPart(part, request)).map(([, issue]) => issue);
  const { parsed } = request;
  if (!parsed.ok) return [...outside, { pointer: "", rule: "json", message: parsed.message }];
  const validation = requestValidators[request.operation](removeNulls(parsed.value));
  return validation.valid ? outside : [...outside, ...validation.issues];
}

const HEAD_ISSUES: readonly (readonly [HeadPart, ValidationIssue])[] = [
  ["method", { pointer: "The method", rule: "method", message: "must be POST" }],
  ["content-type", { pointer: "Content-Type", rule: "media-type", message: "must be application/json in UTF-8" }],
  ["content-encoding", { pointer: "Content-Encoding", rule: "encoding", message: "must not be present" }],
  ["client-id", { pointer: "Client-Id", rule: "required", message: "must have 1 to 128 printable characters" }],
  [
    "request-time",
    {
      pointer: "Request-Time",
      rule: "format",
      message: "must be a time in milliseconds (13 digits) or in ISO 8601 with an offset",
    },
  ],
  ["agent-token", { pointer: "agent-token", rule: "maxLength", message: "must have at most 128 printable characters" }],
];

/** The keys that verify the signatures of both sides. Each is optional. */
export interface VerificationKeys {
  /** The client whose requests `merchant` verifies. */
  readonly clientId?: string;
  readonly merchant?: Keyring;
  readonly antom?: Keyring;
}

/** Verifies the signature of a request. The signature can cover the path with or without the query. Does not verify requests from a client other than `clientId`. */
export async function verifyRequest(
  { method, path, headers, bytes }: ObservedRequest,
  { clientId: signer, merchant }: VerificationKeys,
): Promise<SignatureFinding> {
  const header = headers.get("signature");
  const parsed = parseSignatureHeader(header);
  if (isInvalidHeader(parsed)) return parsed.message;
  if (!merchant || (signer !== undefined && headers.get("client-id") !== signer)) return NOT_CHECKED;
  const [clientId, time] = [headers.get("client-id") ?? "", headers.get("request-time") ?? ""];
  const verify = (signedPath: string) =>
    findSignatureError(merchant, { method, path: signedPath, clientId, time, body: bytes }, header);
  const error = await verify(path);
  const plain = stripQuery(path);
  return (error === undefined || plain === path ? error : await verify(plain)) ?? VERIFIED;
}

export const isInvalidSignature = (finding: SignatureFinding): boolean =>
  finding !== VERIFIED && finding !== NOT_CHECKED;

/** Information about an exchange that its bytes do not contain. */
export interface ExchangeFacts extends RequestFindings {
  /** Antom's public keys. Without them, the signature of the response is not verified. */
  readonly keyring: Keyring | undefined;
  readonly lenient: boolean;
  /** Whether the vaultingRequestId was also used with different content. If so, the target may return the result of the other request. */
  readonly reusesId: boolean;
}

/** Converts an observed exchange to the form that the response rules check. */
export async function toExchange(
  request: ObservedRequest,
  response: ReceivedResponse,
  facts: ExchangeFacts,
): Promise<Exchange> {
  const { operation, headers } = request;
  const exchange = readExchange(
    operation,
    { ...request, baseUrl: "", expect: "accepted", isBodyRead: true, reusesId: facts.reusesId },
    response,
    {
      // The response must be signed for the client that sent the request.
      clientId: headers.get("client-id") ?? "",
      keyring: facts.keyring ?? EMPTY_KEYRING,
      lenient: facts.lenient,
      isStateful: true,
    },
    request.parsed.ok ? request.parsed.value : undefined,
  );
  const { resultCode } = exchange;
  const isSignatureRejected = resultCode === "INVALID_SIGNATURE" || isInvalidSignature(facts.signature);
  const isWellFormed = facts.issues.every(({ pointer }) => pointer.startsWith("/"));
  return {
    ...exchange,
    request: {
      ...exchange.request,
      expect: isSignatureRejected ? "signature-rejected" : facts.issues.length > 0 ? "rejected" : "accepted",
      isBodyRead:
        isWellFormed && !isSignatureRejected && !(resultCode !== undefined && CODES_BEFORE_BODY.has(resultCode)),
    },
    context: { ...exchange.context, isStateful: !isExampleResponse(exchange) },
  };
}

const EMPTY_KEYRING: Keyring = { keys: [], select: () => undefined };

/** Result codes that a gateway can return before it reads the vaultingRequestId in the body. */
const CODES_BEFORE_BODY: ReadonlySet<string> = new Set([
  "ACCESS_DENIED",
  "CLIENT_FORBIDDEN_ACCESS_API",
  "ILLEGAL_CLIENT_IP",
  "INVALID_API",
  "INVALID_CLIENT",
  "INVALID_CLIENT_STATUS",
  "INVALID_SIGNATURE",
  "KEY_NOT_FOUND",
  "MEDIA_TYPE_NOT_ACCEPTABLE",
  "MERCHANT_NOT_REGISTERED",
  "METHOD_NOT_SUPPORTED",
  "NO_INTERFACE_DEF",
  "OAUTH_FAIL",
  "REQUEST_TRAFFIC_EXCEED_LIMIT",
  "SYSTEM_ERROR",
  "UNKNOWN_CLIENT",
  "UNKNOWN_EXCEPTION",
]);

/** Returns whether a response contains the card token of an example, as the successful responses of a mock do. */
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

export interface RuleViolation {
  readonly rule: string;
  readonly failure: string;
}

/** Checks a response against the selected rules that apply to it. Returns the IDs of these rules, and the violations. */
export function checkRules(
  exchange: Exchange,
  isSelected: (id: string) => boolean,
): { readonly checked: readonly string[]; readonly violations: readonly RuleViolation[] } {
  const applicable = RESPONSE_RULES.filter(({ id, applies }) => isSelected(id) && applies(exchange));
  const violations = applicable.flatMap(({ id, expect }) => {
    const failure = captureFailure(() => expect(exchange));
    return failure === undefined ? [] : [{ rule: id, failure }];
  });
  return { checked: applicable.map(({ id }) => id), violations };
}
