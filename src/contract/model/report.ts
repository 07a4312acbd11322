/** The result of a contract run. */
import type { OperationId } from "../../../generated/operations.ts";

/** Whose part of the contract a check looks at. */
export type CheckSubject = OperationId | "notifyVaulting" | "protocol";

export type CheckStatus = "passed" | "failed" | "skipped";

export interface CheckResult {
  readonly id: string;
  readonly operation: CheckSubject;
  readonly title: string;
  readonly status: CheckStatus;
  /** Why it failed or could not be asked; empty where it passed. */
  readonly message: string;
}

/** How much of something a run has met. */
export interface CoverageRow {
  readonly subject: CheckSubject;
  readonly kind: "constraints" | "messages" | "codes";
  readonly total: number;
  readonly covered: number;
  /** By name, what was not met. */
  readonly missing: readonly string[];
}

export interface ContractReport {
  readonly target: string;
  readonly checks: readonly CheckResult[];
  readonly totals: { readonly passed: number; readonly failed: number; readonly skipped: number };
  /** Where all checks were run. */
  readonly coverage?: readonly CoverageRow[];
}

export function countByStatus(checks: readonly CheckResult[]): ContractReport["totals"] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/** What is counted, in words. */
export const COVERAGE_LABELS = {
  constraints: "constraints of the request",
  messages: "kinds of message",
  codes: "result codes",
} as const;
