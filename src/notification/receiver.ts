/** The merchant is called: verify, read, hand over, acknowledge. Web platform only. */
import type { components } from "../../generated/types.ts";
import { validateVaultingNotification } from "../../generated/validators.js";
import { AntomVaultError, type AntomVaultErrorCode, describeIssues, type Issue } from "../errors.ts";
import { isJsonMediaType, JSON_MEDIA_TYPE, messageTime, parseMessageTime, readBody } from "../http.ts";
import { BODY_LIMIT, parseJson } from "../json.ts";
import { importKeyring, type Keyring, type KeyInput, verifyHeader } from "../signature/index.ts";
import { createOnceOnly } from "./once-only.ts";

type Schemas = components["schemas"];

interface EventOf<Name extends string, Body> {
  readonly outcome: Name;
  /** The merchant's ID of the vaulting. */
  readonly vaultingRequestId: string;
  /** What was sent as metadata with vaultPaymentMethod. */
  readonly metadata?: string;
  /** The whole notification as it came, verified. */
  readonly notification: Body;
}

/** The card is vaulted. */
export interface VaultedEvent extends EventOf<"vaulted", Schemas["VaultingNotificationVaulted"]> {
  readonly cardToken: string;
  readonly paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"];
}

/** The vaulting failed. */
export interface VaultingFailedEvent extends EventOf<"failed", Schemas["VaultingNotificationFailed"]> {
  /** A code of the document's tables, or one that the gateway has added since. */
  readonly code: string;
  readonly message: string;
}

export type VaultingEvent = VaultedEvent | VaultingFailedEvent;

