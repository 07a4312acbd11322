/** Sends test requests, some of which are invalid on purpose. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { setTimeout } from "node:timers/promises";
import type { OperationId } from "../../../generated/operations.ts";
import type { SigningKey } from "../../gateway/index.ts";
import { createTimeLimit } from "../../protocol/abort-signal.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import type { Expectation, HeaderLines, ReceivedResponse, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { formatRequestBody } from "../rules/fail.ts";

/** A test request, described by its differences from a valid request. */
export interface TestRequest {
  readonly operation: OperationId;
  /** A value to serialize as JSON, or the body as a string or bytes. */
  readonly body: unknown;
  readonly method?: string;
  readonly path?: string;
  /** Values that are signed instead of the values that are sent. */
  readonly signed?: {
    readonly path?: string;
    readonly clientId?: string;
    readonly time?: string;
    readonly body?: string | Uint8Array<ArrayBuffer>;
  };
  readonly time?: string;
  readonly clientId?: string;
  /** Receives the valid header and returns the header to send, or `undefined` to omit it. */
  readonly signatureHeader?: (header: string) => string | undefined;
  /** Receives the valid header and returns the lines to send instead of it. */
  readonly signatureLines?: (header: string) => readonly string[];
  readonly key?: SigningKey;
  /** Signs the given string with a different algorithm, and returns the signature in base64. */
  readonly createSignature?: (text: Uint8Array<ArrayBuffer>, merchantPrivateKey: string) => Promise<string>;
  /** Headers to add or replace, by lowercase name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerLines?: HeaderLines;
  /** Whether the body is sent in chunks, without a Content-Length. */
  readonly isChunked?: boolean;
  /** Whether the body is sent in 2 parts. Default: the value of isChunked. */
  readonly isSplit?: boolean;
  /** The expected result. Default: `accepted`. */
  readonly expect?: Expectation;
  /** Whether the vaultingRequestId was used before with different content. */
  readonly reusesId?: boolean;
}

const TIMEOUT_MS = 10_000;

/** Capitalizes header names if the body has an odd number of bytes, so that a run sends both capitalized and lowercase names, as clients do. */
const formatName = (name: string, { bytes }: SentRequest): string =>
  bytes.byteLength % 2 === 0 ? name : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

const PAUSE_MS = 100;

/** Sends a body in 2 parts, with a pause between them. The first part ends within the first non-ASCII character, if there is one. */
async function sendInParts(call: ClientRequest, bytes: Uint8Array): Promise<void> {
  const index = bytes.findIndex((byte) => byte > 0x7f) + 1 || bytes.byteLength >> 1;
  call.write(bytes.subarray(0, index));
  await setTimeout(PAUSE_MS);
  call.end(bytes.subarray(index));
}

/** Sends a request. Uses Node's HTTP client, because fetch joins the lines of a header and takes 3 times as long. */
export async function fetchResponse(request: SentRequest): Promise<ReceivedResponse> {
  const limit = createTimeLimit(TIMEOUT_MS);
  try {
    const response = await sendOverHttp(request, limit.signal);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > BODY_LIMIT) throw new ContractFailure(`Response is larger than ${BODY_LIMIT} bytes.`);
      chunks.push(chunk);
    }
    const headers = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    return {
      status: response.statusCode ?? 0,
      headers: new Headers(headers),
      bytes: new Uint8Array(Buffer.concat(chunks)),
    };
  } catch (error) {
    if (error instanceof ContractFailure) throw error;
    const reason = limit.signal.aborted ? `request timed out after ${TIMEOUT_MS} ms` : "connection failed";
    throw new ContractFailure(`No response: ${reason}.\nRequest: ${formatRequestBody(request)}`);
  } finally {
    limit.stop();
  }
}

async function sendOverHttp(sent: SentRequest, signal: AbortSignal, agent?: false): Promise<IncomingMessage> {
  const request = sent.baseUrl.startsWith("https:") ? requestHttps : requestHttp;
  const hasBody = sent.method !== "GET" && sent.method !== "HEAD";
  const headers = {
    accept: "*/*",
    "accept-encoding": "identity",
    "user-agent": "antom-vault",
    ...Object.fromEntries([...sent.headers].map(([name, value]) => [formatName(name, sent), value])),
    ...sent.headerLines,
    ...(hasBody && !sent.headers.has("transfer-encoding") ? { "content-length": sent.bytes.byteLength } : {}),
  };
  const call = request(sent.baseUrl + sent.path, { method: sent.method, headers, signal, agent });
  // Ignore errors after the response headers, because they also end the body stream.
  call.on("error", () => {});
  // A target can respond before it has received the complete body.
  const responded: Promise<IncomingMessage[]> = once(call, "response");
  const sending = hasBody && sent.isSplit ? sendInParts(call, sent.bytes) : call.end(hasBody ? sent.bytes : undefined);
  try {
    const [[response]] = await Promise.all([responded, sending]);
    if (response) return response;
  } catch (error) {
    if (!call.reusedSocket || signal.aborted) throw error;
  }
  // The target closed the idle connection while the request was in transit.
  return sendOverHttp(sent, signal, false);
}
