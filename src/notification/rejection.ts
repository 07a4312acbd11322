/** The reason for rejecting a notification, and the response to it. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError, type AntomVaultErrorCode, type ValidationIssue } from "../protocol/errors.ts";

type RejectionCode = components["schemas"]["NotificationRejectionResult"]["resultCode"];

/** The messages that responses contain. The exact reason goes only to `onRejected`, because it can reveal the configuration of the receiver. */
const RESPONSE_MESSAGES: Readonly<Record<RejectionCode, string>> = {
  INVALID_SIGNATURE: "The signature is not valid.",
  PARAM_ILLEGAL: "The notification is not valid.",
  METHOD_NOT_SUPPORTED: "Notifications must use POST.",
  MEDIA_TYPE_NOT_ACCEPTABLE: "The Content-Type of a notification must be application/json; charset=UTF-8.",
  PROCESS_FAIL: "The notification could not be handled.",
};

/** A rejected notification. The checks throw it, and the receiver catches it. */
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
    details: { readonly issues?: readonly ValidationIssue[]; readonly cause?: unknown } = {},
  ) {
    this.status = status;
    this.resultCode = resultCode;
    this.error = new AntomVaultError(code, message, details);
    // The only exact reason that a response contains: it helps developers without onRejected, and reveals no configuration.
    this.responseMessage = code === "BODY_ALREADY_PARSED" ? message.slice(0, 256) : RESPONSE_MESSAGES[resultCode];
  }
}

/** Creates the rejection of a notification whose signature is invalid. */
export const signatureRejection = (message: string): Rejection => new Rejection(401, "INVALID_SIGNATURE", message);

/** Creates the rejection of a request whose body was already read. */
export const parsedBodyRejection = (): Rejection =>
  new Rejection(
    500,
    "PROCESS_FAIL",
    'The body was read before the receiver was called, so its signature cannot be verified. Keep the raw bytes: in Express, put express.raw({ type: "application/json" }) on this route before any express.json(); in Fastify, use a content-type parser that does not read the body; in Next.js, use a route handler and pass the unread Request.',
    "BODY_ALREADY_PARSED",
  );

/** Converts an unexpected error, such as an invalid key or an incomplete body, to a rejection. */
export function toRejection(error: unknown): Rejection {
  const code = error instanceof AntomVaultError ? error.code : "NOTIFICATION_REJECTED";
  const message = error instanceof AntomVaultError ? error.message : "The notification could not be read.";
  return new Rejection(500, "PROCESS_FAIL", message, code, { cause: error });
}
