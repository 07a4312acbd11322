/** Types for the requests, responses, and notifications that checks inspect. */
import type { OperationId } from "../../../generated/operations.ts";
import type { Keyring } from "../../signature/index.ts";
import type { CustomCard } from "./target.ts";

/** Settings for reading the responses of a target. */
export interface ResponseContext {
  readonly clientId: string;
  readonly keyring: Keyring;
  /** Whether unknown fields and codes are accepted. */
  readonly lenient: boolean;
  /** The card that requests contain instead of the card in the examples of the OpenAPI document. */
  readonly card?: CustomCard | undefined;
  /** Whether the target stores vaultings. A stateless target returns examples. */
  readonly isStateful: boolean;
}

/** The expected result of a request. If it is `signature-rejected`, the response can be unsigned and does not count as an unsigned error. */
export type Expectation = "accepted" | "rejected" | "signature-rejected";

/** The values of each header that is sent more than once, by lowercase name. */
export type HeaderLines = Readonly<Record<string, readonly string[]>>;

export interface SentRequest {
  readonly method: string;
  readonly baseUrl: string;
  /** The path with its query. */
  readonly path: string;
  readonly headers: Headers;
  /** The headers that were sent as several lines. `headers` contains their joined values. */
  readonly headerLines?: HeaderLines | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the body was sent in 2 parts. */
  readonly isSplit?: boolean;
  readonly expect: Expectation;
  /** Whether the target must read the body, because the rest of the request is valid. */
  readonly isBodyRead: boolean;
  /** Whether the vaultingRequestId was used before with different content. If so, the target may return the earlier result. */
  readonly reusesId: boolean;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When the response was received, in milliseconds since the Unix epoch. Default: now. */
  readonly receivedAt?: number;
}

export interface Exchange extends ReceivedResponse {
  readonly receivedAt: number;
  readonly operation: OperationId;
  readonly request: SentRequest;
  /** The parsed body of the request, or `undefined` if it is not JSON. */
  readonly requestBody: unknown;
  /** The parsed body of the response, or `undefined` if it is not JSON. */
  readonly body: unknown;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  /** Why the signature is invalid, or `undefined` if it is valid. */
  readonly signatureError: string | undefined;
  readonly context: ResponseContext;
}

/** One attempt to deliver a notification. */
export interface Notification {
  /** The card that requests contain instead of the card in the examples of the OpenAPI document. */
  readonly card?: CustomCard | undefined;
  readonly method: string;
  readonly path: string;
  /** The path that the signature covers, with or without the query. Antom does not document which of the two it signs. */
  readonly signedPath: string;
  readonly headers: Headers;
  /** The names of the headers that were sent as several lines. */
  readonly repeatedHeaders: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The parsed body, or `undefined` if it is not JSON. */
  readonly body: unknown;
  /** Why the signature is invalid, or `undefined` if it is valid. */
  readonly signatureError: string | undefined;
}
