/** The notification receiver, for any platform with fetch and WebCrypto. */
import type { components } from "../../generated/types.ts";
import type { AntomVaultError } from "../protocol/errors.ts";
import { formatMessageTime, isJsonMediaType, JSON_MEDIA_TYPE, readBody } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";
import { createDeduplicator } from "./deduplicate.ts";
import { invalidOption, readVerificationOptions, requireFunctions, type VerificationOptions } from "./options.ts";
import { createParsedBodyError, createRejection, readRejection, toRejection } from "./rejection.ts";
import { createTooLargeError, type VaultingEvent, verifyMessage } from "./verify-notification.ts";

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
export interface NotificationReceiverOptions extends VerificationOptions {
  /**
   * Called with each final result. Store the result, then return. The receiver acknowledges the notification after this function resolves. If it
   * throws, Antom resends the notification; log the error in your function, because `onRejected` receives only its name and code.
   *
   * Duplicates are skipped if the result is one of the last 10,000 in this process. After a restart you can receive a result again, so handle
   * it idempotently by `vaultingRequestId`.
   */
  readonly onVaulting: (event: VaultingEvent) => void | Promise<void>;
  /**
   * Called with the reason when a notification is rejected. Errors that it throws are ignored.
   * Default: writes the code and the message to the console as a warning. They contain no card data.
   */
  readonly onRejected?: (error: AntomVaultError) => void;
  /**
   * The path and query of `vaultingNotificationUrl`, which the signature covers. Set it if a proxy or router rewrites the path.
   * Default: the path and query of the received request.
   */
  readonly path?: string;
}

/**
 * Handles a notification request and returns the response to send. The promise never rejects.
 *
 * @example
 * ```ts
 * export const POST: NotificationReceiver = createNotificationReceiver(options); // a Next.js route handler
 * ```
 */
export interface NotificationReceiver {
  (request: Request): Promise<Response>;
  /**
   * Imports the keys now instead of with the first notification.
   *
   * @throws {AntomVaultError} `KEY_INVALID` if a key is invalid.
   * @example
   * ```ts
   * const receive = createNotificationReceiver(options);
   * await receive.ready(); // fails at startup instead of with the first notification
   * ```
   */
  readonly ready: () => Promise<void>;
}

/**
 * Creates a receiver for notifyVaulting notifications.
 *
 * Checks, in this order: the method, the media type, that the body is unread, its size (at most 64 KiB), the headers, the signature over the raw
 * bytes, the time, the JSON, and the API contract. Then calls `onVaulting`, and returns Antom's
 * documented acknowledgement after it resolves. Otherwise, returns a 4xx or 5xx status, after which Antom resends the notification.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, invalid, or unknown. If a key is invalid, `ready()` rejects with
 * `KEY_INVALID`, and `onRejected` receives it with every notification.
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
  const settings = readVerificationOptions(options, RECEIVER_OPTIONS);
  const { clientId, now } = settings;
  const { onVaulting, path, onRejected = logRejection } = options;
  requireFunctions({ onVaulting, onRejected });
  if (path !== undefined && !(typeof path === "string" && path.startsWith("/")))
    throw invalidOption("path must start with /: use the path of vaultingNotificationUrl without scheme and host.");
  const runOnce = createDeduplicator();
  // A failing onRejected must not change the response.
  const report = (error: AntomVaultError) => void (async () => onRejected(error))().catch(() => {});

  async function handle(request: Request): Promise<void> {
    const body = await readRawBody(request);
    const { pathname, search } = new URL(request.url);
    const event = await verifyMessage({ body, headers: request.headers, path: path ?? pathname + search }, settings);
    // The result is part of the key, so that a different result for the same ID is not skipped.
    const { outcome, notification, vaultingRequestId } = event;
    const key = `${outcome} ${notification.result.resultCode} ${vaultingRequestId}`;
    await runCallback("onVaulting", () => runOnce(key, async () => onVaulting(event)));
  }

  const receive = async (request: Request) => {
    try {
      await handle(request);
      return respond(200, ACKNOWLEDGEMENT, clientId, now());
    } catch (thrown) {
      const error = toRejection(thrown);
      report(error);
      const { status, result } = readRejection(error);
      return respond(status, { result }, clientId, now());
    }
  };
  const ready = async () => {
    await settings.loadKeyring();
  };
  return Object.assign(receive, { ready });
}

const RECEIVER_OPTIONS = ["onVaulting", "onRejected", "path"];

const logRejection = ({ code, message }: AntomVaultError) =>
  console.warn(`antom-vault: ${code}: ${message}`.replaceAll(/\s+/g, " "));

/** Runs a function of the options. If it fails, the notification is not acknowledged. */
async function runCallback<Result>(name: string, callback: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await callback();
  } catch (cause) {
    const message = `${name} failed, so the notification was not acknowledged. Antom will resend it.`;
    throw createRejection(500, message, "NOTIFICATION_HANDLER_FAILED", { cause });
  }
}

async function readRawBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (request.method !== "POST") throw createRejection(405);
  if (!isJsonMediaType(request.headers.get("content-type"))) throw createRejection(415);
  if (request.bodyUsed || request.body?.locked)
    throw createParsedBodyError("The body was read before the receiver was called");
  const bytes = await readBody(request.body, BODY_LIMIT);
  if (!bytes) throw createTooLargeError();
  return bytes;
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
