/** Formats reports as Markdown for the job summary of GitHub Actions. @module */
import { toPrintable } from "../../cards/mask-card-data.ts";
import { type Markup, markup, nothing, truncate } from "../../html/html-template.ts";
import type { ContractReport } from "../model/report.ts";
import { type FailureGroup, groupFailures } from "./group-failures.ts";

const MAX_KINDS = 20;
const MAX_TEXT_LENGTH = 300;

/** Formats the totals and the most frequent kinds of failure. Text from the target is inside HTML elements, where Markdown has no effect. */
export function formatJobSummary({ target, checks, totals: { passed, failed, skipped } }: ContractReport): string {
  const groups = groupFailures(checks);
  const hidden = groups.length - MAX_KINDS;
  const list = markup`
<ul>
${groups.slice(0, MAX_KINDS).map(formatGroup)}${hidden > 0 ? markup`<li>${hidden} more ${hidden === 1 ? "kind" : "kinds"} of failure</li>\n` : nothing}</ul>
`;
  return markup`<h3>Vault API contract tests of <code>${toText(target)}</code></h3>

| passed | failed | skipped |
|--:|--:|--:|
| ${passed} | ${failed} | ${skipped} |
${groups.length > 0 ? list : nothing}
`.markup;
}

const formatGroup = ({ summary, checks: [first, ...others] }: FailureGroup): Markup =>
  markup`<li>${toText(summary)} (<code>${first?.id ?? ""}</code>${others.length > 0 ? ` and ${others.length} more` : ""})</li>\n`;

const toText = (text: string): string => truncate(toPrintable(text), MAX_TEXT_LENGTH);
