/**
 * The errors that this package throws, each with a stable `code`.
 *
 * A business failure (result status F or U) is an outcome, not an error.
 * No message, property, or cause of these errors contains card data, keys, or signatures.
 *
 * @module
 */

import type { ValidationIssue } from "../../generated/validators.js";

export type { ValidationIssue };

/** The result in a response that could not be verified. Use it only for diagnosis, because anyone could have sent it. */
export interface UnverifiedResult {
  /** The unverified result code. */
  readonly resultCode: string;
  /** The unverified message: at most 256 characters, with every digit masked, because even an expiry date is card data. */
  readonly resultMessage: string;
}

/**
 * The stable codes of {@link AntomVaultError}.
 *
 * Nothing was sent:
 * - `CONFIGURATION_INVALID`: an option or argument is missing or invalid.
 * - `KEY_INVALID`: a key cannot be read, is weak or damaged, or belongs to the other side.
 * - `TLS_REQUIRED`: the URL uses http for an address that is not loopback, certificate checks are disabled, or a proxy could read the request.
 * - `REQUEST_INVALID`: the request violates the API contract, or repeats the card number in another field.
 * - `DEPENDENCY_MISSING`: an optional package is not installed, or the SQLite version in Node.js is too old for the sandbox.
 *
 * The gateway may have processed the request, so call inquireVaulting, or retry with the same ID:
 * - `TIMEOUT`, `CONNECTION_FAILED`, `ABORTED`: no response arrived in time, the connection failed, or your signal aborted the call.
 * - `REDIRECT_NOT_ALLOWED`, `UNEXPECTED_HTTP_STATUS`, `RESPONSE_TOO_LARGE`: the response is a redirect, has a status other than 200, or is larger
 *   than 64 KiB.
 * - `SIGNATURE_MISSING`: the response is not signed. The gateway can send unsigned errors. `unverified` contains the result code, for diagnosis.
 * - `SIGNATURE_INVALID`, `RESPONSE_TIME_OUT_OF_RANGE`: the response cannot be verified.
 * - `RESPONSE_NOT_JSON`, `RESPONSE_INVALID`: the response is signed, but violates the API contract.
 *
 * The receiver did not acknowledge a notification:
 * - `NOTIFICATION_REJECTED`: the notification is invalid, or its signature does not match.
 * - `BODY_ALREADY_PARSED`: a body parser consumed the raw body.
 * - `NOTIFICATION_HANDLER_FAILED`: `onVaulting`, `onConflict`, or `rememberResult` threw an error.
 *
 * The receiver acknowledged a notification, but did not call `onVaulting`:
 * - `NOTIFICATION_CONFLICT`: the result contradicts an earlier result for the same ID, although both notifications are signed.
 */
export type AntomVaultErrorCode =
  | "CONFIGURATION_INVALID"
  | "KEY_INVALID"
  | "DEPENDENCY_MISSING"
  | "REQUEST_INVALID"
  | "TLS_REQUIRED"
  | "CONNECTION_FAILED"
  | "TIMEOUT"
  | "ABORTED"
  | "REDIRECT_NOT_ALLOWED"
  | "UNEXPECTED_HTTP_STATUS"
  | "RESPONSE_TOO_LARGE"
  | "SIGNATURE_MISSING"
  | "SIGNATURE_INVALID"
  | "RESPONSE_TIME_OUT_OF_RANGE"
  | "RESPONSE_NOT_JSON"
  | "RESPONSE_INVALID"
  | "BODY_ALREADY_PARSED"
  | "NOTIFICATION_REJECTED"
  | "NOTIFICATION_HANDLER_FAILED"
  | "NOTIFICATION_CONFLICT";

/** The optional fields of an {@link AntomVaultError}. */
export type ErrorDetails = Pick<AntomVaultError, "issues" | "httpStatus" | "unverified" | "cause">;

/**
 * The only error class that this package throws. Handle errors by `code`, which is stable across releases; messages can change.
 *
 * @example
 * ```ts
 * try {
 *   await vault.vaultPaymentMethod(request);
 * } catch (error) {
 *   if (error instanceof AntomVaultError && error.code === "REQUEST_INVALID") console.error(error.issues);
 *   else throw error;
 * }
 * ```
 */
