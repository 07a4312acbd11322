/** Sends test requests, which may be invalid on purpose. */
import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import type { OperationId } from "../../../generated/operations.ts";
import type { SigningKey } from "../../gateway/index.ts";
import { createTimeLimit } from "../../protocol/abort-signal.ts";
import { readBody } from "../../protocol/http.ts";
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
  /** Values that are signed instead of the sent ones. */
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
  readonly key?: SigningKey;
  /** Signs the given string with a different algorithm, and returns the signature in base64. */
  readonly createSignature?: (text: Uint8Array<ArrayBuffer>, merchantPrivateKey: string) => Promise<string>;
  /** Headers to add or replace, by lowercase name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerLines?: HeaderLines;
  /** The expected result. Default: `accepted`. */
  readonly expect?: Expectation;
  /** Whether the vaultingRequestId was used before with different content. */
  readonly reusesId?: boolean;
}

const TIMEOUT_MS = 10_000;

export async function fetchResponse(request: SentRequest): Promise<ReceivedResponse> {
  const { method, baseUrl, path, headers, bytes } = request;
  const limit = createTimeLimit(TIMEOUT_MS);
  try {
    const hasBody = method !== "GET" && method !== "HEAD";
    const response = request.headerLines
      ? await fetchWithHeaderLines(request, limit.signal)
      : await fetch(baseUrl + path, {
          method,
          headers,
          redirect: "manual",
          signal: limit.signal,
          ...(hasBody ? { body: bytes } : {}),
        });
    const body = await readBody(response.body, BODY_LIMIT, limit.signal);
    if (!body) throw new ContractFailure(`Response is larger than ${BODY_LIMIT} bytes.`);
    return { status: response.status, headers: response.headers, bytes: body };
  } catch (error) {
    if (error instanceof ContractFailure) throw error;
    const reason = limit.signal.aborted ? `request timed out after ${TIMEOUT_MS} ms` : "connection failed";
    throw new ContractFailure(`No response: ${reason}.\nRequest: ${formatRequestBody(request)}`);
  } finally {
    limit.stop();
  }
}

/** Sends a request through Node's HTTP client, because fetch joins the lines of a header. */
async function fetchWithHeaderLines(sent: SentRequest, signal: AbortSignal): Promise<Response> {
  const request = sent.baseUrl.startsWith("https:") ? requestHttps : requestHttp;
  const headers = Object.fromEntries(sent.headers);
  const call = request(sent.baseUrl + sent.path, { method: sent.method, headers, agent: false, signal });
  for (const [name, lines] of Object.entries(sent.headerLines ?? {})) call.setHeader(name, lines);
  call.end(sent.bytes);
  const [response]: IncomingMessage[] = await once(call, "response");
  if (!response) throw new Error("There is no response.");
  const received = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new Response(Readable.toWeb(response) as ReadableStream, {
    status: response.statusCode ?? 0,
    headers: received,
  });
}
