/** The report of a contract run. */
import type { OperationId } from "../../../generated/operations.ts";

/** The part of the API contract that a check tests: an operation, the notification, or the protocol that all operations share. */
export type CheckSubject = OperationId | "notifyVaulting" | "protocol";

/** The result of a check. A check is skipped if it does not apply to the target. */
export type CheckStatus = "passed" | "failed" | "skipped";

/** A check with its result. */
export interface CheckResult {
  /** The ID of the check, which is stable across releases. */
  readonly id: string;
  /** The part of the API contract that the check tests. */
  readonly operation: CheckSubject;
  /** A human-readable description of the rule that the check tests. */
  readonly title: string;
  /** The result of the check. */
  readonly status: CheckStatus;
  /** Why the check failed or was skipped; empty if it passed. */
  readonly message: string;
}

/** The share of constraints, messages, or result codes that a run covered. */
export interface CoverageRow {
  /** The part of the API contract that the row counts. */
  readonly subject: CheckSubject;
  /** What the row counts: constraints of requests, message types, or result codes. */
  readonly kind: "constraints" | "messages" | "codes";
  /** The number of items in the OpenAPI document. */
  readonly total: number;
  /** The number of items that the run covered. */
  readonly covered: number;
  /** The names of the items that were not covered. */
  readonly missing: readonly string[];
}

/** The report of a run, which `antom-vault contract --json` prints. */
export interface ContractReport {
  /** The name of the target, or of the recording. For a URL, `antom-vault contract` uses the origin. */
  readonly target: string;
  /** All checks of the run, including skipped ones. */
  readonly checks: readonly CheckResult[];
  /** The number of checks by status. */
  readonly totals: { readonly passed: number; readonly failed: number; readonly skipped: number };
  /**
   * The number of unsigned errors: responses with result status F or U, and neither signature nor response-time. Does not count
   * responses to requests with invalid signatures, which Antom never signs.
   */
  readonly unsignedErrors: number;
  /** The coverage of the OpenAPI document. Absent unless all checks were run. */
  readonly coverage?: readonly CoverageRow[];
}

export function countByStatus(checks: readonly CheckResult[]): ContractReport["totals"] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/** Describes the unsigned errors of a run, or returns an empty string if there were none. */
export function formatUnsignedErrors({ unsignedErrors }: ContractReport): string {
  if (unsignedErrors === 0) return "";
  const [subject, object] =
    unsignedErrors === 1 ? ["error was", "its result is"] : ["errors were", "their results are"];
  return `${unsignedErrors} ${subject} unsigned (F or U without signature and response-time), so ${object} not verified.`;
}

/** The plural noun for each kind of coverage. */
export const COVERAGE_LABELS = {
  constraints: "request constraints",
  messages: "message types",
  codes: "result codes",
} as const;