export class AntomVaultError extends Error {
  override readonly name = "AntomVaultError";
  /** The stable code of the error. */
  readonly code: AntomVaultErrorCode;
  // `declare` creates no property, so an error prints only the fields that it has.
  /** For `REQUEST_INVALID`, `RESPONSE_INVALID`, and `NOTIFICATION_REJECTED`: every violation of the API contract. */
  declare readonly issues?: readonly ValidationIssue[];
  /** For `UNEXPECTED_HTTP_STATUS`: the status of the response. For a rejected notification: the status to respond with. */
  declare readonly httpStatus?: number;
  /** For `SIGNATURE_MISSING` and `SIGNATURE_INVALID`: the unverified result in the response. */
  declare readonly unverified?: UnverifiedResult;

  // Compares names, because `import` and `require` load separate copies of this class.
  static override [Symbol.hasInstance](value: unknown): value is AntomVaultError {
    return value instanceof Error && value.name === "AntomVaultError";
  }

  /** Creates an error. Keeps only the name and code of `details.cause`, because the message of the cause could contain card data. */
  constructor(code: AntomVaultErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: describeCause(details.cause) });
    this.code = code;
    if (details.issues) this.issues = details.issues;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.unverified) this.unverified = details.unverified;
  }
}

/**
 * Reduces a third-party error to the name and code, such as `ECONNREFUSED`, of the first error in its chain of causes that has a code. If no error
 * has a code, returns only the name of the last error. Drops the message, because a JSON parser or a custom `fetch` can quote the body in it.
 */
export function describeCause(cause: unknown): { readonly name: string; readonly code?: string } {
  const seen = new Set<unknown>();
  let name = "Error";
  for (let link = cause; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link);
    name = toIdentifier(link.name) ?? name;
    const code = "code" in link && typeof link.code === "string" ? toIdentifier(link.code) : undefined;
    if (code) return { name, code };
  }
  return { name };
}

const toIdentifier = (text: string) => (/^(?!.*\d{3})[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text) ? text : undefined);

/** Masks the digits of every script and truncates text to 256 characters, so that third-party text can be part of an error. */
export const maskDigits = (text: string): string => text.replace(/\p{Nd}(?:[ -]?\p{Nd})*/gu, "***").slice(0, 256);

/** Formats issues on one line, for example `/env/terminalType is required; /redirectUrl is required`. */
export const describeIssues = (issues: readonly ValidationIssue[]): string =>
  issues.map((issue) => `${issue.pointer || "the body"} ${issue.message}`).join("; ");

/** Optional dependencies by feature. Each entry lists all packages of the feature, so that one `npm install` is sufficient. */
const OPTIONAL_DEPENDENCIES = {
  mock: "@stoplight/prism-http@5.16.0 @hono/node-server@2 hono@4",
  sandbox: "@hono/node-server@2 hono@4",
  "--database": "pg@8",
  "--tls": "node-forge@1",
  "API reference": "swagger-ui-dist@5",
  "check of random sequences": "fast-check@4",
} as const;

export type OptionalFeature = keyof typeof OPTIONAL_DEPENDENCIES;

/** Returns the optional packages of features, with their versions. */
export const listPackages = (...features: readonly OptionalFeature[]): readonly string[] => [
  ...new Set(features.flatMap((feature) => OPTIONAL_DEPENDENCIES[feature].split(" "))),
];

/**
 * Imports an optional dependency.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if the import fails.
 */
export async function loadDependency<Module>(feature: OptionalFeature, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw missingDependency(feature, error);
  }
}

/** Creates the error for a feature whose optional dependencies are not installed. */
export const missingDependency = (feature: OptionalFeature, cause: unknown): AntomVaultError =>
  new AntomVaultError(
    "DEPENDENCY_MISSING",
    `${feature.startsWith("--") ? feature : `The ${feature}`} requires packages that are not installed. Run:\n  npm install --save-dev ${OPTIONAL_DEPENDENCIES[feature]}`,
    { cause },
  );
