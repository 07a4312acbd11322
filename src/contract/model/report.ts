/** The result of a contract run. */
import type { OperationId } from "../../../generated/operations.ts";

/** Whose part of the contract a check looks at. */
export type Subject = OperationId | "notifyVaulting" | "protocol";

export type CheckStatus = "passed" | "failed" | "not-applicable";

export interface CheckResult {
  readonly id: string;
  readonly operation: Subject;
  readonly title: string;
  readonly status: CheckStatus;
  /** Why it failed or could not be asked; empty where it passed. */
  readonly detail: string;
}

/** How much of something a run has met. */
export interface CoverageRow {
  readonly subject: Subject;
  readonly of: "constraints" | "messages" | "codes";
  readonly total: number;
  readonly met: number;
  /** By name, what was not met. */
  readonly missing: readonly string[];
}

export interface ContractReport {
  readonly target: string;
  readonly checks: readonly CheckResult[];
  readonly totals: { readonly passed: number; readonly failed: number; readonly notApplicable: number };
  /** Where all checks were run. */
  readonly coverage?: readonly CoverageRow[];
}

export function totalsOf(checks: readonly CheckResult[]): ContractReport["totals"] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return { passed: count("passed"), failed: count("failed"), notApplicable: count("not-applicable") };
}

/** What is counted, in words. */
export const COVERED = {
  constraints: "constraints of the request",
  messages: "kinds of message",
  codes: "result codes",
} as const;