export interface NotificationReceiverOptions {
  /** The merchant's client ID. */
  readonly clientId: string;
  /** Antom's public key from the dashboard; or several by key version, while one is being replaced. */
  readonly antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>;
  /**
   * Called with each final result. Record it, then return: the acknowledgement goes out only when this has succeeded. What it throws
   * makes the gateway send again. The same result is handed over once while this process remembers it (the last 10,000), but can
   * come again after a restart: be idempotent by vaultingRequestId.
   */
  readonly onVaulting: (event: VaultingEvent) => void | Promise<void>;
  /** Called with the reason when a notification is not taken. Default: nothing. */
  readonly onRefused?: (error: AntomVaultError) => void;
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

const TIME_TOLERANCE_MS = 48 * 60 * 60 * 1000;

type RefusalCode = Schemas["NotificationRefusalResult"]["resultCode"];

/** Why a notification is not taken, and what is answered then. */
class Refusal {
  readonly status: number;
  readonly resultCode: RefusalCode;
  readonly error: AntomVaultError;
  constructor(status: number, resultCode: RefusalCode, message: string, code: AntomVaultErrorCode = "NOTIFICATION_REFUSED", details: { issues?: readonly Issue[]; cause?: unknown } = {}) {
    this.status = status;
    this.resultCode = resultCode;
    this.error = new AntomVaultError(code, message, details);
  }
}

/**
 * Makes the receiver of notifyVaulting.
 *
 * Checked in this order: method, media type, size (64 KiB), whether the body is still raw, headers, the signature over the raw bytes, time, JSON, the
 * document. Only then is `onVaulting` called, and only when it has succeeded is the documented acknowledgement answered. Everything
 * else is answered with a status of 4xx or 5xx, on which the gateway sends again.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` at once; `KEY_INVALID` goes to `onRefused` with the first notification
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
  const { clientId, onVaulting, onRefused, path, timeToleranceMs = TIME_TOLERANCE_MS, now = Date.now } = options;
  if (typeof clientId !== "string" || !/^[\x21-\x7E]{1,128}$/.test(clientId)) {
    throw new AntomVaultError("CONFIGURATION_INVALID", "clientId must be 1 to 128 printable ASCII characters without blanks.");
  }
  if (path !== undefined && !path.startsWith("/")) {
    throw new AntomVaultError("CONFIGURATION_INVALID", "path must begin with /: it is the path of vaultingNotificationUrl, without scheme and host.");
  }
  const keys = importKeyring(options.antomPublicKey, "antomPublicKey");
  keys.catch(() => {});
  const onceOnly = createOnceOnly();

  async function take(request: Request): Promise<void> {
    const event = await verifiedEvent(request, await keys);
    // A final result is told once, however often and in parallel it comes.
    await onceOnly(`${event.outcome} ${event.vaultingRequestId}`, async () => onVaulting(event)).catch((error: unknown) => {
      throw new Refusal(500, "PROCESS_FAIL", "The handler failed; the gateway will send the notification again.", "NOTIFICATION_HANDLER_FAILED", { cause: error });
    });
  }

  async function verifiedEvent(request: Request, keyring: Keyring): Promise<VaultingEvent> {
    const { headers } = request;
    if (request.method !== "POST") throw new Refusal(405, "METHOD_NOT_SUPPORTED", "A notification is a POST.");
    if (!isJsonMediaType(headers.get("content-type"))) {
      throw new Refusal(415, "MEDIA_TYPE_NOT_ACCEPTABLE", "A notification's Content-Type is application/json; charset=UTF-8.");
    }
    if (request.bodyUsed) throw alreadyParsed();
    const bytes = await readBody(request.body, BODY_LIMIT);
    if (!bytes) throw new Refusal(413, "PARAM_ILLEGAL", `The notification is larger than ${BODY_LIMIT} bytes.`);
    const time = headers.get("request-time");
    if (headers.get("client-id") !== clientId || time === null) {
      const what = time === null ? "The Request-Time header, which the signature covers, is missing." : "The Client-Id header is missing or names another client.";
      throw new Refusal(401, "INVALID_SIGNATURE", what);
    }
    const url = new URL(request.url);
    const message = { path: path ?? url.pathname + url.search, clientId, time, body: bytes };
    const fault = await verifyHeader(keyring, message, headers.get("signature"));
    if (fault !== undefined) {
      throw new Refusal(401, "INVALID_SIGNATURE", `${fault} Usual causes: a body that was parsed and written again, another path than that of vaultingNotificationUrl (set the option path), a key of another environment.`);
    }
    const sent = parseMessageTime(time);
    if (sent === undefined) throw new Refusal(400, "PARAM_ILLEGAL", "Request-Time must be 13 digits of milliseconds, or ISO 8601 with an offset.");
    if (timeToleranceMs !== false && Math.abs(sent - now()) > timeToleranceMs) {
      throw new Refusal(401, "INVALID_SIGNATURE", "Request-Time is too far from this machine's time: an old notification sent again, or a wrong clock. timeToleranceMs sets the limit.");
    }
    const reading = parseJson(bytes);
    if (!reading.ok) throw new Refusal(400, "PARAM_ILLEGAL", `The body ${reading.message}.`);
    return eventOf(reading.value);
  }

  return async (request) => {
    try {
      await take(request);
      return respond(200, ACKNOWLEDGEMENT, clientId, now());
    } catch (error) {
      const refusal = error instanceof Refusal ? error : unexpected(error);
      try {
        onRefused?.(refusal.error);
      } catch {
        // A reporter that fails must not change the answer.
      }
      const { status, resultCode } = refusal;
      const result = { resultCode, resultStatus: "F", resultMessage: refusal.error.message.slice(0, 256) } as const;
      return respond(status, { result }, clientId, now());
    }
  };
}

/** The fixed body that stops the resending. */
const ACKNOWLEDGEMENT: Schemas["VaultingAcknowledgement"] = {
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
};

/** A framework has read the body before. */
const alreadyParsed = (): Refusal =>
  new Refusal(
    500,
    "PROCESS_FAIL",
    "The body was read before the receiver got it, so its signature cannot be checked. Keep the raw bytes: in Express put express.raw({ type: \"application/json\" }) on this route, before any express.json(); in Fastify use a content-type parser with parseAs: \"buffer\"; in Next.js use a route handler and pass the Request on unread.",
    "BODY_ALREADY_PARSED",
  );

function unexpected(error: unknown): Refusal {
  const code = error instanceof AntomVaultError ? error.code : "NOTIFICATION_REFUSED";
  const message = error instanceof AntomVaultError ? error.message : "The notification could not be read.";
  return new Refusal(500, "PROCESS_FAIL", message, code, { cause: error });
}

function eventOf(value: unknown): VaultingEvent {
  const checked = validateVaultingNotification(value);
  if (!checked.valid) {
    throw new Refusal(400, "PARAM_ILLEGAL", `The notification is signed, but breaks the document: ${describeIssues(checked.issues)}.`, "NOTIFICATION_REFUSED", { issues: checked.issues });
  }
  const { vaultingRequestId, metadata } = checked.value;
  const common = { vaultingRequestId, ...(metadata === undefined ? {} : { metadata }) };
  if (checked.branch === "VaultingNotificationVaulted") {
    const { paymentMethodDetail } = checked.value;
    return { outcome: "vaulted", ...common, cardToken: paymentMethodDetail.card.cardToken, paymentMethodDetail, notification: checked.value };
  }
  const { resultCode, resultMessage } = checked.value.result;
  return { outcome: "failed", ...common, code: resultCode, message: resultMessage, notification: checked.value };
}

function respond(status: number, body: Schemas["VaultingAcknowledgement"] | Schemas["NotificationRefusal"], clientId: string, now: number): Response {
  const headers = { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "response-time": messageTime(now) };
  return new Response(JSON.stringify(body), { status, headers });
}
