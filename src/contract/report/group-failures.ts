/** Groups the failures of a run by kind, because 1 error in a server can make many checks fail. */

import { groupBy } from "../../protocol/group-by.ts";
import type { CheckResult } from "../model/report.ts";

export interface FailureGroup {
  /** The first line of each failure message in the group. */
  readonly summary: string;
  /** The failed checks. Reports show the first one in full. */
  readonly checks: readonly CheckResult[];
}

/** Groups failures by the first line of their messages, the largest group first. */
export function groupFailures(checks: readonly CheckResult[]): readonly FailureGroup[] {
  const groups = groupBy(
    checks.filter(({ status }) => status === "failed"),
    ({ message }) => getFirstLine(message),
  );
  return [...groups]
    .map(([summary, failed]) => ({ summary, checks: failed }))
    .sort((a, b) => b.checks.length - a.checks.length);
}

const getFirstLine = (message: string): string => message.split("\n")[0] ?? "";
