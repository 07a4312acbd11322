/**
 * Adapts the receiver to Node's `http` and `http2`, and to frameworks that use them, such as Express, Fastify, NestJS, Koa, and Firebase.
 *
 * @module antom-vault/notification/node
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { parseRequestTarget } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";

/** A request of Node's `http` or `http2`. */
export type NodeMessage = IncomingMessage | Http2ServerRequest;

/**
 * A request of Node's `http` or `http2`, or of a framework that wraps it, such as Fastify. Frameworks add the raw or parsed body, and the URL as it
 * was before a router rewrote it.
 */
export type NodeRequest = (NodeMessage | { readonly raw: NodeMessage }) & {
  readonly rawBody?: unknown;
  readonly body?: unknown;
  readonly originalUrl?: string;
};

/** A response of Node's `http` or `http2`, or of a framework that wraps it, such as Fastify. */
export type NodeResponse =
  | ServerResponse
  | Http2ServerResponse
  | { readonly raw: ServerResponse | Http2ServerResponse; readonly hijack: () => unknown };

/**
 * Converts a receiver to a request handler for `http.createServer`, `http2.createServer`, or a route of Express or Fastify.
 *
 * Uses `rawBody` or `body` unchanged if a parser stored bytes or text there. If a parser has consumed the raw body, responds with status 500 and
 * instructions for keeping it, and `onRejected` receives `BODY_ALREADY_PARSED`.
 *
 * @param receiver a receiver from `createNotificationReceiver`
 * @example
 * ```ts
 * const handler = toNodeHandler(createNotificationReceiver({ clientId, antomPublicKey, onVaulting }));
 * http.createServer(handler).listen(3000);
 * // or, with Express:
 * app.post("/antom/notifications", express.raw({ type: "application/json" }), handler);
 * ```
 */
export function toNodeHandler(
  receiver: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, frameworkResponse) => {
    const message = "raw" in request ? request.raw : request;
    if ("raw" in frameworkResponse) frameworkResponse.hijack();
    const response = "raw" in frameworkResponse ? frameworkResponse.raw : frameworkResponse;
    const converted = await toRequest(request, message).catch(createUnreadableRequest);
    // If the sender disconnected before the end of the body, a response cannot be delivered.
    if (message.aborted) {
      message.destroy();
      return;
    }
    const result = await receiver(converted);
    const body = Buffer.from(await result.arrayBuffer());
    // Middleware, such as a request timeout, might already have responded.
    if (response.headersSent) return;
    response.statusCode = result.status;
    for (const [name, value] of result.headers) response.setHeader(name, value);
    response.setHeader("content-length", body.byteLength);
    // The rest of a body that is too large stays unread, so the HTTP/1.1 connection or the HTTP/2 stream must be closed.
    const unread = !message.complete;
    const stream = "stream" in message ? message.stream : undefined;
    if (unread && !stream) response.setHeader("connection", "close");
    response.end(body);
    if (unread) stream?.close();
  };
}

async function toRequest(request: NodeRequest, message: NodeMessage): Promise<Request> {
  // Express rewrites `url` in mounted routers, but the signature covers the original path.
  const path = request.originalUrl ?? message.url ?? "/";
  const url = `http://merchant.invalid${parseRequestTarget(path) ?? "/"}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    // The pseudo-headers of HTTP/2 are not valid in a Request.
    if (!name.startsWith(":")) for (const item of [value].flat()) if (item !== undefined) headers.append(name, item);
  }
  const { method } = message;
  // The receiver rejects all other methods, and a Request cannot represent some of them, such as TRACE.
  if (method !== "POST") return new Request(url, { headers });
  const withBody = (bytes: Uint8Array<ArrayBuffer> | string) => new Request(url, { method, headers, body: bytes });
  for (const body of [request.rawBody, request.body]) {
    if (body instanceof Uint8Array) return withBody(new Uint8Array(body));
    if (typeof body === "string") return withBody(body);
  }
  // `body` does not show whether a parser has read the message: Express 4 parsers set an empty object even if they skip the message.
  return message.readableDidRead ? markAsRead(withBody("consumed")) : withBody(await readRawBody(message));
}

/** Creates a request whose body fails with the error, so that the receiver reports it and responds with status 500. */
function createUnreadableRequest(error: unknown): Request {
  const body = new ReadableStream({ start: (controller) => controller.error(error) });
  return new Request("http://merchant.invalid", { method: "POST", body, duplex: "half" });
}

/** Reads the raw bytes, up to 1 byte more than the limit, so that the receiver can detect a body that is too large. */
async function readRawBody(message: NodeMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_LIMIT) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, BODY_LIMIT + 1));
}

/** Consumes the body of a request, so that the receiver detects that a parser has read it. */
function markAsRead(request: Request): Request {
  request.text().catch(() => {});
  return request;
}
