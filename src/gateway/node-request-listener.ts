/** Connects a gateway to Node's HTTP server without `Request` and `Response` objects, which take more CPU time than the call itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { AntomVaultError } from "../protocol/errors.ts";
import { parseRequestTarget } from "../protocol/http.ts";
import type { GatewayRequest, GatewayResponse } from "./gateway.ts";

/** The part of a response that is sent if an injected fault truncates the response. */
export type Truncation = "nothing-sent" | "half-sent";

export type TruncatableResponse = GatewayResponse & { readonly truncation?: Truncation };

/** Returns the response to a request. An injected fault can truncate the response. */
export type ResponseHandler = (request: GatewayRequest) => Promise<TruncatableResponse>;

/** Creates the listener for `http.createServer`. Its promise resolves when it can handle the next request on the connection. */
export function createNodeListener(respond: ResponseHandler) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = parseRequestTarget(request.url ?? "");
    if (target === undefined) {
      response.writeHead(400, { connection: "close", "content-length": 0 }).end();
      return;
    }
    const gatewayResponse = await respond({
      method: request.method ?? "",
      target,
      headers: { get: (name) => getHeader(request, name) },
      body: (limit) => readIncomingBody(request, limit),
    });
    const { complete } = request;
    if (!complete) await discardBody(request);
    if (response.destroyed) return;
    writeResponse(response, gatewayResponse, complete);
    await gatewayResponse.hold;
  };
}

function writeResponse(
  response: ServerResponse,
  { headers, body, truncation }: TruncatableResponse,
  complete: boolean,
): void {
  if (truncation === "nothing-sent") {
    response.destroy();
    return;
  }
  // Otherwise, Node parses the unread rest of the body as the next request.
  const closing = complete ? {} : { connection: "close" };
  response.writeHead(200, { ...headers, ...closing, "content-length": Buffer.byteLength(body) });
  if (truncation === "half-sent") {
    response.write(body.slice(0, body.length >> 1), () => response.destroy());
    return;
  }
  // Node sends a string together with the head in one write.
  response.end(body);
}

/** Joins all values of a header as `Headers` does. Node's own `headers` drops some duplicates. */
function getHeader({ rawHeaders }: IncomingMessage, name: string): string | null {
  let value: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] ?? "";
    if (rawName.length !== name.length || rawName.toLowerCase() !== name) continue;
    const text = (rawHeaders[index + 1] ?? "").trim();
    value = value === null ? text : `${value}, ${text}`;
  }
  return value;
}

function readIncomingBody(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    // A request that was aborted earlier emits no further events.
    if (request.destroyed) return reject(createAbortError());
    const chunks: Buffer<ArrayBuffer>[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer<ArrayBuffer>) => {
      size += chunk.byteLength;
      if (size > limit) {
        request.pause().removeAllListeners("data");
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.once("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    });
    request.once("error", () => reject(createAbortError()));
    request.once("close", () => {
      if (!request.complete) reject(createAbortError());
    });
  });
}

const MAX_DISCARDED_BYTES = 1_048_576;
const MAX_DISCARDING_MS = 1_000;

/**
 * Reads and discards the rest of a body. A connection that is closed with unread data is reset, and a client that is still sending then never
 * reads the response.
 */
function discardBody(request: IncomingMessage): Promise<void> {
  if (request.destroyed || Number(request.headers["content-length"] ?? 0) > MAX_DISCARDED_BYTES)
    return Promise.resolve();
  return new Promise((resolve) => {
    let size = 0;
    const finish = () => {
      clearTimeout(timer);
      request.pause().removeAllListeners("data");
      resolve();
    };
    const timer = setTimeout(finish, MAX_DISCARDING_MS);
    request.on("data", (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > MAX_DISCARDED_BYTES) finish();
    });
    for (const event of ["end", "error", "close"]) request.once(event, finish);
  });
}

const createAbortError = () =>
  new AntomVaultError("ABORTED", "The client closed the connection before the request was complete.");
