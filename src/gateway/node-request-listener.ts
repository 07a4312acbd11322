/** The gateway behind Node's own server: no `Request` and no `Response` is made for a call, which would cost more than the call itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseRequestTarget } from "../protocol/http.ts";
import type { Gateway, GatewayRequest, GatewayResponse } from "./gateway.ts";

/** How an answer is kept from arriving whole, on purpose. */
export type Truncation = "nothing-sent" | "half-sent";

export type TruncatableResponse = GatewayResponse & { readonly truncation?: Truncation };

/** Answers requests; an answer may ask to be cut off. */
export type ResponseHandler = (message: GatewayRequest) => Promise<TruncatableResponse>;

/** Makes the listener for `http.createServer`. */
export function createNodeListener(answer: ResponseHandler | Gateway["answer"]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = parseRequestTarget(request.url ?? "");
    if (target === undefined) {
      response.writeHead(400, { connection: "close", "content-length": 0 }).end();
      return;
    }
    const answered: TruncatableResponse = await answer({
      method: request.method ?? "",
      target,
      headers: { get: (name) => getHeader(request, name) },
      body: (limit) => readIncomingBody(request, limit),
    });
    if (response.destroyed) return;
    writeResponse(response, answered, request.complete);
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
  // The rest of a body that was not read would be taken for the next request.
  const closing = complete ? {} : { connection: "close" };
  response.writeHead(200, { ...headers, ...closing, "content-length": Buffer.byteLength(body) });
  if (truncation === "half-sent") {
    response.write(body.slice(0, body.length >> 1), () => response.destroy());
    return;
  }
  // As text it goes out in one write with the head.
  response.end(body);
}

/** All of a header's values, as `Headers` joins them: Node drops some of those that come twice. */
function getHeader({ rawHeaders }: IncomingMessage, name: string): string | null {
  let value: string | null = null;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const each = rawHeaders[at] ?? "";
    if (each.length !== name.length || each.toLowerCase() !== name) continue;
    const text = (rawHeaders[at + 1] ?? "").trim();
    value = value === null ? text : `${value}, ${text}`;
  }
  return value;
}

function readIncomingBody(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    // One that broke off before anybody read it says so to nobody any more.
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
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete) reject(createAbortError());
    });
  });
}

const createAbortError = (): Error => new Error("The request broke off.");
