/** A local listener for the notifications of a run. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { formatMessageTime, JSON_MEDIA_TYPE, readBody, stripQuery } from "../../protocol/http.ts";
import { BODY_LIMIT, tryParseJson } from "../../protocol/json.ts";
import { findSignatureError } from "../../signature/index.ts";
import type { Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";

export interface Reply {
  /** The HTTP status, or 0 to close the connection without a response. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the connection closes before the end of the body. */
  readonly isCutOff?: boolean;
}

/** An inbox for the notifications of a vaulting. */
export interface Inbox {
  /** The vaultingNotificationUrl. */
  readonly url: string;
  readonly received: readonly Notification[];
  /**
   * Resolves with `true` when `count` notifications have been received, or with `false` after the timeout. Rejects if a notification cannot
   * be read, or if the `observe` callback of {@link openListener} throws.
   */
  readonly waitFor: (count: number, timeoutMs?: number) => Promise<boolean>;
}

export interface Listener {
  /** Creates an inbox with a unique URL. By default, it acknowledges each notification. */
  readonly createInbox: (reply?: (notification: Notification) => Promise<Reply> | Reply) => Inbox;
  /** An inbox whose URL has no path. It acknowledges each notification. */
  readonly root: Inbox;
}

/** The shortest and the longest timeout of a wait for a notification. Between them, the timeout is 20 times the longest successful wait so far. */
const MIN_TIMEOUT_MS = 3_000;
const MAX_TIMEOUT_MS = 10_000;

const ACKNOWLEDGEMENT = '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}';
const PROMPT_MS = 1_000;

/** Creates the reply that acknowledges a notification. */
export const createAcknowledgement = (clientId: string): Reply => ({
  status: 200,
  headers: { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "response-time": formatMessageTime(Date.now()) },
  body: ACKNOWLEDGEMENT,
});

const DISCONNECT: Reply = { status: 0 };

interface InboxState {
  readonly received: Notification[];
  /** The first error from reading a notification or from `observe`. */
  error?: unknown;
  readonly waiters: Set<() => void>;
  readonly reply: (notification: Notification) => Promise<Reply> | Reply;
}

/**
 * Opens a listener on 127.0.0.1 that does not keep the process alive. Calls `observe` with every notification to an inbox, and
 * `onAcknowledged` with each notification that promptly received the reply of {@link createAcknowledgement}.
 */
export async function openListener(
  context: ResponseContext,
  observe: (notification: Notification) => void = () => {},
  onAcknowledged: (notification: Notification) => void = () => {},
): Promise<Listener> {
  const inboxes = new Map<string, InboxState>();
  const server = createServer(async (request, response) => {
    const { socket } = request;
    const [, path = ""] = /^\/([^?]*)/.exec(request.url ?? "") ?? [];
    const inbox = inboxes.get(path.split("/", 2).join("/"));
    if (!inbox) return response.writeHead(404).end();
    try {
      const notification = await readNotification(request, context);
      observe(notification);
      inbox.received.push(notification);
      for (const update of inbox.waiters) update();
      // Creating the reply can fail, for example because the target is stopping. In that case, only close the connection.
      const getReply = async () => inbox.reply(notification);
      const receivedAt = performance.now();
      const { status, headers, body, isCutOff } = await getReply().catch(() => DISCONNECT);
      // A gateway might stop waiting for a slow reply, so only a prompt reply counts as an acknowledgement.
      if (status === 200 && body === ACKNOWLEDGEMENT && !isCutOff && performance.now() - receivedAt < PROMPT_MS)
        response.on("finish", () => onAcknowledged(notification));
      if (status === 0) socket.destroy();
      else if (isCutOff)
        response
          .writeHead(status, { ...headers, "content-length": String(body).length })
          .write(String(body).slice(0, -1), () => socket.destroy());
      else response.writeHead(status, headers).end(body);
    } catch (error) {
      inbox.error ??= error;
      for (const update of inbox.waiters) update();
      socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  let slowestMs: number | undefined;
  const getTimeout = () =>
    slowestMs === undefined ? MAX_TIMEOUT_MS : Math.min(Math.max(20 * slowestMs, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS);
  const waitFor = async (inbox: InboxState, count: number, timeoutMs = getTimeout()) => {
    const started = performance.now();
    const isReceived = await waitForCount(inbox, count, timeoutMs);
    if (isReceived) slowestMs = Math.max(slowestMs ?? 0, performance.now() - started);
    return isReceived;
  };
  const addInbox = (
    path: string,
    reply: InboxState["reply"] = () => createAcknowledgement(context.clientId),
  ): Inbox => {
    const inbox: InboxState = { received: [], waiters: new Set(), reply };
    inboxes.set(path, inbox);
    return {
      url: `http://127.0.0.1:${port}${path && `/${path}`}`,
      received: inbox.received,
      waitFor: (count, timeoutMs) => waitFor(inbox, count, timeoutMs),
    };
  };
  return { createInbox: (reply) => addInbox(`notifications/${crypto.randomUUID()}`, reply), root: addInbox("") };
}

function waitForCount(inbox: InboxState, count: number, timeoutMs: number): Promise<boolean> {
  const { received, waiters } = inbox;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      waiters.delete(update);
      settle();
    };
    const update = () => {
      if (inbox.error !== undefined) end(() => reject(inbox.error));
      else if (received.length >= count) end(() => resolve(true));
    };
    const timer = setTimeout(() => end(() => resolve(false)), timeoutMs);
    waiters.add(update);
    update();
  });
}

async function readNotification(request: IncomingMessage, { keyring, card }: ResponseContext): Promise<Notification> {
  const { method = "", url: path = "" } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const repeatedHeaders = Object.entries(request.headersDistinct).flatMap(([name, lines = []]) =>
    lines.length > 1 ? [name] : [],
  );
  // The types of web streams differ between Node.js and the DOM. This stream contains bytes, because no encoding is set.
  const bytes = await readBody(Readable.toWeb(request) as ReadableStream<Uint8Array>, BODY_LIMIT);
  if (!bytes) throw new ContractFailure(`Notification is larger than ${BODY_LIMIT} bytes.`);
  const message = {
    path,
    clientId: headers.get("client-id") ?? "",
    time: headers.get("request-time") ?? "",
    body: bytes,
  };
  const signature = headers.get("signature");
  // Antom does not document whether the string to sign includes the query.
  const withoutParameters = { ...message, path: stripQuery(path) };
  const error = await findSignatureError(keyring, message, signature);
  const isWithoutParameters = error !== undefined && !(await findSignatureError(keyring, withoutParameters, signature));
  const signatureError = isWithoutParameters ? undefined : error;
  const signedPath = isWithoutParameters ? withoutParameters.path : path;
  return { method, path, signedPath, headers, repeatedHeaders, bytes, body: tryParseJson(bytes), signatureError, card };
}
