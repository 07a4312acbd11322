/** The notification receiver, for any platform with fetch and WebCrypto. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { formatMessageTime, isJsonMediaType, JSON_MEDIA_TYPE, readBody } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";
import { createDeduplicator, createResultMemory, describeResult } from "./deduplicate.ts";
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
   * throws, Antom resends the notification. Log the error in your function, because `onRejected` receives only the name and code of the error.
   *
   * A duplicate is skipped if its result is among the last 10,000 results in this process. After a restart, you can receive a result again, so handle
   * results idempotently by `vaultingRequestId`.
   */
  readonly onVaulting: (event: VaultingEvent) => void | Promise<void>;
  /**
   * Called with the error when a notification is rejected or cannot be handled, and with `NOTIFICATION_CONFLICT` when a notification contradicts an
   * earlier notification. The receiver ignores errors that this function throws. Default: writes the code and the message, which contain no card
   * data, to the console as a warning.
   */
  readonly onRejected?: (error: AntomVaultError) => void;
  /**
   * Called instead of `onVaulting` if a signed notification contradicts an earlier one for the same ID, such as a failure after a success. Call
   * inquireVaulting to find out which result is correct. The receiver acknowledges the notification after this function resolves, because a
   * resent notification would contain the same contradiction. Default: only `onRejected` is called.
   */
  readonly onConflict?: (event: VaultingEvent) => void | Promise<void>;
  /**
   * Stores the first result for each ID, so that the receiver can detect conflicts. Default: remembers the last 10,000 results of this process. See
   * {@link RememberResult}.
   */
  readonly rememberResult?: RememberResult;
  /**
   * The path and query of `vaultingNotificationUrl`, which the signature covers. Set it if a proxy or router rewrites the path.
   * Default: the path and query of the received request.
   */
  readonly path?: string;
}

/**
 * Stores a result unless a result is already stored for the ID, and returns the result that was already stored, if any. Must be atomic if several
 * processes receive notifications. If the function throws, Antom resends the notification.
 *
 * The receiver calls the function before `onVaulting`. Never skip a notification because its result is stored: a process can end before `onVaulting`
 * resolves.
 *
 * @param vaultingRequestId the ID of the vaulting
 * @param result a short text that identifies the result; contains neither the card token nor other card data
 * @example
 * ```ts
 * const results = new Map<string, string>();
 * const rememberResult: RememberResult = (vaultingRequestId, result) => {
 *   const earlier = results.get(vaultingRequestId);
 *   if (earlier === undefined) results.set(vaultingRequestId, result);
 *   return earlier;
 * };
 * ```
 */
export type RememberResult = (
  vaultingRequestId: string,
  result: string,
) => string | null | undefined | Promise<string | null | undefined>;

/**
 * A function that handles a notification request and returns the response to send. The promise never rejects.
 *
 * @example
 * ```ts
 * export const POST: NotificationReceiver = createNotificationReceiver(options); // a Next.js route handler
 * ```
 */
export interface NotificationReceiver {
  (request: Request): Promise<Response>;
  /**
   * Imports the keys now instead of at the first notification.
   *
   * @throws {AntomVaultError} `KEY_INVALID` if a key is invalid.
   * @example
   * ```ts
   * const receive = createNotificationReceiver(options);
   * await receive.ready(); // fails at startup instead of at the first notification
   * ```
   */
  readonly ready: () => Promise<void>;
}

/**
 * Creates a receiver for notifyVaulting notifications.
 *
 * Checks, in this order: the method, the media type, whether the body is unread, its size (at most 64 KiB), the headers, the signature over the raw
 * bytes, the time, the JSON, and the API contract. Then calls `onVaulting`, or `onConflict` if the result contradicts an earlier result, and returns
 * Antom's documented acknowledgement after the callback resolves. If a check or a callback fails, returns a response with a 4xx or 5xx status, after
 * which Antom resends the notification.
 *
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if an option is missing, invalid, or unknown. If a key is invalid, `ready()` rejects with
 * `KEY_INVALID`, and `onRejected` receives this error for every notification.
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
  const settings = readVerificationOptions("createNotificationReceiver", options, RECEIVER_OPTIONS);
  const { clientId, now } = settings;
  const {
    onVaulting,
    path,
    onRejected = logRejection,
    onConflict = () => {},
    rememberResult = createResultMemory(),
  } = options;
  requireFunctions({ onVaulting, onRejected, onConflict, rememberResult });
  if (path !== undefined && !(typeof path === "string" && path.startsWith("/")))
    throw invalidOption("path must start with /: use the path of vaultingNotificationUrl without the scheme and host.");
  const runOnce = createDeduplicator();
  // A failing onRejected must not change the response.
  const report = (error: AntomVaultError) => void (async () => onRejected(error))().catch(() => {});

  async function handle(request: Request): Promise<void> {
    const body = await readRawBody(request);
    const { pathname, search } = new URL(request.url);
    const event = await verifyMessage({ body, headers: request.headers, path: path ?? pathname + search }, settings);
    const { vaultingRequestId } = event;
    const result = await describeResult(event);
    const earlier = await runCallback("rememberResult", () => rememberResult(vaultingRequestId, result));
    if ((earlier ?? result) === result) {
      await runCallback("onVaulting", () => runOnce(`${result} ${vaultingRequestId}`, async () => onVaulting(event)));
      return;
    }
    report(new AntomVaultError("NOTIFICATION_CONFLICT", CONFLICT));
    await runCallback("onConflict", () => onConflict(event));
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

const RECEIVER_OPTIONS: Readonly<Record<Exclude<keyof NotificationReceiverOptions, keyof VerificationOptions>, true>> =
  {
    onVaulting: true,
    onRejected: true,
    onConflict: true,
    rememberResult: true,
    path: true,
  };

const CONFLICT =
  "A signed notification contradicts an earlier one for the same vaultingRequestId, so onVaulting was not called. Call inquireVaulting to find out " +
  "which result is correct; onConflict receives the event.";

const logRejection = ({ code, message }: AntomVaultError) =>
  console.warn(`antom-vault: ${code}: ${message}`.replaceAll(/\s+/g, " "));

/** Runs a callback from the options. If the callback fails, throws `NOTIFICATION_HANDLER_FAILED`, so that the notification is not acknowledged. */
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

/** The documented acknowledgement, after which Antom stops resending the notification. */
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
