/** The notification receiver, for any platform with fetch and WebCrypto. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { formatMessageTime, isHeaderToken, JSON_MEDIA_TYPE, TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { importKeyring, type KeyInput } from "../signature/index.ts";
import { createDeduplicator } from "./deduplicate.ts";
import { Rejection, toRejection } from "./rejection.ts";
import { type VaultingEvent, verifyNotification } from "./verify-notification.ts";

type Schemas = components["schemas"];

/**
 * The options of {@link createNotificationReceiver}.
 *
 * @example
 * ```ts
 * const options: NotificationReceiverOptions = {
 *   clientId: "SANDBOX_5Y00000000000000",
 *   antomPublicKey: { 1: oldPublicKey, 2: newPublicKey }, // during a key rotation
 *   onVaulting: async (event) => storeResult(event.vaultingRequestId, event),
 *   onRejected: (error) => console.warn(error.code, error.message),
 * };
 * ```
 */
export interface NotificationReceiverOptions {
  /** Your client ID, as the dashboard shows it. */
  readonly clientId: string;
  /** Antom's public key from the dashboard, or several keys by key version during a key rotation. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /**
   * Called with each final result. Store the result, then return. The receiver acknowledges the notification after this function resolves. If it
   * throws, Antom resends the notification; log the error in your function, because `onRejected` receives only its name and code.
   *
   * Duplicates are skipped if the result is one of the last 10,000 in this process. After a restart you can receive a result again, so handle
   * it idempotently by `vaultingRequestId`.
   */
  readonly onVaulting: (event: VaultingEvent) => void | Promise<void>;
  /** Called with the reason when a notification is rejected. Errors that it throws are ignored. */
  readonly onRejected?: (error: AntomVaultError) => void;
  /**
   * The path and query of `vaultingNotificationUrl`, which the signature covers. Set it if a proxy or router rewrites the path.
   * Default: the path and query of the received request.
   */
  readonly path?: string;
  /** The maximum difference between `Request-Time` and the local clock, in milliseconds; `false` for no limit. Default: 48 hours. */
  readonly timeToleranceMs?: number | false;
  /** Returns the current time in Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Handles a notification request and returns the response to send. The promise never rejects.
 *
 * @example
 * ```ts
 * export const POST: NotificationReceiver = createNotificationReceiver(options); // a Next.js route handler
 * ```
 */
export type NotificationReceiver = (request: Request) => Promise<Response>;

/**
 * Creates a receiver for notifyVaulting notifications.
 *
 * Checks, in this order: the method, the media type, that the body is unread, its size (at most 64 KiB), the headers, the signature over the raw
 * bytes, the time, the JSON, and the API contract. Then calls `onVaulting`, and returns Antom's documented acknowledgement after it resolves.
 * Otherwise, returns a 4xx or 5xx status, after which Antom resends the notification.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is invalid. `onRejected` receives `KEY_INVALID` with every notification if a key is
 * invalid.
 * @see https://docs.antom.com/ac/ams/notify_vaulting
 * @example
 * ```ts
 * const receive = createNotificationReceiver({
 *   clientId,
 *   antomPublicKey,
 *   onVaulting: async (event) => {
 *     if (event.outcome === "vaulted") await storeToken(event.vaultingRequestId, event.cardToken);
 *   },
 * });
 * export default { fetch: receive };
 * ```
 */
export function createNotificationReceiver(options: NotificationReceiverOptions): NotificationReceiver {
  const { clientId, onVaulting, onRejected, path, timeToleranceMs = TIME_TOLERANCE_MS, now = Date.now } = options;
  if (typeof clientId !== "string" || !isHeaderToken(clientId)) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "clientId must be 1 to 128 printable ASCII characters without spaces.",
    );
  }
  if (path !== undefined && !path.startsWith("/")) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "path must start with /: use the path of vaultingNotificationUrl without scheme and host.",
    );
  }
  const keys = importKeyring(options.antomPublicKey, "antomPublicKey");
  keys.catch(() => {});
  const runOnce = createDeduplicator();

  async function handle(request: Request): Promise<void> {
    const event = await verifyNotification(request, { clientId, keyring: await keys, path, timeToleranceMs, now });
    // The result is part of the key, so that a different result for the same ID is not skipped.
    const { outcome, notification, vaultingRequestId } = event;
    const key = `${outcome} ${notification.result.resultCode} ${vaultingRequestId}`;
    await runOnce(key, async () => onVaulting(event)).catch((error: unknown) => {
      throw new Rejection(
        500,
        "PROCESS_FAIL",
        "onVaulting failed, so the notification was not acknowledged. Antom will resend it.",
        "NOTIFICATION_HANDLER_FAILED",
        { cause: error },
      );
    });
  }

  return async (request) => {
    try {
      await handle(request);
      return respond(200, ACKNOWLEDGEMENT, clientId, now());
    } catch (error) {
      const rejection = error instanceof Rejection ? error : toRejection(error);
      // A failing onRejected must not change the response.
      (async () => onRejected?.(rejection.error))().catch(() => {});
      const { status, resultCode, responseMessage: resultMessage } = rejection;
      return respond(status, { result: { resultCode, resultStatus: "F", resultMessage } }, clientId, now());
    }
  };
}

/** The documented acknowledgement, after which Antom stops resending. */
const ACKNOWLEDGEMENT: Schemas["VaultingAcknowledgement"] = {
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
};

function respond(
  status: number,
  body: Schemas["VaultingAcknowledgement"] | Schemas["NotificationRejection"],
  clientId: string,
  now: number,
): Response {
  const headers = { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "response-time": formatMessageTime(now) };
  return new Response(JSON.stringify(body), { status, headers });
}
