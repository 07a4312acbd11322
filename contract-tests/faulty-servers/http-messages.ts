/** Requests and responses on their way. A changed message is signed again. */
import { type SigningKey, signNow } from "../../src/gateway/index.ts";
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
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Handler = (call: Call) => Promise<Answer>;

/** What a fault is made with. */
export interface Keys {
  readonly gateway: SigningKey;
  readonly merchant: SigningKey;
  readonly merchantPublic: Keyring;
  readonly clientId: string;
  /** What a faulty server remembers, of answers as of notifications. */
  readonly memory: Set<string>;
}

export const operationOf = ({ path }: Call): string => /(\w+)(?:\?.*)?$/.exec(path)?.[1] ?? "";

export const is = (operation: string, call: Call): boolean => operationOf(call) === operation;

/** The text of a call's body; what came as bytes is one character each. */
export const utf8 = (call: Call): string => Buffer.from(call.text, "latin1").toString();

const bytes = (utf8Text: string): string => Buffer.from(utf8Text).toString("latin1");

/** The call with another body, signed by the merchant as it would have been. */
export function withBody(call: Call, body: string, { merchant, clientId }: Keys): Call {
  const time = call.headers["request-time"] ?? "";
  const signature = signNow({ path: call.path, clientId: call.headers["client-id"] ?? clientId, time, body }, merchant);
  return { ...call, text: bytes(body), headers: { ...call.headers, signature: formatSignatureHeader(signature, 1) } };
}

/** The answer with another body, signed as before: by the gateway, or not at all. */
export function answering(call: Call, answer: Answer, body: string, { gateway }: Keys): Answer {
  if (answer.headers["signature"] === undefined) return { ...answer, text: body };
  return signed(call, { ...answer, text: body }, gateway);
}

/** An answer signed with a key. */
export function signed(call: Call, answer: Answer, key: SigningKey): Answer {
  const clientId = call.headers["client-id"] ?? "";
  const time = answer.headers["response-time"] ?? "";
  const path = call.path.replace(/\?.*$/, "");
  const signature = formatSignatureHeader(signNow({ path, clientId, time, body: answer.text }, key), 1);
  return { ...answer, headers: { ...answer.headers, signature } };
}
