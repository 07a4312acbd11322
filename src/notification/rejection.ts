/** The errors for rejected notifications, and the responses to them. */
import type { components } from "../../generated/types.ts";
import { AntomVaultError, type AntomVaultErrorCode, type ErrorDetails } from "../protocol/errors.ts";

type RejectionCode = components["schemas"]["NotificationRejectionResult"]["resultCode"];

/** The results that responses contain, by status. The exact reason goes only to `onRejected`, because it can reveal the configuration. */
const RESULTS = {
  400: ["PARAM_ILLEGAL", "The notification is not valid."],
  401: ["INVALID_SIGNATURE", "The signature is not valid."],
  405: ["METHOD_NOT_SUPPORTED", "Notifications must use POST."],
  413: ["PARAM_ILLEGAL", "The notification is not valid."],
  415: ["MEDIA_TYPE_NOT_ACCEPTABLE", "The Content-Type of a notification must be application/json; charset=UTF-8."],
  500: ["PROCESS_FAIL", "The notification could not be handled."],
} as const satisfies Readonly<Record<number, readonly [RejectionCode, string]>>;

type RejectionStatus = keyof typeof RESULTS;

/** Creates the error for a rejected notification. `httpStatus` is the status of the response. */
export const createRejection = (
  httpStatus: RejectionStatus,
  message: string = RESULTS[httpStatus][1],
  code: AntomVaultErrorCode = "NOTIFICATION_REJECTED",
  details: Pick<ErrorDetails, "issues" | "cause"> = {},
): AntomVaultError => new AntomVaultError(code, message, { ...details, httpStatus });

/** Creates the error for a body whose raw bytes are not available, for example because a parser has consumed them. */
export const createParsedBodyError = (problem: string): AntomVaultError =>
  createRejection(
    500,
    `${problem}, so its signature cannot be verified. Keep the raw bytes: in Express, put express.raw({ type: "application/json" }) on this route before any express.json(); in NestJS, create the application with { rawBody: true }; in Fastify, add a content-type parser with { parseAs: "buffer" }; in Next.js, use a route handler and pass the unread Request; in AWS Lambda, use event.body.`,
    "BODY_ALREADY_PARSED",
  );

/** Returns an AntomVaultError unchanged, and converts any other thrown value, such as the error of an incomplete body, to an AntomVaultError. */
export const toRejection = (error: unknown): AntomVaultError =>
  error instanceof AntomVaultError
    ? error
    : createRejection(500, "The notification could not be read.", "NOTIFICATION_REJECTED", { cause: error });

/** Returns the status and result of the response to a rejected notification. */
export function readRejection(error: AntomVaultError) {
  const status =
    Object.keys(RESULTS)
      .map((key) => Number(key) as RejectionStatus)
      .find((key) => key === error.httpStatus) ?? 500;
  const [resultCode, message] = RESULTS[status];
  // The only exact reason that a response contains: it helps developers, and reveals no configuration.
  const resultMessage = error.code === "BODY_ALREADY_PARSED" ? error.message.slice(0, 256) : message;
  return { status, result: { resultCode, resultStatus: "F" as const, resultMessage } };
}
