/** Types and functions that the sections of the HTML report share. @module */
import { truncate } from "../../html/html-template.ts";
import { groupBy } from "../../protocol/group-by.ts";
import type { CheckResult, CheckStatus, ContractReport } from "../model/report.ts";
import { type FailureGroup, groupFailures } from "./group-failures.ts";

export interface HtmlOptions {
  /** The version of antom-vault. */
  readonly version: string;
  /** When the run started. */
  readonly date: Date;
  /** The duration of the run in seconds. */
  readonly seconds: number;
  /** Returns the command that runs a check against this target. Default: no command is shown. */
  readonly commandForCheck?: (id: string) => string;
}

/** The input of each section. */
export interface Page {
  readonly report: ContractReport;
  readonly options: HtmlOptions;
  readonly groups: readonly FailureGroup[];
}

export const createPage = (report: ContractReport, options: HtmlOptions): Page => ({
  report,
  options,
  groups: groupFailures(report.checks),
});

/** Returns the anchor of a check: its ID, so that links stay valid across runs. Only anchors of checks contain a dot, so they differ from all other anchors. */
export function getCheckAnchor({ id }: CheckResult): string {
  const anchor = toAnchor(id);
  return anchor.includes(".") ? anchor : `check.${anchor}`;
}

/** Converts text to an anchor that does not need escaping. */
export const toAnchor = (text: string): string => text.replace(/[^\w.-]/g, "-");

export const filterByStatus = (checks: readonly CheckResult[], status: CheckStatus): readonly CheckResult[] =>
  checks.filter((check) => check.status === status);

export const groupByOperation = (checks: readonly CheckResult[]): ReadonlyMap<string, readonly CheckResult[]> =>
  groupBy(checks, ({ operation }) => operation);

/** Returns the kinds of failure that the Failures section shows. The tables of checks list all failures. */
export const getShownGroups = ({ groups }: Page): readonly FailureGroup[] => groups.slice(0, 20);

/** Returns the first line of a message, truncated to `length` characters. */
export const clipFirstLine = (message: string, length: number): string =>
  truncate(message.split("\n")[0] ?? "", length);
