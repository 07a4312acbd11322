/**
 * The server side of the API. It verifies the signature over the raw bytes before it parses the body. It rejects invalid requests in the API's format
 * (HTTP 200, result F), and passes valid requests to a handler. It signs every response except those that reject a signature or an API key.
 */
import { requestValidators } from "../../generated/operation-validators.ts";
import type { Environment, OperationId } from "../../generated/operations.ts";
import type { ValidationIssue } from "../../generated/validators.js";
import { findRepeatedCardNumber } from "../cards/card-digits.ts";
import { createCardNumberFinder } from "../cards/mask-known-card.ts";
import { AntomVaultError, describeIssues } from "../protocol/errors.ts";
import { formatMessageTime, isHeaderToken, JSON_MEDIA_TYPE, readBody, stripQuery } from "../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../protocol/json.ts";
import { getField, getResult, removeNulls } from "../protocol/json-fields.ts";
import { findRoute, type Route } from "../protocol/operations.ts";
import { type HeadPart, isValidHeadPart, type RequestHead } from "../protocol/request-head.ts";
import { formatSignatureHeader, type SignedMessage } from "../signature/index.ts";
import { createAdmission } from "./admission.ts";
import { describeForeignHeader, type ForeignHeader } from "./foreign-request.ts";
import { createFailure, createTrafficExceeded, createUnknownException } from "./gateway-results.ts";
import { type SigningKey, signSync } from "./node-crypto.ts";
import { type Merchant, type RejectedSignature, verifyRequest } from "./verify-request.ts";

/** A request with a valid signature and a body that matches the OpenAPI document. */
export interface VerifiedRequest {
  readonly operation: OperationId;
  readonly environment: Environment;
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** The parsed body, with unknown fields but without fields that are `null`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: RequestHead["headers"];
}

/** The gateway's signing key. Both properties are read for each message, so getters can rotate the key. */
export interface Signer {
  readonly privateKey: SigningKey;
  readonly keyVersion: string;
}

export interface GatewayOptions extends Signer {
  readonly findMerchant: (clientId: string) => Merchant | undefined | Promise<Merchant | undefined>;
  /**
   * Returns the body of the response, as JSON text or as a value to serialize. If `handle` throws, the gateway responds with UNKNOWN_EXCEPTION.
   * `note` sets the note in {@link RequestSummary}, which the call log shows.
   */
  readonly handle: (request: VerifiedRequest, note: (text: string) => void) => Promise<string | object>;
  /**
   * Returns the message for an unknown client ID. The ID is empty if the header is missing. Default: the same message as for an invalid signature,
   * so that responses do not reveal which IDs exist.
   */
  readonly unknownClientMessage?: (clientId: string) => string;
  /** Returns the header that shows that a web page from a different site sent the request. Default: web pages are not rejected. */
  readonly findForeignHeader?: (request: RequestHead) => ForeignHeader | undefined;
  /** The maximum number of calls in flight. The gateway responds to further calls with REQUEST_TRAFFIC_EXCEED_LIMIT. Default: 1,000. */
  readonly maxInFlight?: number;
  /** Returns the current time in milliseconds since the Unix epoch. Default: the system clock. */
  readonly now?: () => number;
  /** Receives each rejected signature, so that the sandbox and the mock can explain it to the developer. */
  readonly onSignatureRejected?: (rejected: RejectedSignature) => void;
  /** Receives the errors of `handle` and `findMerchant`, and errors that occur while a request is read, unless the client closed the connection. */
  readonly onError?: (error: unknown) => void;
}

/** A request that arrived as a `Request` or through Node's HTTP server. */
export interface GatewayRequest extends RequestHead {
  /** The path and query exactly as requested. */
  readonly target: string;
  /** Reads the raw body. Returns `undefined` if it is larger than `limit` bytes. */
  readonly body: (limit: number) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** A response. Its HTTP status is always 200, and it is signed unless it rejects a signature or an API key. */
export interface GatewayResponse {
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, which is sent as UTF-8. */
  readonly body: string;
  /** Set if the gateway is overloaded. The next request on the connection waits for this promise. */
  readonly hold?: Promise<void>;
  readonly about: RequestSummary;
}

/** A summary of a request for the call log, with the details that the gateway knows when it responds. */
export interface RequestSummary {
  readonly route?: Route;
  readonly clientId: string;
  /** The parsed body, including card data. Present only if the signature is valid. */
  readonly parsedBody?: unknown;
  /** The text that `handle` passed to `note`. */
  readonly note?: string;
  /** Contains the raw body, so do not store it. */
  readonly rejectedSignature?: RejectedSignature;
}

/** A function that responds to every request and never rejects. */
export interface Gateway {
  (request: Request): Promise<Response>;
  readonly respond: (request: GatewayRequest) => Promise<GatewayResponse>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { now = Date.now, maxInFlight = 1_000 } = options;
  const signOverload = reuseSignatures(signBody);
  const admission = createAdmission(maxInFlight);

