/** Why a notification is not taken, and what is answered then. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError, type AntomVaultErrorCode, type Issue } from "../protocol/errors.ts";

type RejectionCode = components["schemas"]["NotificationRejectionResult"]["resultCode"];

/** What whoever sent the notification is told. The reason itself, with advice on the receiver's configuration, goes to `onRejected`. */
const RESPONSE_MESSAGES: Readonly<Record<RejectionCode, string>> = {
  INVALID_SIGNATURE: "The signature is not valid.",
  PARAM_ILLEGAL: "The notification is not one that the API describes.",
  METHOD_NOT_SUPPORTED: "A notification is a POST.",
  MEDIA_TYPE_NOT_ACCEPTABLE: "A notification's Content-Type is application/json; charset=UTF-8.",
  PROCESS_FAIL: "The notification could not be handled.",
};

/** Thrown where a check ends; never leaves the receiver. */
export class Rejection {
  readonly status: number;
  readonly resultCode: RejectionCode;
  readonly error: AntomVaultError;
  readonly responseMessage: string;
  constructor(
    status: number,
    resultCode: RejectionCode,
    message: string = RESPONSE_MESSAGES[resultCode],
    code: AntomVaultErrorCode = "NOTIFICATION_REJECTED",
    details: { readonly issues?: readonly Issue[]; readonly cause?: unknown } = {},
  ) {
    this.status = status;
    this.resultCode = resultCode;
    this.error = new AntomVaultError(code, message, details);
    // A developer who has no onRejected yet would never learn it; it tells nothing of the configuration.
    this.responseMessage = code === "BODY_ALREADY_PARSED" ? message.slice(0, 256) : RESPONSE_MESSAGES[resultCode];
  }
}

export const signatureRejection = (message: string): Rejection => new Rejection(401, "INVALID_SIGNATURE", message);

/** A framework has read the body before. */
export const parsedBodyRejection = (): Rejection =>
  new Rejection(
    500,
    "PROCESS_FAIL",
    'The body was read before the receiver got it, so its signature cannot be checked. Keep the raw bytes: in Express put express.raw({ type: "application/json" }) on this route, before any express.json(); in Fastify use a content-type parser with parseAs: "buffer"; in Next.js use a route handler and pass the Request on unread.',
    "BODY_ALREADY_PARSED",
  );

/** What was thrown and is no refusal: a key that cannot be used, a body that broke off. */
export function toRejection(error: unknown): Rejection {
  const code = error instanceof AntomVaultError ? error.code : "NOTIFICATION_REJECTED";
  const message = error instanceof AntomVaultError ? error.message : "The notification could not be read.";
  return new Rejection(500, "PROCESS_FAIL", message, code, { cause: error });
}
