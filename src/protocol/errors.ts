/**
 * Every error that this package throws, in one place, each with a stable `code`.
 *
 * A business failure (the gateway answered F or U) is not an error: it is an outcome.
 * What is thrown here is what is no answer: bad configuration, a request that breaks the
 * document, transport, time, a signature that does not verify, an answer that breaks the contract.
 *
 * No message, property or cause of these errors carries card data, a key or a signature.
 *
 * @module
 */

import type { Issue } from "../../generated/validators.js";

export type { Issue };

/** What an answer said that could not be verified. For diagnosis only: anybody can have written it. */
export interface UnverifiedResult {
  readonly resultCode: string;
  /** At most 256 characters, with every digit masked: an expiry date has no more than two in a row. */
  readonly resultMessage: string;
}

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
  | "NOTIFICATION_HANDLER_FAILED";

type ErrorDetails = Pick<AntomVaultError, "issues" | "httpStatus" | "unverified" | "cause">;

/**
 * The one class that is thrown. `code` tells which kind, and stays the same between releases.
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
  readonly code: AntomVaultErrorCode;
  // Declared and not defined: a field that does not apply is absent, and is not printed as undefined.
  /** For `REQUEST_INVALID` and `RESPONSE_INVALID`: each place that breaks the document. */
  declare readonly issues?: readonly Issue[];
  /** For `UNEXPECTED_HTTP_STATUS`: the status that came. */
  declare readonly httpStatus?: number;
  /** For `SIGNATURE_MISSING` and `SIGNATURE_INVALID`: what the answer said, unproven. */
  declare readonly unverified?: UnverifiedResult;

  constructor(code: AntomVaultErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: describeCause(details.cause) });
    this.code = code;
    if (details.issues) this.issues = details.issues;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.unverified) this.unverified = details.unverified;
  }
}

/**
 * What may be told of a foreign error: its name and its code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`).
 * Its message is left out, since a JSON parser or an injected `fetch` may quote the body in it.
 */
export function describeCause(cause: unknown): { readonly name: string; readonly code?: string } {
  const seen = new Set<unknown>();
  let name = "Error";
  for (let at = cause; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    name = toIdentifier(at.name) ?? name;
    const code = "code" in at && typeof at.code === "string" ? toIdentifier(at.code) : undefined;
    if (code) return { name, code };
  }
  return { name };
}

const toIdentifier = (text: string) => (/^(?!.*\d{3})[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text) ? text : undefined);

/** Text that came from outside, fit for an error: no digit of any script survives. */
export const maskDigits = (text: string): string => text.replace(/\p{Nd}(?:[ -]?\p{Nd})*/gu, "***").slice(0, 256);

/** Issues as one line: `/env/terminalType required: is required; …`. */
export const describeIssues = (issues: readonly Issue[]): string =>
  issues.map((issue) => `${issue.pointer || "the body"} ${issue.message}`).join("; ");

/** Parts that are loaded only when they are asked for, by who needs them. All of a set are named: one more is never missing next. */
const OPTIONAL_DEPENDENCIES = {
  mock: "@stoplight/prism-http@5.16.0 @hono/node-server@2 hono@4",
  sandbox: "@hono/node-server@2 hono@4",
  "--database": "pg@8",
  "API reference": "swagger-ui-dist@5",
} as const;

/** Imports a part. @throws AntomVaultError `DEPENDENCY_MISSING` */
export async function loadDependency<Part>(
  of: keyof typeof OPTIONAL_DEPENDENCIES,
  load: () => Promise<Part>,
): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    throw missingDependency(of, error);
  }
}

/** A part is not there. */
export const missingDependency = (of: keyof typeof OPTIONAL_DEPENDENCIES, cause: unknown): AntomVaultError =>
  new AntomVaultError(
    "DEPENDENCY_MISSING",
    `${of === "--database" ? of : `The ${of}`} needs parts that are not installed. Run: npm install --save-dev ${OPTIONAL_DEPENDENCIES[of]}`,
    { cause },
  );
