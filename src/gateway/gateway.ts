/**
 * The other side of the protocol: what stands between a merchant's request and whoever vaults cards. It refuses in the API's own form
 * (HTTP 200, result F) what is not to be answered, hands on what is, and signs every answer but the one to a refused signature.
 *
 * Nothing of a body is looked at before its signature is verified over the raw bytes.
 */
import type { Environment, OperationId } from "../../generated/operations.ts";
import { describeIssues } from "../errors.ts";
import { isHeaderToken, isJsonMediaType, JSON_MEDIA_TYPE, messageTime, parseMessageTime, readBody } from "../http.ts";
import { BODY_LIMIT, parseJson } from "../json.ts";
import {
  type CryptoKey,
  formatSignatureHeader,
  importPublicKey,
  type Keyring,
  sign,
  verifyHeader,
} from "../signature/index.ts";
import { type Route, routeOf, validateRequest } from "./operations.ts";
import { gatewayFailure, type ResultBody, unknownException } from "./result.ts";

export interface Merchant {
  readonly clientId: string;
  /** The public keys that the merchant uploaded; none yet makes the gateway answer KEY_NOT_FOUND. */
  readonly publicKeys: Keyring | undefined;
}

/** A request that was verified and fits the document. */
export interface Call {
  readonly operation: OperationId;
  readonly environment: Environment;
  readonly clientId: string;
  readonly vaultingRequestId: string;
  /** The body as parsed. Unknown fields are still in it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export interface GatewayOptions {
  readonly merchant: (clientId: string) => Merchant | undefined | Promise<Merchant | undefined>;
  readonly privateKey: CryptoKey;
  readonly keyVersion: string;
  /** Answers a call: the body as JSON text, or as a value to be written as such. What it throws is answered UNKNOWN_EXCEPTION. */
  readonly handle: (call: Call) => Promise<string | object>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of a refused signature, for whoever explains it on the developer's own machine. */
  readonly onSignatureRefused?: (refused: RefusedSignature) => void;
  /** Told of what `handle` threw, and of whatever else kept a request from its answer: a body that broke off, a merchant that could not be looked up. */
  readonly onError?: (error: unknown) => void;
}

export interface RefusedSignature {
  readonly reason: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headerValue: string;
  readonly merchant: Merchant | undefined;
}

/** A throw-away key: a client that is not known costs the same verification as one that is, so that time tells nothing. */
const DECOY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoDDy2je5Do7CnaPpO+n8pqd3rvxHSSBgnq5XIJ1AHO/tCN7Mz6+wAgAF" +
  "0ShoDDOH/yV8czxncYtyL+PUlSUsFuc+KSfDelNusENnuzfid0bIS211qzJ8DE+jEI056DdMD0KyFM5WeRUh1glnsjvlsfgTIqCJ" +
  "m5/x59ANBWDzB9OWkPRsrrWjS5sBQH6l4X0dwhRWYrR/BsJ/VHhrHeJUY8QuRapMY0pK6sw7UBw9V5y1JyxIFf/HhfEqp2p/FCyL" +
  "T8HyRq3/LJw/pUq09C77Q0fKHrg/QBWQGrE83pq//FWeYlULnJSoxZbmvW5utslZlz24F6U1cMtsG1LvdmIShwIDAQAB";

