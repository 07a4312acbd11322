import type { components } from "../../generated/types.ts";
import { validateVaultingNotification } from "../../generated/validators.js";
import { omitCardData } from "../cards/mask-card-data.ts";
import { describeIssues } from "../protocol/errors.ts";
import { isJsonMediaType, parseMessageTime, readBody } from "../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../protocol/json.ts";
import { findSignatureError, type Keyring } from "../signature/index.ts";
import { parsedBodyRejection, Rejection, signatureRejection } from "./rejection.ts";

type Schemas = components["schemas"];

interface EventBase<Name extends string, Body> {
  /** The name of the outcome, which distinguishes the types. */
  readonly outcome: Name;
  /** The ID that you passed to vaultPaymentMethod or createVaultingSession. */
  readonly vaultingRequestId: string;
  /** The metadata that you passed to vaultPaymentMethod. */
  readonly metadata?: string;
  /** The verified notification, without the expiry date, name, and address of the card, which you must not log. */
  readonly notification: Body;
}

/** The card is vaulted. This result is final. */
export interface VaultedEvent extends EventBase<"vaulted", Schemas["VaultingNotificationVaulted"]> {
  /** The token to use for payments. Treat it as a secret. */
  readonly cardToken: string;
  /** The card: its token and, if Antom returns them, its brand, masked number, last 4 digits, and issuer, but no expiry date, name, or address. */
  readonly paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"];
}

/** The vaulting failed. This result is final. */
export interface VaultingFailedEvent extends EventBase<"failed", Schemas["VaultingNotificationFailed"]> {
  /** A documented result code, or one that Antom has added since. */
  readonly code: string;
  /** Antom's human-readable message. */
  readonly message: string;
}

/**
 * The final result of a vaulting. Distinguish the types by `outcome`.
 *
 * @example
 * ```ts
 * if (event.outcome === "vaulted") await storeToken(event.vaultingRequestId, event.cardToken);
 * else await storeFailure(event.vaultingRequestId, event.code);
 * ```
 */
export type VaultingEvent = VaultedEvent | VaultingFailedEvent;

/** The values that a notification is verified against. */
export interface VerificationOptions {
  readonly clientId: string;
  readonly keyring: Keyring;
  /** The signed path, if it differs from the path of the request. */
  readonly path: string | undefined;
  readonly timeToleranceMs: number | false;
  readonly now: () => number;
}

/**
 * Verifies the signature over the raw bytes before parsing the body, and returns the event.
 *
 * @throws {Rejection} if the request is not a valid notification.
 */
export async function verifyNotification(request: Request, expected: VerificationOptions): Promise<VaultingEvent> {
  const bytes = await readRawBody(request);
  await verifySignature(request, bytes, expected);
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw new Rejection(400, "PARAM_ILLEGAL", `The body ${parsed.message}.`);
  return readEvent(parsed.value);
}

async function readRawBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (request.method !== "POST") throw new Rejection(405, "METHOD_NOT_SUPPORTED");
  if (!isJsonMediaType(request.headers.get("content-type"))) throw new Rejection(415, "MEDIA_TYPE_NOT_ACCEPTABLE");
  if (request.bodyUsed || request.body?.locked) throw parsedBodyRejection();
  const bytes = await readBody(request.body, BODY_LIMIT);
  if (!bytes) throw new Rejection(413, "PARAM_ILLEGAL", `The notification is larger than ${BODY_LIMIT} bytes.`);
  return bytes;
}

const COMMON_CAUSES =
  "Common causes: the body was parsed and reserialized, the path differs from that of vaultingNotificationUrl (set the path option), " +
  "or the key belongs to a different environment.";

async function verifySignature(
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  expected: VerificationOptions,
): Promise<void> {
  const { clientId, keyring, timeToleranceMs, now } = expected;
  const { headers } = request;
  const time = headers.get("request-time");
  if (time === null) throw signatureRejection("The Request-Time header, which the signature covers, is missing.");
  if (headers.get("client-id") !== clientId)
    throw signatureRejection("The Client-Id header is missing or names a different client.");
  const { pathname, search } = new URL(request.url);
  const message = { path: expected.path ?? pathname + search, clientId, time, body };
  const error = await findSignatureError(keyring, message, headers.get("signature"));
  if (error !== undefined) throw signatureRejection(`${error} ${COMMON_CAUSES}`);
  const sentAt = parseMessageTime(time);
  if (sentAt === undefined) {
    const rule = "Request-Time must be Unix milliseconds (13 digits) or ISO 8601 with an offset.";
    throw new Rejection(400, "PARAM_ILLEGAL", rule);
  }
  if (timeToleranceMs !== false && Math.abs(sentAt - now()) > timeToleranceMs) {
    throw signatureRejection(
      "Request-Time differs too much from the local clock: the notification is old, or a clock is incorrect. To change the limit, set timeToleranceMs.",
    );
  }
}

function readEvent(value: unknown): VaultingEvent {
  const checked = validateVaultingNotification(omitCardData(value));
  if (!checked.valid) {
    throw new Rejection(
      400,
      "PARAM_ILLEGAL",
      `The notification is signed but violates the API contract: ${describeIssues(checked.issues)}.`,
      "NOTIFICATION_REJECTED",
      { issues: checked.issues },
    );
  }
  const { vaultingRequestId, metadata } = checked.value;
  const common = { vaultingRequestId, ...(metadata === undefined ? {} : { metadata }) };
  if (checked.branch === "VaultingNotificationVaulted") {
    const { paymentMethodDetail } = checked.value;
    return {
      outcome: "vaulted",
      ...common,
      cardToken: paymentMethodDetail.card.cardToken,
      paymentMethodDetail,
      notification: checked.value,
    };
  }
  const { resultCode, resultMessage } = checked.value.result;
  return { outcome: "failed", ...common, code: resultCode, message: resultMessage, notification: checked.value };
}
