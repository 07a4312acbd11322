/** The receiver behind Node's own `http`, and behind whatever is built on it (Express, Connect, Fastify's raw objects). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { BODY_LIMIT } from "../protocol/json.ts";
import type { NotificationReceiver } from "./receiver.ts";

/** A request to which a body parser may have given a `body`, and a router the address as it was before. */
type FrameworkMessage = IncomingMessage & { readonly body?: unknown; readonly originalUrl?: string };

/**
 * Makes a handler for `http.createServer`, or for a route of Express.
 *
 * A body that a parser left as bytes (`express.raw`) is used as it is. One that was parsed already is refused with an answer of 500 that says how to keep
 * the raw one, and told to `onRejected` as `BODY_ALREADY_PARSED`.
 *
 * @example
 * ```ts
 * createServer(toNodeHandler(createNotificationReceiver(options))).listen(3000);
 * app.post("/antom/notifications", express.raw({ type: "application/json" }), toNodeHandler(receiver));
 * ```
 */
export function toNodeHandler(
  receiver: NotificationReceiver,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (message, response) => {
    let request: Request;
    try {
      request = await toRequest(message);
    } catch {
      // The sender went away in the middle of the body: there is nobody to answer.
      message.destroy();
      return;
    }
    const answer = await receiver(request);
    const body = Buffer.from(await answer.arrayBuffer());
    // Something before has answered, such as a time limit.
    if (response.headersSent) return;
    // The rest of a body that was too large is not read, so the connection cannot be used again.
    response.writeHead(answer.status, {
      ...Object.fromEntries(answer.headers),
      "content-length": body.byteLength,
      ...(message.complete ? {} : { connection: "close" }),
    });
    response.end(body);
  };
}

async function toRequest(message: FrameworkMessage): Promise<Request> {
  const { method, body } = message;
  // Express rewrites `url` below a mounted router; the signature covers the path that was asked for.
  const path = message.originalUrl ?? message.url ?? "/";
  const url = `http://merchant.invalid${path.startsWith("/") ? path : "/"}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  // Every other method is refused alike, and a Request cannot have each of them (TRACE).
  if (method !== "POST") return new Request(url, { headers });
  const withBody = (bytes: Uint8Array<ArrayBuffer> | string) => new Request(url, { method, headers, body: bytes });
  if (body instanceof Uint8Array) return withBody(new Uint8Array(body));
  if (typeof body === "string") return withBody(body);
  // A `body` alone says nothing: a parser of Express 4 leaves an empty object where it has passed by.
  return message.readableDidRead ? markAsRead(withBody("read before")) : withBody(await readRawBody(message));
}

/** The raw bytes, one more than the limit at the most: enough for the receiver to see that there are too many. */
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

/** A request whose body is used, by which the receiver knows one that a parser has read. */
function markAsRead(request: Request): Request {
  request.text().catch(() => {});
  return request;
}
