/**
 * Adapts the receiver to Node's `http` and to frameworks that use it, such as Express, Connect, and Fastify.
 *
 * @module antom-vault/notification/node
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { BODY_LIMIT } from "../protocol/json.ts";

/** A message with the fields that frameworks add: the parsed `body`, and the URL before a router rewrote it. */
type FrameworkMessage = IncomingMessage & { readonly body?: unknown; readonly originalUrl?: string };

/**
 * Converts a receiver to a request handler for `http.createServer` or an Express route.
 *
 * Uses the body of `express.raw` and `express.text` unchanged. If a parser has consumed the raw body, responds with status 500 and instructions to
 * keep it, and `onRejected` receives `BODY_ALREADY_PARSED`.
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
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (message, response) => {
    let request: Request;
    try {
      request = await toRequest(message);
    } catch {
      // The sender disconnected before the end of the body, so no one can receive a response.
      message.destroy();
      return;
    }
    const result = await receiver(request);
    const body = Buffer.from(await result.arrayBuffer());
    // Middleware, such as a request timeout, may already have responded.
    if (response.headersSent) return;
    // The rest of a body that is too large stays unread, so the connection cannot be reused.
    response.writeHead(result.status, {
      ...Object.fromEntries(result.headers),
      "content-length": body.byteLength,
      ...(message.complete ? {} : { connection: "close" }),
    });
    response.end(body);
  };
}

async function toRequest(message: FrameworkMessage): Promise<Request> {
  const { method, body } = message;
  // Express rewrites `url` in mounted routers, but the signature covers the original path.
  const path = message.originalUrl ?? message.url ?? "/";
  const url = `http://merchant.invalid${path.startsWith("/") ? path : "/"}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const item of [value].flat()) if (item !== undefined) headers.append(name, item);
  }
  // The receiver rejects all other methods, and a Request cannot represent all of them, for example TRACE.
  if (method !== "POST") return new Request(url, { headers });
  const withBody = (bytes: Uint8Array<ArrayBuffer> | string) => new Request(url, { method, headers, body: bytes });
  if (body instanceof Uint8Array) return withBody(new Uint8Array(body));
  if (typeof body === "string") return withBody(body);
  // `body` does not show whether a parser has read the message: parsers of Express 4 set an empty object even if they skip it.
  return message.readableDidRead ? markAsRead(withBody("consumed")) : withBody(await readRawBody(message));
}

/** Reads the raw bytes, up to 1 byte more than the limit, so that the receiver can detect a body that is too large. */
async function readRawBody(message: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > BODY_LIMIT) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, BODY_LIMIT + 1));
}

/** Consumes the body of a request, so that the receiver detects that a parser has read it. */
function markAsRead(request: Request): Request {
  request.text().catch(() => {});
  return request;
}
