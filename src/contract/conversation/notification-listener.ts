/** A merchant's listener that a run opens on this machine, and what arrives there. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { formatMessageTime, JSON_MEDIA_TYPE, readBody, stripQuery } from "../../protocol/http.ts";
import { BODY_LIMIT, tryParseJson } from "../../protocol/json.ts";
import { findSignatureError } from "../../signature/index.ts";
import type { Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";

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
  /** Resolves once so many have come, with whether they came within the time. Rejects where one that came could not be received. */
  readonly waitFor: (count: number, patienceMs?: number) => Promise<boolean>;
}

export interface Listener {
  /** A new address. What comes there is answered by `reply`, by default with the acknowledgement. */
  readonly createInbox: (reply?: (notification: Notification) => Promise<Reply> | Reply) => Inbox;
}

/** How long a notification that is due is waited for. */
export const NOTIFICATION_TIMEOUT_MS = 10_000;

/** The only answer that acknowledges. */
export const createAcknowledgement = (clientId: string): Reply => ({
  status: 200,
  headers: { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "response-time": formatMessageTime(Date.now()) },
  body: '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}',
});

const DISCONNECT: Reply = { status: 0 };

interface InboxState {
  readonly received: Notification[];
  /** What went wrong with one that came, before it was received. */
  error?: unknown;
  readonly waiters: Set<() => void>;
  readonly reply: (notification: Notification) => Promise<Reply> | Reply;
}

/** Opens a listener on loopback. It keeps no process alive. Every notification is shown to `observe`. */
export async function openListener(
  reading: ResponseContext,
  observe: (notification: Notification) => void = () => {},
): Promise<Listener> {
  const boxes = new Map<string, InboxState>();
  const server = createServer(async (request, response) => {
    const { socket } = request;
    const box = boxes.get((request.url ?? "").split(/[/?]/)[2] ?? "");
    if (!box) return response.writeHead(404).end();
    try {
      const notification = await readNotification(request, reading);
      observe(notification);
      box.received.push(notification);
      for (const look of box.waiters) look();
      // It may come while its target is being stopped, and then nobody waits for what is answered.
      const reply = async () => box.reply(notification);
      const { status, headers, body } = await reply().catch(() => DISCONNECT);
      if (status === 0) socket.destroy();
      else response.writeHead(status, headers).end(body);
    } catch (error) {
      box.error ??= error;
      for (const look of box.waiters) look();
      socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    createInbox: (reply = () => createAcknowledgement(reading.clientId)) => {
      const name = crypto.randomUUID();
      const box: InboxState = { received: [], waiters: new Set(), reply };
      boxes.set(name, box);
      return {
        url: `http://127.0.0.1:${port}/notifications/${name}`,
        received: box.received,
        waitFor: (count, patienceMs = NOTIFICATION_TIMEOUT_MS) => waitForCount(box, count, patienceMs),
      };
    },
  };
}

function waitForCount(box: InboxState, count: number, patienceMs: number): Promise<boolean> {
  const { received, waiters } = box;
  return new Promise((resolve, reject) => {
    const end = (come: () => void) => {
      clearTimeout(timer);
      waiters.delete(look);
      come();
    };
    const look = () => {
      if (box.error !== undefined) end(() => reject(box.error));
      else if (received.length >= count) end(() => resolve(true));
    };
    const timer = setTimeout(() => end(() => resolve(false)), patienceMs);
    waiters.add(look);
    look();
  });
}

async function readNotification(request: IncomingMessage, { keyring }: ResponseContext): Promise<Notification> {
  const { method = "", url: path = "" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  // Node declares its streams apart from the web's. Without an encoding set, this one gives bytes.
  const bytes = await readBody(Readable.toWeb(request) as ReadableStream<Uint8Array>, BODY_LIMIT);
  if (!bytes) throw new ContractFailure(`A notification came that is larger than ${BODY_LIMIT} bytes.`);
  const message = {
    path,
    clientId: headers.get("client-id") ?? "",
    time: headers.get("request-time") ?? "",
    body: bytes,
  };
  const signature = headers.get("signature");
  // No page says whether a query belongs to the text that is signed.
  const bare = { ...message, path: stripQuery(path) };
  const signatureFault =
    (await findSignatureError(keyring, message, signature)) && (await findSignatureError(keyring, bare, signature));
  return { method, path, headers, bytes, body: tryParseJson(bytes), signatureError: signatureFault };
}
