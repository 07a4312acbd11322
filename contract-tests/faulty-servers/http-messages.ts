/** Requests and responses that pass through the proxy, and functions that sign changed messages again. */
import { type SigningKey, signSync } from "../../src/gateway/index.ts";
import { formatSignatureHeader, type Keyring } from "../../src/signature/index.ts";

/** A request to the server. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The separate values of each header. `headers` contains the joined values. */
  readonly headerLines?: Readonly<Record<string, readonly string[] | undefined>>;
  /** The names of the headers, as received. */
  readonly headerNames?: readonly string[];
  /** The body, decoded as Latin-1, so that each byte is one character. */
  readonly text: string;
  /** The parts of the body, as they arrived. */
  readonly parts?: readonly string[];
}

/** A response to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Whether the body is sent in chunks that can split multi-byte characters. */
  readonly isChunked?: boolean;
}

export type Handler = (call: Call) => Promise<HttpResponse>;

/** The keys and the state of a faulty server. */
export interface Context {
  readonly gateway: SigningKey;
  readonly merchant: SigningKey;
  readonly merchantKeyring: Keyring;
  readonly clientId: string;
  /** State that the handler and the delivery mutation share. */
  readonly memory: Set<string>;
}

export const getOperation = ({ path }: Call): string => /(\w+)(?:\?.*)?$/.exec(path)?.[1] ?? "";

export const isCall = (operation: string, call: Call): boolean => getOperation(call) === operation;

/** Decodes the body of a call as UTF-8. */
export const decodeBody = (call: Call): string => Buffer.from(call.text, "latin1").toString();

const encodeBody = (text: string): string => Buffer.from(text).toString("latin1");

/** Replaces the body of a call and signs the call with the merchant's key. */
export function withBody(call: Call, body: string, { merchant, clientId }: Context): Call {
  const time = call.headers["request-time"] ?? "";
  const signature = signSync(
    { path: call.path, clientId: call.headers["client-id"] ?? clientId, time, body },
    merchant,
  );
  return {
    ...call,
    text: encodeBody(body),
    headers: { ...call.headers, signature: formatSignatureHeader(signature, 1) },
  };
}

/** Replaces the body of a response. Signs the response again if it was signed. */
export function replaceBody(call: Call, response: HttpResponse, body: string, { gateway }: Context): HttpResponse {
  if (response.headers["signature"] === undefined) return { ...response, text: body };
  return signResponse(call, { ...response, text: body }, gateway);
}

export function signResponse(call: Call, response: HttpResponse, key: SigningKey): HttpResponse {
  const clientId = call.headers["client-id"] ?? "";
  const time = response.headers["response-time"] ?? "";
  const signature = formatSignatureHeader(signSync({ path: call.path, clientId, time, body: response.text }, key), 1);
  return { ...response, headers: { ...response.headers, signature } };
}
