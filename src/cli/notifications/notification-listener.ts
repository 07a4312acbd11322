/** A notification listener that reports each notification. It uses the package's receiver. @module */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { createNotificationReceiver, type VaultingEvent } from "../../notification/index.ts";
import { toNodeHandler } from "../../notification/node.ts";
import { derivePublicKey, diagnoseSignature, importPublicKey, type SignatureProblem } from "../../signature/index.ts";
import { usageError } from "../console/usage-error.ts";
import { type ForwardResult, forwardNotification } from "./forward-notification.ts";
import { NOTIFICATION_PATH } from "./listen-defaults.ts";

/** A notification that was received, and the response to it. */
export interface ReceivedNotification {
  /** When the notification was received, by the local clock, in ISO 8601. */
  readonly receivedAt: string;
  readonly verified: boolean;
  /** Present, like the next 4 fields, only if `verified` is `true`; `code` and `cardToken` depend on the outcome. */
  readonly vaultingRequestId?: string;
  readonly outcome?: VaultingEvent["outcome"];
  readonly code?: string;
  readonly cardToken?: string;
  /** How many times this result has been received. */
  readonly count?: number;
  /** Why the notification was rejected. */
  readonly reason?: string;
  readonly cause?: SignatureProblem;
  /** The HTTP status of the response. */
  readonly responseStatus: number;
  /** Present only if the notification was forwarded. */
  readonly forwarded?: ForwardResult;
}

export interface ListenerOptions {
  readonly clientId: string;
  readonly antomPublicKey: string;
  /** The merchant's private key, used to detect notifications that are signed with it instead of Antom's key. */
  readonly merchantPrivateKey?: string;
  /** The number of valid notifications that get status 500 before the next one is acknowledged. The gateway resends them. */
  readonly failFirst?: number;
  /** Where to forward verified notifications. If set, the gateway gets the endpoint's response. */
  readonly forwardTo?: URL | undefined;
  readonly onNotification: (notification: ReceivedNotification) => void;
}

/** Creates the request handler of a listener. It responds to GET requests with a page for buyers who return from 3-D Secure. */
export function createListenerHandler(options: ListenerOptions): (request: Request) => Promise<Response> {
  const { clientId, antomPublicKey, onNotification } = options;
  const counts = new Map<string, number>();
  let remainingFailures = options.failFirst ?? 0;

  return async (request) => {
    if (request.method === "GET")
      return new Response(PAGE, { headers: { "content-type": "text/plain; charset=utf-8" } });
    const copy = request.bodyUsed ? undefined : request.clone();
    let event: VaultingEvent | undefined;
    let reason: string | undefined;
    // A receiver reports a repeated result only once, so each request gets a separate receiver.
    const receive = createNotificationReceiver({
      clientId,
      antomPublicKey,
      onVaulting: (vaulting) => {
        event = vaulting;
        if (remainingFailures <= 0) return;
        remainingFailures -= 1;
        throw new Error("The notification was rejected so that the gateway resends it.");
      },
      onRejected: ({ message }) => {
        reason = message;
      },
    });
    const receivedAt = new Date().toISOString();
    const { response, ...forwarded } = await forwardAccepted(await receive(request), copy, options);
    const common = { receivedAt, verified: event !== undefined, responseStatus: response.status, ...forwarded };
    if (event) onNotification({ ...common, ...summarizeEvent(event, counts) });
    else {
      const cause = response.status === 401 && copy ? await diagnoseRequest(copy, options) : undefined;
      onNotification({ ...common, ...(reason ? { reason: toPrintable(reason) } : {}), ...(cause ? { cause } : {}) });
    }
    return response;
  };
}

/** Forwards a notification that the receiver accepted, if an endpoint is set. Returns the response for the gateway. */
async function forwardAccepted(
  response: Response,
  request: Request | undefined,
  { forwardTo }: ListenerOptions,
): Promise<{ readonly response: Response; readonly forwarded?: ForwardResult }> {
  if (response.status !== 200 || !request || !forwardTo) return { response };
  return forwardNotification(forwardTo, await readRequest(request));
}