  async function verifyAndHandle(request: GatewayRequest): Promise<PendingResponse> {
    const route = findRoute(stripQuery(request.target));
    if (!route) return createRejection("NO_INTERFACE_DEF", NO_INTERFACE);
    const rejected = rejectHead(request, RULES_BEFORE_BODY);
    if (rejected) return { ...rejected, route };
    if (isApiKeyRequest(request)) return { ...createRejection("OAUTH_FAIL", NO_API_KEYS), route, unsigned: true };
    const bytes = await request.body(BODY_LIMIT);
    if (!bytes) {
      const tooLarge = createRejection("PARAM_ILLEGAL", `The body is larger than ${BODY_LIMIT} bytes.`);
      return { ...tooLarge, route, close: true };
    }
    return { ...(await verifyBody(request, route, bytes)), route };
  }

  async function verifyBody(
    request: GatewayRequest,
    route: Route,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<PendingResponse> {
    const clientId = request.headers.get("client-id") ?? "";
    const merchant = await options.findMerchant(clientId);
    if (merchant && !merchant.publicKeys) {
      return createRejection("KEY_NOT_FOUND", "The merchant has not uploaded a public key.");
    }
    if (merchant && admission.isFull()) return { body: OVERLOAD, hold: admission.hold() };
    const rejectedSignature = await verifyRequest(request, bytes, merchant);
    if (rejectedSignature) notifyListener(options.onSignatureRejected, rejectedSignature);
    if (rejectedSignature || !merchant) {
      const message = merchant ? undefined : options.unknownClientMessage?.(clientId);
      return { ...rejectSignature(message), unsigned: true, ...(rejectedSignature ? { rejectedSignature } : {}) };
    }
    return admission.run(() => handleVerified(request, route, merchant.clientId, bytes));
  }

  async function handleVerified(
    request: GatewayRequest,
    route: Route,
    clientId: string,
    bytes: Uint8Array,
  ): Promise<PendingResponse> {
    const rejected = rejectHead(request, RULES_AFTER_SIGNATURE);
    if (rejected) return rejected;
    const parsed = parseJson(bytes);
    if (!parsed.ok) return createRejection("PARAM_ILLEGAL", `The body ${parsed.message}.`);
    const summary: { parsedBody: unknown; note?: string } = { parsedBody: parsed.value };
    const checked = requestValidators[route.operation](removeNulls(parsed.value));
    const repeated = findRepeatedCardNumber(parsed.value, clientId, createCardNumberFinder);
    const issues = [...(checked.valid ? [] : checked.issues), ...repeated];
    const echo = findEchoedId(route.operation, parsed.value, issues);
    if (!checked.valid || repeated.length > 0) {
      return { ...createRejection("PARAM_ILLEGAL", `${describeIssues(issues)}.`, echo), ...summary };
    }
    const { vaultingRequestId } = checked.value;
    const verified = { ...route, clientId, vaultingRequestId, body: checked.value, headers: request.headers };
    try {
      const response = await options.handle(verified, (text) => {
        summary.note = text;
      });
      if (typeof response === "string") return { ...summary, body: response };
      const body = JSON.stringify(response);
      // The gateway does not sign a response object with INVALID_SIGNATURE, even if the handler returns it.
      return { ...summary, body, unsigned: getResult(response).resultCode === "INVALID_SIGNATURE" };
    } catch (error) {
      notifyListener(options.onError, error);
      return { ...summary, body: JSON.stringify(createUnknownException(echo)) };
    }
  }

  async function respond(request: GatewayRequest): Promise<GatewayResponse> {
    let response: PendingResponse;
    try {
      const foreign = options.findForeignHeader?.(request);
      response = foreign
        ? createRejection("ACCESS_DENIED", describeForeignHeader(foreign))
        : await verifyAndHandle(request);
    } catch (error) {
      const isAborted = error instanceof AntomVaultError && error.code === "ABORTED";
      if (!isAborted) notifyListener(options.onError, error);
      response = { body: JSON.stringify(createUnknownException()), close: true };
    }
    const sign = response.body === OVERLOAD ? signOverload : signBody;
    return signResponse(request, response, options, formatMessageTime(now()), sign);
  }

  const fetch = async (request: Request): Promise<Response> => {
    const { headers, body } = await respond(toGatewayRequest(request));
    return new Response(body, { status: 200, headers });
  };
  return Object.assign(fetch, { respond });
}

function toGatewayRequest(request: Request): GatewayRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: pathname + search,
    headers: request.headers,
    body: (limit) => readBody(request.body, limit),
  };
}

