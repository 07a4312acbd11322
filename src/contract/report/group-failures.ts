/** The failures of a run, those of one kind together: a server with one fault fails many checks. */
import type { CheckResult } from "../model/report.ts";

export interface FailureGroup {
  /** The sentence that they share. */
  readonly what: string;
  /** Those checks, the first of which is shown in full. */
  readonly checks: readonly CheckResult[];
}

/** Most frequent first. */
export function groupFailures(checks: readonly CheckResult[]): readonly FailureGroup[] {
  const groups = Map.groupBy(
    checks.filter(({ status }) => status === "failed"),
    ({ message }) => getFirstLine(message),
  );
  return [...groups]
    .map(([what, failed]) => ({ what, checks: failed }))
    .sort((a, b) => b.checks.length - a.checks.length);
}

/** The first line; what follows tells of the one check. */
const getFirstLine = (detail: string): string => detail.split("\n")[0] ?? "";
