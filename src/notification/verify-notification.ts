/** From a request to a verified event, one check after the other. What does not pass is thrown as a {@link Rejection}. */
import type { components } from "../../generated/types.ts";
import { validateVaultingNotification } from "../../generated/validators.js";
import { describeIssues } from "../protocol/errors.ts";
import { isJsonMediaType, parseMessageTime, readBody } from "../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../protocol/json.ts";
import { findSignatureError, type Keyring } from "../signature/index.ts";
import { parsedBodyRejection, Rejection, signatureRejection } from "./rejection.ts";

type Schemas = components["schemas"];

interface EventBase<Name extends string, Body> {
  readonly outcome: Name;
  /** The merchant's ID of the vaulting. */
  readonly vaultingRequestId: string;
  /** What was sent as metadata with vaultPaymentMethod. */
  readonly metadata?: string;
  /** The whole notification as it came, verified. */
  readonly notification: Body;
}

/** The card is vaulted. */
export interface VaultedEvent extends EventBase<"vaulted", Schemas["VaultingNotificationVaulted"]> {
  readonly cardToken: string;
  readonly paymentMethodDetail: Schemas["VaultedPaymentMethodDetail"];
}

/** The vaulting failed. */
export interface VaultingFailedEvent extends EventBase<"failed", Schemas["VaultingNotificationFailed"]> {
  /** A code of the document's tables, or one that the gateway has added since. */
  readonly code: string;
  readonly message: string;
}

export type VaultingEvent = VaultedEvent | VaultingFailedEvent;

export interface VerificationOptions {
  readonly clientId: string;
  readonly keyring: Keyring;
  /** The path that is signed, where it is not the request's own. */
  readonly path: string | undefined;
  readonly timeToleranceMs: number | false;
  readonly now: () => number;
}

/** Reads a request. Nothing of the body is parsed before its signature is verified over the raw bytes. */
export async function verifyNotification(request: Request, expected: VerificationOptions): Promise<VaultingEvent> {
  const bytes = await readRawBody(request);
  await verifySignature(request, bytes, expected);
  const reading = parseJson(bytes);
  if (!reading.ok) throw new Rejection(400, "PARAM_ILLEGAL", `The body ${reading.message}.`);
  return readEvent(reading.value);
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
  "Usual causes: a body that was parsed and written again, another path than that of vaultingNotificationUrl (set the option path), " +
  "a key of another environment.";

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
    throw signatureRejection("The Client-Id header is missing or names another client.");
  const { pathname, search } = new URL(request.url);
  const message = { path: expected.path ?? pathname + search, clientId, time, body };
  const fault = await findSignatureError(keyring, message, headers.get("signature"));
  if (fault !== undefined) throw signatureRejection(`${fault} ${COMMON_CAUSES}`);
  const sent = parseMessageTime(time);
  if (sent === undefined) {
    const rule = "Request-Time must be 13 digits of milliseconds, or ISO 8601 with an offset.";
    throw new Rejection(400, "PARAM_ILLEGAL", rule);
  }
  if (timeToleranceMs !== false && Math.abs(sent - now()) > timeToleranceMs) {
    throw signatureRejection(
      "Request-Time is too far from this machine's time: an old notification sent again, or a wrong clock. timeToleranceMs sets the limit.",
    );
  }
}

function readEvent(value: unknown): VaultingEvent {
  const checked = validateVaultingNotification(value);
  if (!checked.valid) {
    throw new Rejection(
      400,
      "PARAM_ILLEGAL",
      `The notification is signed, but breaks the document: ${describeIssues(checked.issues)}.`,
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
