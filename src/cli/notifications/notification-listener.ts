/** A merchant's listener: our own receiver, which tells of each notification that comes what is to be said of it. */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { createNotificationReceiver, type NotificationReceiver, type VaultingEvent } from "../../notification/index.ts";
import { toNodeHandler } from "../../notification/node.ts";
import { derivePublicKey, diagnoseSignature, importPublicKey, type SignatureProblem } from "../../signature/index.ts";
import { usageError } from "../console/usage-error.ts";
import { NOTIFICATION_PATH } from "./listen-defaults.ts";

/** A notification as it came. */
export interface ReceivedNotification {
  /** ISO 8601, of this machine. */
  readonly receivedAt: string;
  readonly verified: boolean;
  /** Only of what was verified. */
  readonly vaultingRequestId?: string;
  readonly outcome?: VaultingEvent["outcome"];
  readonly code?: string;
  readonly cardToken?: string;
  /** How often the same result has come, from 1. */
  readonly count?: number;
  /** Why it was not taken. */
  readonly reason?: string;
  readonly cause?: SignatureProblem;
  /** The HTTP status that was answered. */
  readonly responseStatus: number;
}

export interface ListenerOptions {
  readonly clientId: string;
  readonly antomPublicKey: string;
  /** One's own key, to see whether a notification was signed with it. */
  readonly merchantPrivateKey?: string;
  /** So many of the first that would be taken are answered with 500, so that they come again. */
  readonly fail?: number;
  readonly onHeard: (heard: ReceivedNotification) => void;
}

/** Makes the receiver. Whatever is no POST is answered with a page for the buyer who comes back from a challenge. */
export function createListenerHandler(options: ListenerOptions): NotificationReceiver {
  const { clientId, antomPublicKey, onHeard } = options;
  const times = new Map<string, number>();
  let toFail = options.fail ?? 0;

  return async (request) => {
    if (request.method === "GET")
      return new Response(PAGE, { headers: { "content-type": "text/plain; charset=utf-8" } });
    const copy = request.bodyUsed ? undefined : request.clone();
    let event: VaultingEvent | undefined;
    let reason: string | undefined;
    // One for each request: the receiver hands the same result over once only, and here each time that it comes is shown.
    const receive = createNotificationReceiver({
      clientId,
      antomPublicKey,
      onVaulting: (came) => {
        event = came;
        if (toFail <= 0) return;
        toFail -= 1;
        throw new Error("to be sent again");
      },
      onRejected: ({ message }) => {
        reason = message;
      },
    });
    const answer = await receive(request);
    const common = {
      receivedAt: new Date().toISOString(),
      verified: event !== undefined,
      responseStatus: answer.status,
    };
    if (event) onHeard({ ...common, ...summarizeEvent(event, times) });
    else {
      const mistake = answer.status === 401 && copy ? await diagnoseRequest(copy, options) : undefined;
      onHeard({
        ...common,
        ...(reason ? { reason: toPrintable(reason) } : {}),
        ...(mistake ? { cause: mistake } : {}),
      });
    }
    return answer;
  };
}

const PAGE =
  "This is antom-vault on your own machine. Whoever comes from a card's page is done there: go back to the terminal.\n";

function summarizeEvent(event: VaultingEvent, times: Map<string, number>) {
  const { outcome, vaultingRequestId } = event;
  const result =
    outcome === "vaulted" ? { cardToken: toPrintable(event.cardToken) } : { code: toPrintable(event.code) };
  const key = JSON.stringify([vaultingRequestId, outcome, result]);
  const time = (times.get(key) ?? 0) + 1;
  times.set(key, time);
  return { vaultingRequestId: toPrintable(vaultingRequestId), outcome, ...result, time };
}

async function diagnoseRequest(
  request: Request,
  { clientId, antomPublicKey, merchantPrivateKey }: ListenerOptions,
): Promise<SignatureProblem | undefined> {
  const { pathname, search } = new URL(request.url);
  const headerValue = request.headers.get("signature");
  const time = request.headers.get("request-time");
  if (headerValue === null || time === null) return undefined;
  try {
    const message = { path: pathname + search, clientId, time, body: new Uint8Array(await request.arrayBuffer()) };
    const publicKey = await importPublicKey(antomPublicKey, "antomPublicKey");
    const own = merchantPrivateKey
      ? { ownPublicKey: await derivePublicKey(merchantPrivateKey, "merchantPrivateKey") }
      : {};
    return await diagnoseSignature({ message, headerValue, publicKey, ...own });
  } catch {
    // The reason stands without it.
    return undefined;
  }
}

export interface Listener extends AsyncDisposable {
  /** The vaultingNotificationUrl. */
  readonly url: string;
  /** An address for a buyer to come back to. */
  readonly returnUrl: string;
}

const GRACE_MS = 500;

/** @throws AntomVaultError `CONFIGURATION_INVALID` where the port cannot be had */
export async function openListener(
  { port, path }: { readonly port: number; readonly path: string },
  options: ListenerOptions,
): Promise<Listener> {
  const server = createServer(toNodeHandler(createListenerHandler(options)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      reject(
        usageError(
          code === "EADDRINUSE"
            ? `Port ${port} cannot be had: another program listens there. Take another with --port, or 0 for any free one.`
            : `Port ${port} cannot be had: ${code}.`,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin + path,
    returnUrl: `${origin}/done`,
    [Symbol.asyncDispose]: async () => {
      // An answer that is on its way goes out: cut off, it would be no acknowledgement.
      const end = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(end);
    },
  };
}

/** A listener on a free port that stores the notifications it has received. A caller can wait for a specific one. */
export interface NotificationInbox extends Listener {
  readonly received: readonly ReceivedNotification[];
  /** Resolves when `enough` accepts the notifications so far, or after `ms` milliseconds. Rejects if the signal aborts. */
  readonly waitFor: (
    enough: (heard: readonly ReceivedNotification[]) => boolean,
    ms: number,
    signal: AbortSignal,
  ) => Promise<void>;
}

export async function openNotificationInbox(
  options: Omit<ListenerOptions, "onHeard">,
  port = 0,
): Promise<NotificationInbox> {
  const heard: ReceivedNotification[] = [];
  const arriving = new EventEmitter();
  const onHeard = (each: ReceivedNotification) => {
    heard.push(each);
    arriving.emit("heard");
  };
  const listener = await openListener({ port, path: NOTIFICATION_PATH }, { ...options, onHeard });
  return {
    ...listener,
    received: heard,
    waitFor: async (enough, ms, signal) => {
      signal.throwIfAborted();
      const end = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(ms))]);
      while (!end.aborted && !enough(heard)) await once(arriving, "heard", { signal: end }).catch(() => {});
      signal.throwIfAborted();
    },
  };
}