const PAGE = "This page is served by antom-vault on your computer. You can close it and return to your terminal.\n";

function summarizeEvent(event: VaultingEvent, counts: Map<string, number>) {
  const { outcome, vaultingRequestId } = event;
  const result =
    outcome === "vaulted" ? { cardToken: toPrintable(event.cardToken) } : { code: toPrintable(event.code) };
  const key = JSON.stringify([vaultingRequestId, outcome, result]);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return { vaultingRequestId: toPrintable(vaultingRequestId), outcome, ...result, count };
}

async function readRequest(request: Request) {
  const { pathname, search } = new URL(request.url);
  return { path: pathname + search, headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) };
}

async function diagnoseRequest(
  request: Request,
  { clientId, antomPublicKey, merchantPrivateKey }: ListenerOptions,
): Promise<SignatureProblem | undefined> {
  const headerValue = request.headers.get("signature");
  const time = request.headers.get("request-time");
  if (headerValue === null || time === null) return undefined;
  try {
    const { path, body } = await readRequest(request);
    const message = { path, clientId, time, body };
    const publicKey = await importPublicKey(antomPublicKey, "antomPublicKey");
    const own = merchantPrivateKey
      ? { ownPublicKey: await derivePublicKey(merchantPrivateKey, "merchantPrivateKey") }
      : {};
    return await diagnoseSignature({ message, headerValue, publicKey, ...own });
  } catch {
    // The diagnosis is optional. The reason is reported even without it.
    return undefined;
  }
}

export interface Listener extends AsyncDisposable {
  /** The URL to use as `vaultingNotificationUrl`. */
  readonly url: string;
  /** A page for buyers who return from 3-D Secure. */
  readonly returnUrl: string;
}

const GRACE_MS = 500;

/**
 * Starts a listener on 127.0.0.1.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if the port is not available
 */
export async function openListener(
  { port, path }: { readonly port: number; readonly path: string },
  options: ListenerOptions,
): Promise<Listener> {
  const server = createServer(toNodeHandler(createListenerHandler(options)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      const problem = code === "EADDRINUSE" ? `Port ${port} is in use` : `Cannot listen on port ${port}: ${code}`;
      reject(usageError(`${problem}. Use a different --port, or 0 for any free port.`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin + path,
    returnUrl: `${origin}/done`,
    [Symbol.asyncDispose]: async () => {
      // Lets responses in flight finish, because a truncated response is not an acknowledgement.
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(timer);
    },
  };
}

/** A listener that stores the received notifications. A caller can wait until they meet a condition. */
export interface NotificationInbox extends Listener {
  readonly received: readonly ReceivedNotification[];
  /** Resolves when `hasEnough` returns `true` for the received notifications, or after `ms` milliseconds. Rejects if the signal is aborted. */
  readonly waitFor: (
    hasEnough: (received: readonly ReceivedNotification[]) => boolean,
    ms: number,
    signal: AbortSignal,
  ) => Promise<void>;
}

export async function openNotificationInbox(
  options: Omit<ListenerOptions, "onNotification">,
  port = 0,
): Promise<NotificationInbox> {
  const received: ReceivedNotification[] = [];
  const emitter = new EventEmitter();
  const onNotification = (notification: ReceivedNotification) => {
    received.push(notification);
    emitter.emit("received");
  };
  const listener = await openListener({ port, path: NOTIFICATION_PATH }, { ...options, onNotification });
  return {
    ...listener,
    received,
    waitFor: async (hasEnough, ms, signal) => {
      signal.throwIfAborted();
      const end = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(ms))]);
      while (!end.aborted && !hasEnough(received)) await once(emitter, "received", { signal: end }).catch(() => {});
      signal.throwIfAborted();
    },
  };
}
