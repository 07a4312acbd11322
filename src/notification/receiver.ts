/** The merchant is called: verify, read, hand over, acknowledge. Web platform only. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { formatMessageTime, isHeaderToken, JSON_MEDIA_TYPE, TIME_TOLERANCE_MS } from "../protocol/http.ts";
import { importKeyring, type KeyInput } from "../signature/index.ts";
import { createDeduplicator } from "./deduplicate.ts";
import { Rejection, toRejection } from "./rejection.ts";
import { type VaultingEvent, verifyNotification } from "./verify-notification.ts";

type Schemas = components["schemas"];

export interface NotificationReceiverOptions {
  /** The merchant's client ID. */
  readonly clientId: string;
  /** Antom's public key from the dashboard; or several by key version, while one is being replaced. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /**
   * Called with each final result. Record it, then return: the acknowledgement goes out only when this has succeeded. What it throws
   * makes the gateway send again; its text is not passed on, so log it there. The same result is handed over once while this process remembers it (the last 10,000), but can
   * come again after a restart: be idempotent by vaultingRequestId.
   */
  readonly onVaulting: (event: VaultingEvent) => void | Promise<void>;
  /** Called with the reason when a notification is not taken. Default: nothing. */
  readonly onRejected?: (error: AntomVaultError) => void;
  /**
   * The path of vaultingNotificationUrl as the gateway was told it, query string included. Needed where something on the way rewrites
   * the path; default: the path of the request that arrives.
   */
  readonly path?: string;
  /** How far Request-Time may be from this machine's time, in milliseconds; `false` for any. Default 48 hours. */
  readonly timeToleranceMs?: number | false;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Takes a request that is a notification, gives the answer to send. Never rejects. */
export type NotificationReceiver = (request: Request) => Promise<Response>;

/**
 * Makes the receiver of notifyVaulting.
 *
 * Checked in this order: method, media type, whether the body is still raw, size (64 KiB), headers, the signature over the raw bytes, time, JSON, the
 * document. Only then is `onVaulting` called, and only when it has succeeded is the documented acknowledgement answered. Everything
 * else is answered with a status of 4xx or 5xx, on which the gateway sends again.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` at once; `KEY_INVALID` goes to `onRejected` with the first notification
 * @see https://docs.antom.com/ac/ams/notify_vaulting
 * @example
 * ```ts
 * const receive = createNotificationReceiver({ clientId, antomPublicKey, onVaulting: async (event) => {
 *   if (event.outcome === "vaulted") await keep(event.vaultingRequestId, event.cardToken);
 * } });
 * export default { fetch: receive };
 * ```
 */
export function createNotificationReceiver(options: NotificationReceiverOptions): NotificationReceiver {
  const { clientId, onVaulting, onRejected, path, timeToleranceMs = TIME_TOLERANCE_MS, now = Date.now } = options;
  if (typeof clientId !== "string" || !isHeaderToken(clientId)) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "clientId must be 1 to 128 printable ASCII characters without blanks.",
    );
  }
  if (path !== undefined && !path.startsWith("/")) {
    throw new AntomVaultError(
      "CONFIGURATION_INVALID",
      "path must begin with /: it is the path of vaultingNotificationUrl, without scheme and host.",
    );
  }
  const keys = importKeyring(options.antomPublicKey, "antomPublicKey");
  keys.catch(() => {});
  const onceOnly = createDeduplicator();

  async function take(request: Request): Promise<void> {
    const event = await verifyNotification(request, { clientId, keyring: await keys, path, timeToleranceMs, now });
    // A final result is told once, however often and in parallel it comes.
    const { outcome, notification, vaultingRequestId } = event;
    const key = `${outcome} ${notification.result.resultCode} ${vaultingRequestId}`;
    await onceOnly(key, async () => onVaulting(event)).catch((error: unknown) => {
      throw new Rejection(
        500,
        "PROCESS_FAIL",
        "The handler failed; the gateway will send the notification again.",
        "NOTIFICATION_HANDLER_FAILED",
        { cause: error },
      );
    });
  }

  return async (request) => {
    try {
      await take(request);
      return respond(200, ACKNOWLEDGEMENT, clientId, now());
    } catch (error) {
      const refusal = error instanceof Rejection ? error : toRejection(error);
      // A reporter that fails, at once or later, must not change the answer.
      (async () => onRejected?.(refusal.error))().catch(() => {});
      const { status, resultCode, responseMessage } = refusal;
      return respond(
        status,
        { result: { resultCode, resultStatus: "F", resultMessage: responseMessage } },
        clientId,
        now(),
      );
    }
  };
}

/** The fixed body that stops the resending. */
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
