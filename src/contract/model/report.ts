/** The report of a contract run. */
import type { OperationId } from "../../../generated/operations.ts";

/** The part of the API contract that a check tests. */
export type CheckSubject = OperationId | "notifyVaulting" | "protocol";

export type CheckStatus = "passed" | "failed" | "skipped";

export interface CheckResult {
  readonly id: string;
  readonly operation: CheckSubject;
  readonly title: string;
  readonly status: CheckStatus;
  /** Why the check failed or was skipped; empty if it passed. */
  readonly message: string;
}

/** The share of constraints, messages, or result codes that a run covered. */
export interface CoverageRow {
  readonly subject: CheckSubject;
  readonly kind: "constraints" | "messages" | "codes";
  readonly total: number;
  readonly covered: number;
  /** The names of the items that were not covered. */
  readonly missing: readonly string[];
}

export interface ContractReport {
  readonly target: string;
  readonly checks: readonly CheckResult[];
  readonly totals: { readonly passed: number; readonly failed: number; readonly skipped: number };
  /** Present if all checks were run. */
  readonly coverage?: readonly CoverageRow[];
}

export function countByStatus(checks: readonly CheckResult[]): ContractReport["totals"] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/** The plural noun for each kind of coverage. */
export const COVERAGE_LABELS = {
  constraints: "request constraints",
  messages: "message types",
  codes: "result codes",
} as const;
