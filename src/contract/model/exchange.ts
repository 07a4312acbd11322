/** A request and the response to it, and a notification. */
import type { OperationId } from "../../../generated/operations.ts";
import type { Keyring } from "../../signature/index.ts";
import type { CustomCard } from "./target.ts";

/** How a target's answers are read. */
export interface ResponseContext {
  readonly clientId: string;
  readonly keyring: Keyring;
  /** Fields and codes that the document does not name are accepted. */
  readonly lenient: boolean;
  /** What is sent in the place of the document's card. */
  readonly card?: CustomCard | undefined;
  /** The target remembers what it was asked; another one answers with examples. */
  readonly isStateful: boolean;
}

/** What a request was to bring about. The answer to a refused signature is not signed. */
export type Expectation = "accepted" | "rejected" | "signature-rejected";

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

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When it came, in milliseconds since 1970. Default: now. */
  readonly receivedAt?: number;
}

export interface Exchange extends ReceivedResponse {
  readonly receivedAt: number;
  readonly operation: OperationId;
  readonly request: SentRequest;
  /** The request's body as parsed, `undefined` where it is no JSON. */
  readonly requestBody: unknown;
  /** The answer's body as parsed, `undefined` where it is no JSON. */
  readonly body: unknown;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  /** `undefined` where the signature verifies, else why not. */
  readonly signatureError: string | undefined;
  readonly context: ResponseContext;
}

/** A notification as it came: one attempt to deliver it. */
export interface Notification {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `undefined` where it is no JSON. */
  readonly body: unknown;
  /** `undefined` where the signature verifies over the path that was called, else why not. */
  readonly signatureError: string | undefined;
}
