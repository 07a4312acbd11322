/**
 * The other side of the protocol: what stands between a merchant's request and whoever vaults cards. It refuses in the API's own form
 * (HTTP 200, result F) what is not to be answered, hands on what is, and signs every answer but the one to a refused signature.
 *
 * Nothing of a body is looked at before its signature is verified over the raw bytes.
 */
import { requestValidators } from "../../generated/operation-validators.ts";
import type { Environment, OperationId } from "../../generated/operations.ts";
import type { Issue } from "../../generated/validators.js";
import { describeIssues } from "../protocol/errors.ts";
import { formatMessageTime, isHeaderToken, JSON_MEDIA_TYPE, readBody, stripQuery } from "../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../protocol/json.ts";
import { getField, getResult } from "../protocol/json-fields.ts";
import { findRoute, type Route } from "../protocol/operations.ts";
import { type HeadPart, isValidHeadPart, type RequestHead } from "../protocol/request-head.ts";
import { type CryptoKey, formatSignatureHeader, importPublicKey, type Keyring } from "../signature/index.ts";
import { createFailure, createUnknownException } from "./gateway-results.ts";
import { type SigningKey, signSync, verifyHeaderSync } from "./node-crypto.ts";

export interface Merchant {
  readonly clientId: string;
  /** The public keys that the merchant uploaded; none yet makes the gateway answer KEY_NOT_FOUND. */
  readonly publicKeys: Keyring | undefined;
}

/** A request that was verified and fits the document. */
export interface VerifiedRequest {
  readonly operation: OperationId;
  readonly environment: Environment;
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** The body as parsed. Unknown fields are still in it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: RequestHead["headers"];
}

/** What a gateway signs with. Both are read anew for each message, so that getters can give the next key while the gateway works. */
export interface Signer {
  readonly privateKey: SigningKey;
  readonly keyVersion: string;
}

export interface GatewayOptions extends Signer {
  readonly findMerchant: (clientId: string) => Merchant | undefined | Promise<Merchant | undefined>;
  /**
   * Answers a call: the body as JSON text, or as a value to be written as such. What it throws is answered UNKNOWN_EXCEPTION. `note` adds a
   * text to {@link RequestSummary}, for a caller that keeps a journal.
   */
  readonly handle: (call: VerifiedRequest, note: (text: string) => void) => Promise<string | object>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of a refused signature, for whoever explains it on the developer's own machine. */
  readonly onSignatureRejected?: (refused: RejectedSignature) => void;
  /** Told of what `handle` threw, and of whatever else kept a request from its answer: a body that broke off, a merchant that could not be looked up. */
  readonly onError?: (error: unknown) => void;
}

export interface RejectedSignature {
  readonly reason: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headerValue: string;
  readonly merchant: Merchant | undefined;
}

/** A throw-away key: a client that is not known costs the same verification as one that is, so that time tells nothing. */
const DECOY_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoDDy2je5Do7CnaPpO+n8pqd3rvxHSSBgnq5XIJ1AHO/tCN7Mz6+wAgAF" +
  "0ShoDDOH/yV8czxncYtyL+PUlSUsFuc+KSfDelNusENnuzfid0bIS211qzJ8DE+jEI056DdMD0KyFM5WeRUh1glnsjvlsfgTIqCJ" +
  "m5/x59ANBWDzB9OWkPRsrrWjS5sBQH6l4X0dwhRWYrR/BsJ/VHhrHeJUY8QuRapMY0pK6sw7UBw9V5y1JyxIFf/HhfEqp2p/FCyL" +
  "T8HyRq3/LJw/pUq09C77Q0fKHrg/QBWQGrE83pq//FWeYlULnJSoxZbmvW5utslZlz24F6U1cMtsG1LvdmIShwIDAQAB";

