/** What the sections of an HTML report are made of. @module */

import { truncate } from "../../html/html-template.ts";
import type { CheckResult, CheckStatus, ContractReport } from "../model/report.ts";
import { type FailureGroup, groupFailures } from "./group-failures.ts";

export interface HtmlOptions {
  /** The version of antom-vault. */
  readonly version: string;
  /** When the run began. */
  readonly date: Date;
  /** How long the run took. */
  readonly seconds: number;
  /** The command line that runs one check of this target again. Default: none is shown. */
  readonly commandForCheck?: (id: string) => string;
}

/** What the sections of a page are made of. */
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

/** A check's place in the page: its ID, so that a link to it stays right from run to run. IDs hold dots, the page's own anchors none. */
export function getCheckAnchor({ id }: CheckResult): string {
  const anchor = toAnchor(id);
  return anchor.includes(".") ? anchor : `check.${anchor}`;
}

/** A text as an anchor that needs no escaping anywhere. */
export const toAnchor = (text: string): string => text.replace(/[^\w.-]/g, "-");

export const filterByStatus = (checks: readonly CheckResult[], status: CheckStatus): readonly CheckResult[] =>
  checks.filter((check) => check.status === status);

export const groupByOperation = (checks: readonly CheckResult[]): ReadonlyMap<string, readonly CheckResult[]> =>
  Map.groupBy(checks, ({ operation }) => operation);

/** The kinds of failure that are shown one by one; of a target that fails in every way, the rows tell the others. */
export const getShownGroups = ({ groups }: Page): readonly FailureGroup[] => groups.slice(0, 20);

/** The sentence of a detail, or as many of its characters as there is room for. */
export const clipFirstLine = (detail: string, length: number): string => truncate(detail.split("\n")[0] ?? "", length);
