/** One HTTP call: what is sent, and how it can differ from a valid request. */
import type { OperationId } from "../../../generated/operations.ts";
import { timeLimit } from "../../protocol/abort-signal.ts";
import { readBody } from "../../protocol/http.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import type { CryptoKey } from "../../signature/index.ts";
import type { Expectation, ReceivedAnswer, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { sentOf } from "../rules/fail.ts";

/** A request, and in what it differs from a right one. */
export interface Sending {
  readonly operation: OperationId;
  /** A value to be written as JSON, or the text or bytes themselves. */
  readonly body: unknown;
  readonly method?: string;
  readonly path?: string;
  /** What is signed, where that differs from what is sent. */
  readonly signed?: {
    readonly path?: string;
    readonly clientId?: string;
    readonly time?: string;
    readonly body?: string | Uint8Array<ArrayBuffer>;
  };
  readonly time?: string;
  readonly clientId?: string;
  /** From the right header value to the one that is sent; `undefined` for none. */
  readonly signatureHeader?: (right: string) => string | undefined;
  readonly key?: CryptoKey;
  /** Makes the signature of a text, in base64, otherwise than the API says. */
  readonly makeSignature?: (text: Uint8Array<ArrayBuffer>, merchantPrivateKey: string) => Promise<string>;
  /** Further ones, and other values of those that are sent anyway; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is to come of it. Default `accepted`. */
  readonly expect?: Expectation;
  /** The ID came before with other content. */
  readonly otherContent?: boolean;
}

const ATTEMPT_MS = 10_000;

export async function answerTo(request: SentRequest): Promise<ReceivedAnswer> {
  const { method, baseUrl, path, headers, bytes } = request;
  const limit = timeLimit(ATTEMPT_MS);
  try {
    const hasBody = method !== "GET" && method !== "HEAD";
    const response = await fetch(baseUrl + path, {
      method,
      headers,
      redirect: "manual",
      signal: limit.signal,
      ...(hasBody ? { body: bytes } : {}),
    });
    const answer = await readBody(response.body, BODY_LIMIT, limit.signal);
    if (!answer) throw new ContractFailure(`The answer is larger than ${BODY_LIMIT} bytes.`);
    return { status: response.status, headers: response.headers, bytes: answer };
  } catch (error) {
    if (error instanceof ContractFailure) throw error;
    const why = limit.signal.aborted ? `within ${ATTEMPT_MS} ms` : "and the connection failed";
    throw new ContractFailure(`No answer came ${why}.\nSent: ${sentOf(request)}`);
  } finally {
    limit.stop();
  }
}