/** A request, however it came: by a `Request`, or by Node's own server. */
export interface GatewayRequest extends RequestHead {
  /** Path and query as they were requested, nothing normalised. */
  readonly target: string;
  /** The raw body, or `undefined` where it is larger than `limit` bytes. */
  readonly body: (limit: number) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** What goes out: always HTTP 200, and signed unless `about` says that the request's signature was refused. */
export interface GatewayResponse {
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; on the wire in UTF-8. */
  readonly body: string;
  readonly about: RequestSummary;
}

/** What is known of a request once it is answered, for whoever keeps a journal. */
export interface RequestSummary {
  readonly route?: Route;
  readonly clientId: string;
  /** The body as parsed, card data included; only of a request whose signature is the client's. */
  readonly parsedBody?: unknown;
  /** The text that `handle` noted for the call. */
  readonly note?: string;
  /** The signature that was refused, with all that is needed to explain it, the raw body included: keep none of it. */
  readonly rejectedSignature?: RejectedSignature;
}

/** Answers requests. It answers every one and never rejects. */
export interface Gateway {
  (request: Request): Promise<Response>;
  readonly answer: (message: GatewayRequest) => Promise<GatewayResponse>;
}

/** Makes the gateway's side of the protocol. */
export function createGateway(options: GatewayOptions): Gateway {
  const now = options.now ?? Date.now;
  const decoy = importPublicKey(DECOY_KEY);

  async function answer(message: GatewayRequest): Promise<PendingResponse> {
    const route = findRoute(stripQuery(message.target));
    if (!route) return createRejection("NO_INTERFACE_DEF", "No API is defined at this path.");
    const wrong = rejectHead(message, UNREADABLE_HEAD);
    if (wrong) return { ...wrong, route };
    const bytes = await message.body(BODY_LIMIT);
    if (!bytes) {
      return {
        ...createRejection("PARAM_ILLEGAL", `The body is larger than ${BODY_LIMIT} bytes.`),
        route,
        close: true,
      };
    }
    const merchant = await options.findMerchant(message.headers.get("client-id") ?? "");
    if (merchant && !merchant.publicKeys) {
      return { ...createRejection("KEY_NOT_FOUND", "The merchant has uploaded no public key."), route };
    }
    const refused = verifyRequest(message, bytes, merchant, await decoy);
    if (refused) notifyListener(options.onSignatureRejected, refused);
    if (refused || !merchant) {
      const answered = {
        ...createRejection("INVALID_SIGNATURE", "The signature is not valid."),
        route,
        unsigned: true,
      };
      return refused ? { ...answered, rejectedSignature: refused } : answered;
    }
    return { ...(await answerVerified(message, route, merchant.clientId, bytes)), route };
  }

  /** From here on the merchant is known and its bytes are its own. */
  async function answerVerified(
    message: GatewayRequest,
    route: Route,
    clientId: string,
    bytes: Uint8Array,
  ): Promise<PendingResponse> {
    const wrong = rejectHead(message, INVALID_HEAD);
    if (wrong) return wrong;
    const reading = parseJson(bytes);
    if (!reading.ok) return createRejection("PARAM_ILLEGAL", `The body ${reading.message}.`);
    const parsed = reading.value;
    const checked = requestValidators[route.operation](parsed);
    const echo = findEchoedId(route.operation, parsed, checked.valid ? [] : checked.issues);
    if (!checked.valid)
      return { ...createRejection("PARAM_ILLEGAL", `${describeIssues(checked.issues)}.`, echo), parsedBody: parsed };
    const { vaultingRequestId } = checked.value;
    const told: { parsed: unknown; noted?: string } = { parsed };
    try {
      const call = { ...route, clientId, vaultingRequestId, body: { ...checked.value }, headers: message.headers };
      const answered = await options.handle(call, (text) => {
        told.noted = text;
      });
      if (typeof answered === "string") return { ...told, body: answered };
      const body = JSON.stringify(answered);
      // The one answer that is never signed, whoever gives it.
      return { ...told, body, unsigned: getResult(answered).resultCode === "INVALID_SIGNATURE" };
    } catch (error) {
      notifyListener(options.onError, error);
      return { ...told, body: JSON.stringify(createUnknownException(echo)) };
    }
  }

  async function answerMessage(message: GatewayRequest): Promise<GatewayResponse> {
    let answered: PendingResponse;
    try {
      answered = await answer(message);
    } catch (error) {
      notifyListener(options.onError, error);
      answered = { body: JSON.stringify(createUnknownException()), close: true };
    }
    return signResponse(message, answered, options, formatMessageTime(now()));
  }

  const fetch = async (request: Request): Promise<Response> => {
    const { headers, body } = await answerMessage(toGatewayRequest(request));
    return new Response(body, { status: 200, headers });
  };
  return Object.assign(fetch, { answer: answerMessage });
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

/** The signature, over the path as it was requested; a query string has no meaning here and may be part of the signed path or not. */
function verifyRequest(
  { headers, target }: GatewayRequest,
  body: Uint8Array<ArrayBuffer>,
  merchant: Merchant | undefined,
  decoy: CryptoKey,
): RejectedSignature | undefined {
  const clientId = headers.get("client-id") ?? "";
  const time = headers.get("request-time") ?? "";
  const headerValue = headers.get("signature");
  const keys = merchant?.publicKeys ?? { keys: [], select: () => decoy };
  const path = stripQuery(target);
  const verifyPath = (each: string) => verifyHeaderSync(keys, { path: each, clientId, time, body }, headerValue);
  let reason = verifyPath(target);
  if (reason !== undefined && path !== target) reason = verifyPath(path);
  if (!merchant) reason = "The client ID is not known.";
  if (reason === undefined) return undefined;
  return { reason, path, clientId, time, body, headerValue: headerValue ?? "", merchant };
}

function signResponse(
  { headers: asked, target }: GatewayRequest,
  { body, unsigned, close, ...about }: PendingResponse,
  signer: Signer,
  time: string,
): GatewayResponse {
  const named = asked.get("client-id") ?? "";
  const clientId = isHeaderToken(named) ? named : "";
  const headers: Record<string, string> = { "content-type": JSON_MEDIA_TYPE, "response-time": time };
  if (clientId) headers["client-id"] = clientId;
  if (close) headers["connection"] = "close";
  if (!unsigned) {
    const signature = signSync({ path: target, clientId, time, body }, signer.privateKey);
    headers["signature"] = formatSignatureHeader(signature, signer.keyVersion);
  }
  return { headers, body, about: { ...about, clientId } };
}

type HeadRejections = readonly (readonly [HeadPart, ...Parameters<typeof createFailure>])[];

/** Refused before the body is read. */
const UNREADABLE_HEAD: HeadRejections = [
  ["method", "METHOD_NOT_SUPPORTED", "The HTTP method is not supported; use POST."],
  ["content-type", "MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Type must be application/json; charset=UTF-8."],
  ["content-encoding", "MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Encoding is not accepted; send the body as it is."],
];

/** Refused once the signature is verified. */
const INVALID_HEAD: HeadRejections = [
  ["request-time", "PARAM_ILLEGAL", "Request-Time must be 13 digits of milliseconds, or ISO 8601 with an offset."],
  ["agent-token", "PARAM_ILLEGAL", "agent-token must have at most 128 characters of printable ASCII without blanks."],
];

function rejectHead(message: GatewayRequest, refusals: HeadRejections): PendingResponse | undefined {
  for (const [part, ...refused] of refusals) if (!isValidHeadPart(part, message)) return createRejection(...refused);
  return undefined;
}

/** Tells whoever listens. That a listener fails, at once or later, changes no answer. */
function notifyListener<Told>(listener: ((told: Told) => void) | undefined, told: Told): void {
  (async () => listener?.(told))().catch(() => {});
}

/** The ID that the answer echoes, if a legal one came; no source shows it in createVaultingSession's. */
function findEchoedId(operation: OperationId, value: unknown, issues: readonly Issue[]): string | undefined {
  if (operation === "createVaultingSession") return undefined;
  if (issues.some(({ pointer }) => pointer === "/vaultingRequestId" || pointer === "")) return undefined;
  const id = getField(value, "vaultingRequestId");
  return typeof id === "string" ? id : undefined;
}

interface PendingResponse extends Omit<RequestSummary, "clientId"> {
  readonly body: string;
  /** The answer to a refused signature. */
  readonly unsigned?: boolean;
  /** The request's body was not read to its end, so the connection cannot be used again. */
  readonly close?: true;
}

const createRejection = (...failure: Parameters<typeof createFailure>) => ({
  body: JSON.stringify(createFailure(...failure)),
});