function signResponse(
  { headers: requestHeaders, target }: GatewayRequest,
  { body, unsigned, close, hold, ...about }: PendingResponse,
  signer: Signer,
  time: string,
  sign: typeof signBody,
): GatewayResponse {
  const sentId = requestHeaders.get("client-id") ?? "";
  const clientId = isHeaderToken(sentId) ? sentId : "";
  const headers: Record<string, string> = { "content-type": JSON_MEDIA_TYPE };
  if (clientId) headers["client-id"] = clientId;
  if (close) headers["connection"] = "close";
  if (!unsigned) {
    headers["response-time"] = time;
    headers["signature"] = sign({ path: target, clientId, time, body }, signer);
  }
  return { headers, body, about: { ...about, clientId }, ...(hold ? { hold } : {}) };
}

const signBody = (message: SignedMessage, { privateKey, keyVersion }: Signer): string =>
  formatSignatureHeader(signSync(message, privateKey), keyVersion);

/**
 * Signs identical messages only once, as long as their signatures are cached. Under overload, a client receives the same response many times a
 * second. Signing the response each time would take more CPU time than handling calls.
 */
function reuseSignatures(sign: typeof signBody): typeof signBody {
  const signatures = new Map<string, string>();
  return (message, signer) => {
    const key = JSON.stringify([message, signer.keyVersion]);
    const signature = signatures.get(key) ?? sign(message, signer);
    if (signatures.size > 100) signatures.clear();
    signatures.set(key, signature);
    return signature;
  };
}

type HeadRules = readonly (readonly [HeadPart, ...Parameters<typeof createFailure>])[];

const RULES_BEFORE_BODY: HeadRules = [
  ["method", "METHOD_NOT_SUPPORTED", "The HTTP method is not supported; use POST."],
  ["content-type", "MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Type must be application/json; charset=UTF-8."],
  ["content-encoding", "MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Encoding is not accepted; send the body uncompressed."],
];

const RULES_AFTER_SIGNATURE: HeadRules = [
  ["request-time", "PARAM_ILLEGAL", "Request-Time must be Unix milliseconds (13 digits) or ISO 8601 with an offset."],
  ["agent-token", "PARAM_ILLEGAL", "agent-token must be at most 128 printable ASCII characters without spaces."],
];

const NO_INTERFACE =
  "No API is defined at this path. Call, for example, /ams/sandbox/api/v1/vaults/vaultPaymentMethod.";

const NO_API_KEYS =
  "API keys are not supported here: sign the request with your private key, and send the headers Client-Id, Request-Time, and Signature. " +
  "See docs/troubleshooting.md.";

const isApiKeyRequest = ({ headers }: RequestHead): boolean =>
  !headers.get("signature") && /^bearer(?: |$)/i.test(headers.get("authorization") ?? "");

function rejectHead(request: GatewayRequest, rules: HeadRules): PendingResponse | undefined {
  for (const [part, ...failure] of rules) if (!isValidHeadPart(part, request)) return createRejection(...failure);
  return undefined;
}

/** Calls a listener. Ignores its errors, including asynchronous errors, so that they do not change the response. */
function notifyListener<Value>(listener: ((value: Value) => void) | undefined, value: Value): void {
  (async () => listener?.(value))().catch(() => {});
}

/** Returns the ID that the response echoes, if the request contains a valid ID. Responses to createVaultingSession have no ID. */
function findEchoedId(operation: OperationId, value: unknown, issues: readonly ValidationIssue[]): string | undefined {
  if (operation === "createVaultingSession") return undefined;
  if (issues.some(({ pointer }) => pointer === "/vaultingRequestId" || pointer === "")) return undefined;
  const id = getField(value, "vaultingRequestId");
  return typeof id === "string" ? id : undefined;
}

interface PendingResponse extends Omit<RequestSummary, "clientId"> {
  readonly body: string;
  /** Whether to omit the signature and response-time headers, as when a signature or an API key is rejected. */
  readonly unsigned?: boolean;
  /** Set if the body was not read completely, because the connection then cannot be reused. */
  readonly close?: true;
  readonly hold?: Promise<void>;
}

const OVERLOAD = JSON.stringify(createTrafficExceeded());

const rejectSignature = (message = "The signature is not valid.") => createRejection("INVALID_SIGNATURE", message);

const createRejection = (...failure: Parameters<typeof createFailure>) => ({
  body: JSON.stringify(createFailure(...failure)),
});
