/** A request and what came of it. */
import type { OperationId } from "../../generated/operations.ts";
import { parseJson } from "../json.ts";
import { maskBodyText } from "../mask.ts";
import { type Keyring, verifyHeader } from "../signature/index.ts";
import { ContractFailure } from "./check.ts";
import { curlOf } from "./curl.ts";
import { field } from "./field.ts";
import type { OwnCard } from "./own-card.ts";

/** How a target's answers are read. */
export interface Reading {
  readonly clientId: string;
  readonly keyring: Keyring;
  /** Fields and codes that the document does not name are accepted. */
  readonly lenient: boolean;
  /** What is sent in the place of the document's card. */
  readonly card?: OwnCard | undefined;
  /** The target remembers what it was asked; another one answers with examples. */
  readonly remembers: boolean;
}

/** What a request was to bring about. The answer to a refused signature is not signed. */
export type Expectation = "accepted" | "refused" | "signature-refused";

export interface SentRequest {
  readonly method: string;
  readonly baseUrl: string;
  /** With the query, as it was signed. */
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly expect: Expectation;
  /** Whether whoever refuses it must have read its body: nothing outside of it is wrong. */
  readonly bodyCounts: boolean;
  /** Whether its ID came before with other content, whose result may be the answer. */
  readonly otherContent: boolean;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When it came, in milliseconds since 1970. Default: now. */
  readonly receivedAt?: number;
}

export interface Exchange extends ReceivedAnswer {
  readonly receivedAt: number;
  readonly operation: OperationId;
  readonly request: SentRequest;
  /** The request's body as parsed, `undefined` where it is no JSON. */
  readonly asked: unknown;
  /** The answer's body as parsed, `undefined` where it is no JSON. */
  readonly body: unknown;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  /** `undefined` where the signature verifies, else why not. */
  readonly signatureFault: string | undefined;
  readonly reading: Reading;
}

/** Looks at an answer: parsed, and its signature over the raw bytes verified. */
export async function readExchange(
  operation: OperationId,
  request: SentRequest,
  answer: ReceivedAnswer,
  reading: Reading,
): Promise<Exchange> {
  const body = parsed(answer.bytes);
  const time = answer.headers.get("response-time") ?? "";
  // The text that is signed has no query; a right signature over the path as it was asked is one too.
  const message = { path: request.path, clientId: request.headers.get("client-id") ?? "", time, body: answer.bytes };
  const signatureFault = await verifyHeader(reading.keyring, message, answer.headers.get("signature"));
  return {
    operation,
    request,
    asked: parsed(request.bytes),
    receivedAt: Date.now(),
    ...answer,
    body,
    ...resultOf(body),
    signatureFault,
    reading,
  };
}

/** Says what is wrong with an answer, and shows it: what was sent, what came (both masked), and a command that asks again. */
export function fail({ request, bytes, status }: Exchange, message: string): never {
  const lines = [message, `Sent: ${sentOf(request)}`, `Came: ${status} ${shown(bytes)}`];
  const again = curlOf(request);
  throw new ContractFailure([...lines, ...(again === undefined ? [] : [`Again: ${again}`])].join("\n"));
}

/** A request's body for people, masked. */
export const sentOf = ({ bytes }: Pick<SentRequest, "bytes">): string => shown(bytes, 4096);

/** A body for people, on one line: masked, and not all of a long one. What is not seen, or would steer a terminal, is written as an escape. */
export const shown = (bytes: Uint8Array, limit = 2048): string =>
  maskBodyText(new TextDecoder().decode(bytes.subarray(0, limit))).replace(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function parsed(bytes: Uint8Array<ArrayBuffer>): unknown {
  const reading = parseJson(bytes);
  return reading.ok ? reading.value : undefined;
}

function resultOf(body: unknown): Pick<Exchange, "resultCode" | "resultStatus"> {
  const result = field(body, "result");
  const text = (name: string) => {
    const value = field(result, name);
    return typeof value === "string" ? value : undefined;
  };
  return { resultCode: text("resultCode"), resultStatus: text("resultStatus") };
}
