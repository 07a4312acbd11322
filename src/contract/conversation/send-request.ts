/** One HTTP call: what is sent, and how it can differ from a valid request. */
import type { OperationId } from "../../../generated/operations.ts";
import { createTimeLimit } from "../../protocol/abort-signal.ts";
import { readBody } from "../../protocol/http.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import type { CryptoKey } from "../../signature/index.ts";
import type { Expectation, ReceivedResponse, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { formatRequestBody } from "../rules/fail.ts";

/** A request, and in what it differs from a right one. */
export interface TestRequest {
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
  readonly createSignature?: (text: Uint8Array<ArrayBuffer>, merchantPrivateKey: string) => Promise<string>;
  /** Further ones, and other values of those that are sent anyway; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is to come of it. Default `accepted`. */
  readonly expect?: Expectation;
  /** The ID came before with other content. */
  readonly reusesId?: boolean;
}

const TIMEOUT_MS = 10_000;

export async function fetchResponse(request: SentRequest): Promise<ReceivedResponse> {
  const { method, baseUrl, path, headers, bytes } = request;
  const limit = createTimeLimit(TIMEOUT_MS);
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
    const why = limit.signal.aborted ? `within ${TIMEOUT_MS} ms` : "and the connection failed";
    throw new ContractFailure(`No answer came ${why}.\nSent: ${formatRequestBody(request)}`);
  } finally {
    limit.stop();
  }
}
