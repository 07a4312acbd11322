/** The gateway behind Node's own server: no `Request` and no `Response` is made for a call, which would cost more than the call itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { targetOf } from "../protocol/http.ts";
import type { Gateway, GatewayAnswer, GatewayMessage } from "./gateway.ts";

/** How an answer is kept from arriving whole, on purpose. */
export type Cut = "nothing-sent" | "half-sent";

export type CuttableAnswer = GatewayAnswer & { readonly cut?: Cut };

/** Answers requests; an answer may ask to be cut off. */
export type Answering = (message: GatewayMessage) => Promise<CuttableAnswer>;

/** Makes the listener for `http.createServer`. */
export function nodeListener(answer: Answering | Gateway["answer"]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = targetOf(request.url ?? "");
    if (target === undefined) {
      response.writeHead(400, { connection: "close", "content-length": 0 }).end();
      return;
    }
    const answered: CuttableAnswer = await answer({
      method: request.method ?? "",
      target,
      headers: { get: (name) => headerOf(request, name) },
      body: (limit) => readIncoming(request, limit),
    });
    if (response.destroyed) return;
    write(response, answered, request.complete);
  };
}

function write(response: ServerResponse, { headers, body, cut }: CuttableAnswer, complete: boolean): void {
  if (cut === "nothing-sent") {
    response.destroy();
    return;
  }
  // The rest of a body that was not read would be taken for the next request.
  const closing = complete ? {} : { connection: "close" };
  response.writeHead(200, { ...headers, ...closing, "content-length": Buffer.byteLength(body) });
  if (cut === "half-sent") {
    response.write(body.slice(0, body.length >> 1), () => response.destroy());
    return;
  }
  // As text it goes out in one write with the head.
  response.end(body);
}

/** All of a header's values, as `Headers` joins them: Node drops some of those that come twice. */
function headerOf({ rawHeaders }: IncomingMessage, name: string): string | null {
  let value: string | null = null;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const each = rawHeaders[at] ?? "";
    if (each.length !== name.length || each.toLowerCase() !== name) continue;
    const text = (rawHeaders[at + 1] ?? "").trim();
    value = value === null ? text : `${value}, ${text}`;
  }
  return value;
}

function readIncoming(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    // One that broke off before anybody read it says so to nobody any more.
    if (request.destroyed) return reject(brokenOff());
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
      if (!request.complete) reject(brokenOff());
    });
  });
}

const brokenOff = (): Error => new Error("The request broke off.");
