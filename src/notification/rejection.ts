/** Why a notification is not taken, and what is answered then. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError, type AntomVaultErrorCode, type Issue } from "../protocol/errors.ts";

type RefusalCode = components["schemas"]["NotificationRefusalResult"]["resultCode"];

/** What whoever sent the notification is told. The reason itself, with advice on the receiver's configuration, goes to `onRefused`. */
const TOLD: Readonly<Record<RefusalCode, string>> = {
  INVALID_SIGNATURE: "The signature is not valid.",
  PARAM_ILLEGAL: "The notification is not one that the API describes.",
  METHOD_NOT_SUPPORTED: "A notification is a POST.",
  MEDIA_TYPE_NOT_ACCEPTABLE: "A notification's Content-Type is application/json; charset=UTF-8.",
  PROCESS_FAIL: "The notification could not be handled.",
};

/** Thrown where a check ends; never leaves the receiver. */
export class Refusal {
  readonly status: number;
  readonly resultCode: RefusalCode;
  readonly error: AntomVaultError;
  readonly told: string;
  constructor(
    status: number,
    resultCode: RefusalCode,
    message: string = TOLD[resultCode],
    code: AntomVaultErrorCode = "NOTIFICATION_REFUSED",
    details: { readonly issues?: readonly Issue[]; readonly cause?: unknown } = {},
  ) {
    this.status = status;
    this.resultCode = resultCode;
    this.error = new AntomVaultError(code, message, details);
    // A developer who has no onRefused yet would never learn it; it tells nothing of the configuration.
    this.told = code === "BODY_ALREADY_PARSED" ? message.slice(0, 256) : TOLD[resultCode];
  }
}

export const untrusted = (message: string): Refusal => new Refusal(401, "INVALID_SIGNATURE", message);

/** A framework has read the body before. */
export const alreadyParsed = (): Refusal =>
  new Refusal(
    500,
    "PROCESS_FAIL",
    'The body was read before the receiver got it, so its signature cannot be checked. Keep the raw bytes: in Express put express.raw({ type: "application/json" }) on this route, before any express.json(); in Fastify use a content-type parser with parseAs: "buffer"; in Next.js use a route handler and pass the Request on unread.',
    "BODY_ALREADY_PARSED",
  );

/** What was thrown and is no refusal: a key that cannot be used, a body that broke off. */
export function unexpected(error: unknown): Refusal {
  const code = error instanceof AntomVaultError ? error.code : "NOTIFICATION_REFUSED";
  const message = error instanceof AntomVaultError ? error.message : "The notification could not be read.";
  return new Refusal(500, "PROCESS_FAIL", message, code, { cause: error });
}
