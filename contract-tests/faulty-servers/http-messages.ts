/** Requests and responses on their way. A changed message is signed again. */
import { type SigningKey, signSync } from "../../src/gateway/index.ts";
import { formatSignatureHeader, type Keyring } from "../../src/signature/index.ts";

/** A request on its way to the right server. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly text: string;
}

/** An answer on its way back. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Handler = (call: Call) => Promise<HttpResponse>;

/** What a fault is made with. */
export interface MutationContext {
  readonly gateway: SigningKey;
  readonly merchant: SigningKey;
  readonly merchantPublic: Keyring;
  readonly clientId: string;
  /** What a faulty server remembers, of answers as of notifications. */
  readonly memory: Set<string>;
}

export const getOperation = ({ path }: Call): string => /(\w+)(?:\?.*)?$/.exec(path)?.[1] ?? "";

export const isOperation = (operation: string, call: Call): boolean => getOperation(call) === operation;

/** The text of a call's body; what came as bytes is one character each. */
export const decodeBody = (call: Call): string => Buffer.from(call.text, "latin1").toString();

const encodeBody = (utf8Text: string): string => Buffer.from(utf8Text).toString("latin1");

/** The call with another body, signed by the merchant as it would have been. */
export function withBody(call: Call, body: string, { merchant, clientId }: MutationContext): Call {
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

/** The answer with another body, signed as before: by the gateway, or not at all. */
export function replaceBody(
  call: Call,
  answer: HttpResponse,
  body: string,
  { gateway }: MutationContext,
): HttpResponse {
  if (answer.headers["signature"] === undefined) return { ...answer, text: body };
  return signResponse(call, { ...answer, text: body }, gateway);
}

/** An answer signed with a key. */
export function signResponse(call: Call, answer: HttpResponse, key: SigningKey): HttpResponse {
  const clientId = call.headers["client-id"] ?? "";
  const time = answer.headers["response-time"] ?? "";
  const path = call.path.replace(/\?.*$/, "");
  const signature = formatSignatureHeader(signSync({ path, clientId, time, body: answer.text }, key), 1);
  return { ...answer, headers: { ...answer.headers, signature } };
}
