import type { components } from "../../generated/types.ts";
import { validateVaultingNotification } from "../../generated/validators.js";
import { omitCardData } from "../cards/mask-card-data.ts";
import { describeIssues } from "../protocol/errors.ts";
import { parseMessageTime, parseRequestTarget } from "../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../protocol/json.ts";
import { findSignatureError } from "../signature/index.ts";
import {
  invalidOption,
  readVerificationOptions,
  type VerificationOptions,
  type VerificationSettings,
} from "./options.ts";
import { createParsedBodyError, createRejection } from "./rejection.ts";

type Schemas = components["schemas"];

interface EventBase<Name extends string, Body> {
  /** The name of the outcome. Check it to narrow the type. */
  readonly outcome: Name;
  /** The ID that you passed to vaultPaymentMethod or createVaultingSession. */
  readonly vaultingRequestId: string;
  /** The metadata that you passed to vaultPaymentMethod. */
  readonly metadata?: string;
  /** The verified notification, without the expiry date, name, and address of the card. Do not log it, because it can contain the card token. */
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
  /** A documented result code, or a code that Antom added later. */
  readonly code: string;
  /** Antom's human-readable message. */
  readonly message: string;
}

/**
 * The final result of a vaulting. Check `outcome` to narrow the type.
 *
 * @example
 * ```ts
 * if (event.outcome === "vaulted") await storeToken(event.vaultingRequestId, event.cardToken);
 * else await storeFailure(event.vaultingRequestId, event.code);
 * ```
 */
export type VaultingEvent = VaultedEvent | VaultingFailedEvent;

/**
 * The headers of a notification: `Headers`, an object with names in any case, such as `event.headers` of AWS Lambda, or Node's `rawHeaders`.
 *
 * @example
 * ```ts
 * const headers: NotificationHeaders = { "Client-Id": clientId, "request-time": ["2026-11-23T20:00:00+08:00"] };
 * ```
 */
export type NotificationHeaders =
  | Headers
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | readonly string[];

/** A notification as it was received. */
export interface ReceivedMessage {
  /** The raw bytes of the body, or their text. Decode a base64 body first. */
  readonly body: Uint8Array | string;
  /** See {@link NotificationHeaders}. */
  readonly headers: NotificationHeaders;
  /** The path and query of `vaultingNotificationUrl`, or the complete URL. The signature covers the path and query. */
  readonly path: string;
}

/** The argument of {@link verifyNotification}: the notification, and the options for verifying it. */
export interface NotificationToVerify extends ReceivedMessage, VerificationOptions {}

/**
 * Verifies a notification that did not arrive as a `Request`, for example in AWS Lambda or from a queue, and returns the event.
 *
 * Verifies the signature over the raw bytes before parsing the body. Does not detect duplicates: handle the event idempotently. Respond with
 * status 200 and the acknowledgement after you have stored the result.
 *
 * @throws {AntomVaultError} `NOTIFICATION_REJECTED` if the notification is invalid. `httpStatus` is the status to respond with.
 * @throws {AntomVaultError} `BODY_ALREADY_PARSED` if the body is neither bytes nor text.
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` or `KEY_INVALID` if an option or a key is invalid.
 * @see https://docs.antom.com/ac/ams/notify_vaulting
 * @example
 * ```ts
 * export async function receiveMessage(body: string, headers: Record<string, string>) {
 *   const event = await verifyNotification({ body, headers, path: "/antom/notifications", clientId, antomPublicKey });
 *   if (event.outcome === "vaulted") await storeToken(event.vaultingRequestId, event.cardToken);
 * }
 * ```
 */
export async function verifyNotification(notification: NotificationToVerify): Promise<VaultingEvent> {
  const settings = readVerificationOptions("verifyNotification", notification, {
    body: true,
    headers: true,
    path: true,
  });
  const { body, headers } = notification;
  const path = typeof notification.path === "string" ? parseRequestTarget(notification.path) : undefined;
  if (path === undefined)
    throw invalidOption("path must be the path and query of vaultingNotificationUrl, or the complete URL.");
  if (typeof headers !== "object" || headers === null)
    throw invalidOption("headers must be Headers, an object of headers, or Node's rawHeaders.");
  return verifyMessage({ body, headers, path }, settings);
}

/** Verifies a notification as {@link verifyNotification} does, but with options that are already validated. */
export async function verifyMessage(
  { body, headers, path }: ReceivedMessage,
  settings: VerificationSettings,
): Promise<VaultingEvent> {
  const bytes = toBytes(body);
  if (bytes.byteLength > BODY_LIMIT) throw createTooLargeError();
  await verifySignature({ bytes, headers, path }, settings);
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw createRejection(400, `The body ${parsed.message}.`);
  return readEvent(parsed.value);
}

/** Creates the error for a body over the limit. */
export const createTooLargeError = () => createRejection(413, `The notification is larger than ${BODY_LIMIT} bytes.`);

/** Copies the bytes, so that a later change has no effect. `isView` also recognizes bytes from a different realm, as in Jest. */
function toBytes(body: unknown): Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (!ArrayBuffer.isView(body))
    throw createParsedBodyError("The body must be the raw bytes (Uint8Array) or their text, but is neither");
  return Uint8Array.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
}

/** Returns a header, or `null` if it is missing. Joins several values with commas, so that a header that was sent twice is invalid. */
function getHeader(headers: NotificationHeaders, name: string): string | null {
  if ("get" in headers && typeof headers.get === "function") return headers.get(name);
  const values = isRawHeaders(headers)
    ? headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name)
    : Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));
  return values.length > 0 ? values.join(", ") : null;
}

const isRawHeaders = (headers: NotificationHeaders): headers is readonly string[] => Array.isArray(headers);

const COMMON_CAUSES =
  "Common causes: the body was parsed and reserialized, the path differs from that of vaultingNotificationUrl (set the path option), " +
  "or the key belongs to a different environment.";

async function verifySignature(
  { bytes, headers, path }: Omit<ReceivedMessage, "body"> & { readonly bytes: Uint8Array<ArrayBuffer> },
  { clientId, loadKeyring, timeToleranceMs, now }: VerificationSettings,
): Promise<void> {
  const time = getHeader(headers, "request-time");
  if (time === null) throw createRejection(401, "The Request-Time header, which the signature covers, is missing.");
  if (getHeader(headers, "client-id") !== clientId)
    throw createRejection(401, "The Client-Id header is missing or names a different client.");
  const message = { path, clientId, time, body: bytes };
  const error = await findSignatureError(await loadKeyring(), message, getHeader(headers, "signature"));
  // JSON never starts with an e, but base64 of a JSON object does.
  const cause = bytes[0] === 0x65 ? "The body looks like base64: decode it first." : COMMON_CAUSES;
  if (error !== undefined) throw createRejection(401, `${error} ${cause}`);
  const sentAt = parseMessageTime(time);
  if (sentAt === undefined)
    throw createRejection(400, "Request-Time must be Unix milliseconds (13 digits) or ISO 8601 with an offset.");
  if (timeToleranceMs !== false && Math.abs(sentAt - now()) > timeToleranceMs) {
    throw createRejection(
      401,
      "Request-Time differs too much from the local clock: the notification is old, or a clock is incorrect. To change the limit, set timeToleranceMs.",
    );
  }
}

function readEvent(value: unknown): VaultingEvent {
  const checked = validateVaultingNotification(omitCardData(value));
  if (!checked.valid) {
    throw createRejection(
      400,
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