/** Makes the handler of requests. It answers every request and never rejects. */
export function createGateway(options: GatewayOptions): (request: Request) => Promise<Response> {
  const now = options.now ?? Date.now;
  const decoy = importPublicKey(DECOY);

  /** The signature, over the path as it was requested; a query string has no meaning here and may be part of the signed path or not. */
  async function refuseSignature(
    request: Request,
    url: URL,
    body: Uint8Array<ArrayBuffer>,
    merchant: Merchant | undefined,
  ): Promise<string | undefined> {
    const clientId = request.headers.get("client-id") ?? "";
    const time = request.headers.get("request-time") ?? "";
    const headerValue = request.headers.get("signature");
    const decoyKey = await decoy;
    const keys = merchant?.publicKeys ?? { keys: [], select: () => decoyKey };
    const verifyPath = (path: string) => verifyHeader(keys, { path, clientId, time, body }, headerValue);
    let reason = await verifyPath(url.pathname + url.search);
    if (reason !== undefined && url.search !== "") reason = await verifyPath(url.pathname);
    if (!merchant) reason = "The client ID is not known.";
    if (reason !== undefined) {
      tell(options.onSignatureRefused, {
        reason,
        path: url.pathname,
        clientId,
        time,
        body,
        headerValue: headerValue ?? "",
        merchant,
      });
    }
    return reason;
  }

  async function answer(request: Request): Promise<Answer> {
    const url = new URL(request.url);
    const route = routeOf(url.pathname);
    if (!route) return refusal("NO_INTERFACE_DEF", "No API is defined at this path.");
    const wrong = refuseEnvelope(request);
    if (wrong) return wrong;
    const bytes = await readBody(request.body, BODY_LIMIT);
    if (!bytes) return { ...refusal("PARAM_ILLEGAL", `The body is larger than ${BODY_LIMIT} bytes.`), close: true };
    const merchant = await options.merchant(request.headers.get("client-id") ?? "");
    if (merchant && !merchant.publicKeys) return refusal("KEY_NOT_FOUND", "The merchant has uploaded no public key.");
    const reason = await refuseSignature(request, url, bytes, merchant);
    if (reason !== undefined || !merchant) {
      return { ...refusal("INVALID_SIGNATURE", "The signature is not valid."), unsigned: true };
    }
    return answerVerified(request, route, merchant.clientId, bytes);
  }

  /** From here on the merchant is known and its bytes are its own. */
  async function answerVerified(request: Request, route: Route, clientId: string, bytes: Uint8Array): Promise<Answer> {
    const { headers } = request;
    if (parseMessageTime(headers.get("request-time") ?? "") === undefined) {
      return refusal("PARAM_ILLEGAL", "Request-Time must be 13 digits of milliseconds, or ISO 8601 with an offset.");
    }
    const agentToken = headers.get("agent-token") ?? "";
    if (agentToken !== "" && !isHeaderToken(agentToken)) {
      return refusal(
        "PARAM_ILLEGAL",
        "agent-token must have at most 128 characters of printable ASCII without blanks.",
      );
    }
    const reading = parseJson(bytes);
    if (!reading.ok) return refusal("PARAM_ILLEGAL", `The body ${reading.message}.`);
    const checked = validateRequest(route.operation, reading.value);
    if (!checked.valid) return refusal("PARAM_ILLEGAL", `${describeIssues(checked.issues)}.`, checked.echo);
    const { vaultingRequestId, body } = checked;
    try {
      const answered = await options.handle({ ...route, clientId, vaultingRequestId, body, headers });
      if (typeof answered === "string") return { body: answered };
      const text = JSON.stringify(answered);
      return refusesSignature(answered) ? { body: text, unsigned: true } : { body: text };
    } catch (error) {
      tell(options.onError, error);
      return { body: JSON.stringify(unknownException(checked.echo)) };
    }
  }

  return async (request) => {
    let answered: Answer;
    try {
      answered = await answer(request);
    } catch (error) {
      tell(options.onError, error);
      answered = { body: JSON.stringify(unknownException()), close: true };
    }
    return signedResponse(request, answered);
  };

  async function signedResponse(request: Request, { body, unsigned, close }: Answer): Promise<Response> {
    const bytes = new TextEncoder().encode(body);
    const named = request.headers.get("client-id") ?? "";
    const clientId = isHeaderToken(named) ? named : "";
    const time = messageTime(now());
    const headers = new Headers({ "content-type": JSON_MEDIA_TYPE, "response-time": time });
    if (clientId) headers.set("client-id", clientId);
    if (close) headers.set("connection", "close");
    if (!unsigned) {
      const { pathname, search } = new URL(request.url);
      const signature = await sign({ path: pathname + search, clientId, time, body: bytes }, options.privateKey);
      headers.set("signature", formatSignatureHeader(signature, options.keyVersion));
    }
    return new Response(bytes, { status: 200, headers });
  }
}

/** What can be refused without a look at the body. */
function refuseEnvelope({ method, headers }: Request): Answer | undefined {
  if (method !== "POST") return refusal("METHOD_NOT_SUPPORTED", "The HTTP method is not supported; use POST.");
  if (!isJsonMediaType(headers.get("content-type"))) {
    return refusal("MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Type must be application/json; charset=UTF-8.");
  }
  if (!/^(?:identity)?$/i.test(headers.get("content-encoding") ?? "")) {
    return refusal("MEDIA_TYPE_NOT_ACCEPTABLE", "Content-Encoding is not accepted; send the body as it is.");
  }
  return undefined;
}

/** Tells whoever listens. That a listener fails, at once or later, changes no answer. */
function tell<Told>(listener: ((told: Told) => void) | undefined, told: Told): void {
  (async () => listener?.(told))().catch(() => {});
}

/** The one answer that is never signed, whoever gives it. */
const refusesSignature = (answered: object): boolean => {
  const { result } = answered as { readonly result?: { readonly resultCode?: unknown } };
  return result?.resultCode === "INVALID_SIGNATURE";
};

interface Answer {
  readonly body: string;
  /** The answer to a refused signature. */
  readonly unsigned?: true;
  /** The request's body was not read to its end, so the connection cannot be used again. */
  readonly close?: true;
}

const refusal = (...[code, message, echo]: Parameters<typeof gatewayFailure>): { readonly body: string } => ({
  body: JSON.stringify(gatewayFailure(code, message, echo) satisfies ResultBody),
});
