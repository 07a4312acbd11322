/** A merchant's listener that a run opens on this machine, and what arrives there. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { JSON_MEDIA_TYPE, messageTime } from "../http.ts";
import { BODY_LIMIT, parseJson } from "../json.ts";
import { verifyHeader } from "../signature/index.ts";
import { ContractFailure } from "./check.ts";
import type { Reading } from "./exchange.ts";

/** A notification as it came: one attempt to deliver it. */
export interface Notification {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `undefined` where it is no JSON. */
  readonly body: unknown;
  /** `undefined` where the signature verifies over the path that was called, else why not. */
  readonly signatureFault: string | undefined;
}

export interface Reply {
  /** 0 for none: the connection is closed. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where the notifications of one vaulting arrive. */
export interface Inbox {
  /** The notification URL. */
  readonly url: string;
  readonly received: readonly Notification[];
  /** Resolves once so many have come, with whether they came within the time. */
  readonly until: (count: number, patienceMs?: number) => Promise<boolean>;
}

export interface Listener {
  /** A new address. What comes there is answered by `reply`, by default with the acknowledgement. */
  readonly inbox: (reply?: (notification: Notification) => Promise<Reply> | Reply) => Inbox;
}

/** How long a notification that is due is waited for. */
export const PATIENCE_MS = 10_000;

/** The only answer that acknowledges. */
export const acknowledgement = (clientId: string): Reply => ({
  status: 200,
  headers: { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "response-time": messageTime(Date.now()) },
  body: '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
});

interface Box {
  readonly received: Notification[];
  readonly waiting: Set<() => void>;
  readonly reply: (notification: Notification) => Promise<Reply> | Reply;
}

/** Opens a listener on loopback. It keeps no process alive. Every notification is shown to `observe`. */
export async function openListener(
  reading: Reading,
  observe: (notification: Notification) => void = () => {},
): Promise<Listener> {
  const boxes = new Map<string, Box>();
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const box = boxes.get((request.url ?? "").split(/[/?]/)[2] ?? "");
    if (!box) return response.writeHead(404).end();
    const notification = await read(request, reading);
    observe(notification);
    box.received.push(notification);
    for (const look of box.waiting) look();
    const { status, headers, body } = await box.reply(notification);
    if (status === 0) return request.socket.destroy();
    return response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    const { socket } = request;
    // A notification may come while its target is being stopped; nobody waits for what then becomes of it.
    receive(request, response).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    inbox: (reply = () => acknowledgement(reading.clientId)) => {
      const name = crypto.randomUUID();
      const box: Box = { received: [], waiting: new Set(), reply };
      boxes.set(name, box);
      return {
        url: `http://127.0.0.1:${port}/notifications/${name}`,
        received: box.received,
        until: (count, patienceMs = PATIENCE_MS) => arrival(box, count, patienceMs),
      };
    },
  };
}

function arrival({ received, waiting }: Box, count: number, patienceMs: number): Promise<boolean> {
  if (received.length >= count) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (came: boolean) => {
      clearTimeout(timer);
      waiting.delete(look);
      resolve(came);
    };
    const look = () => received.length >= count && end(true);
    const timer = setTimeout(() => end(false), patienceMs);
    waiting.add(look);
  });
}

/** The body, unless it is larger than any notification: then its sender is cut off. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Without an encoding set, a request gives bytes.
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) throw new ContractFailure(`The notification is larger than ${BODY_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

async function read(request: IncomingMessage, { keyring }: Reading): Promise<Notification> {
  const { method = "", url: path = "" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const bytes = await bodyOf(request);
  const reading = parseJson(bytes);
  const message = {
    path,
    clientId: headers.get("client-id") ?? "",
    time: headers.get("request-time") ?? "",
    body: bytes,
  };
  const signature = headers.get("signature");
  // No page says whether a query belongs to the text that is signed.
  const bare = { ...message, path: path.replace(/\?.*$/, "") };
  const signatureFault =
    (await verifyHeader(keyring, message, signature)) && (await verifyHeader(keyring, bare, signature));
  return { method, path, headers, bytes, body: reading.ok ? reading.value : undefined, signatureFault };
}
