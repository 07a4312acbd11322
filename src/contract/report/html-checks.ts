/** The sections of the HTML report that list checks and coverage by operation. @module */
import { type Markup, markup, nothing } from "../../html/html-template.ts";
import { groupBy } from "../../protocol/group-by.ts";
import { type CheckResult, type CheckStatus, COVERAGE_LABELS } from "../model/report.ts";
import {
  clipFirstLine,
  filterByStatus,
  getCheckAnchor,
  getShownGroups,
  groupByOperation,
  type Page,
  toAnchor,
} from "./html-page.ts";

/** Creates a table of the number of checks by operation and status, with links to the checks. */
export function createOverviewSection({ report: { checks } }: Page): Markup {
  const rows = [...groupByOperation(checks)].map(([operation, operationChecks]) => {
    const createCell = (status: CheckStatus, name: string) => {
      const { length } = filterByStatus(operationChecks, status);
      return markup`<td class="number${length > 0 ? ` ${name}` : " quiet"}">${length}</td>`;
    };
    return markup`<tr><th scope="row">${createStatusMark(operationChecks)} <a href="#checks-${toAnchor(operation)}">${operation}</a></th>${createCell("passed", "good")}${createCell("failed", "bad")}${createCell("skipped", "quiet")}</tr>\n`;
  });
  if (rows.length === 0) return nothing;
  return markup`<section aria-labelledby="overview">
<h2 id="overview">By operation</h2>
<table class="overview">
<caption class="unseen">Checks by operation and status</caption>
<thead><tr><th scope="col">Operation</th><th scope="col" class="number">Passed</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Skipped</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>
`;
}

/** Creates the mark before an operation. Screen readers skip it, because the numbers in the row contain the same information. */
function createStatusMark(checks: readonly CheckResult[]): Markup {
  const [name, sign] = checks.some(({ status }) => status === "failed")
    ? ["bad", "✗"]
    : checks.some(({ status }) => status === "passed")
      ? ["good", "✓"]
      : ["quiet", "–"];
  return markup`<span class="${name}" aria-hidden="true">${sign}</span>`;
}

const COVERAGE_KINDS = ["constraints", "messages", "codes"] as const;

/** Creates a table of the coverage by operation, and a list of the items that were not covered. */
export function createCoverageSection({ report: { coverage = [] } }: Page): Markup {
  if (coverage.length === 0) return nothing;
  const rows = [...groupBy(coverage, ({ subject }) => subject)].map(([subject, subjectRows]) => {
    const cells = COVERAGE_KINDS.map((kind) => {
      const cell = subjectRows.find(({ kind: rowKind }) => rowKind === kind);
      if (!cell) return markup`<td class="number quiet">–</td>`;
      return markup`<td class="number ${cell.covered === cell.total ? "good" : "quiet"}">${cell.covered} of ${cell.total}</td>`;
    });
    return markup`<tr><th scope="row">${subject}</th>${cells}</tr>\n`;
  });
  const missing = coverage
    .filter((row) => row.missing.length > 0)
    .map(({ subject, kind, missing: names }) => {
      const text = `${subject}, ${COVERAGE_LABELS[kind]}: ${names.join(", ")}`;
      return markup`<li><b>${names.length}</b><div><p>${text}</p></div></li>\n`;
    });
  return markup`<section aria-labelledby="coverage">
<h2 id="coverage">Coverage</h2>
<table class="overview">
<caption class="unseen">Coverage by operation</caption>
<thead><tr><th scope="col">Operation</th>${COVERAGE_KINDS.map((kind) => markup`<th scope="col" class="number">${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
${missing.length > 0 ? markup`<p class="quiet">Not covered:</p>\n<ul class="counted">\n${missing}</ul>\n` : nothing}</section>
`;
}

export function createSkippedSection({ report }: Page): Markup {
  const reasons = [...groupBy(filterByStatus(report.checks, "skipped"), ({ message }) => message)];
  if (reasons.length === 0) return nothing;
  const items = reasons
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, checks]) => {
      const operations = [...groupByOperation(checks)]
        .map(([operation, { length }]) => `${operation}: ${length}`)
        .join(", ");
      return markup`<li><b>${checks.length}</b><div><p>${clipFirstLine(reason, MAX_REASON_LENGTH)}</p><p class="quiet">${operations}</p></div></li>\n`;
    });
  return markup`<section aria-labelledby="skipped">
<h2 id="skipped">Skipped checks</h2>
<ul class="counted">
${items}</ul>
</section>
`;
}

/** Creates a table of the checks of each operation, expanded if a check failed. */
export function createChecksSection(page: Page): Markup {
  const { checks } = page.report;
  if (checks.length === 0) return nothing;
  const kindNumbers = new Map(
    getShownGroups(page).flatMap((kind, index) => kind.checks.map((check) => [check, index + 1] as const)),
  );
  const tables = [...groupByOperation(checks)].map(([operation, operationChecks]) => {
    const failed = filterByStatus(operationChecks, "failed").length;
    const ran = failed + filterByStatus(operationChecks, "passed").length;
    const counts = [
      ran > 0 ? `${ran - failed} of ${ran} passed` : "",
      failed > 0 ? `${failed} failed` : "",
      ran < operationChecks.length ? `${operationChecks.length - ran} skipped` : "",
    ];
    return markup`<details class="operation" id="checks-${toAnchor(operation)}"${failed > 0 ? markup` open` : nothing}>
<summary><h3>${operation}</h3><span class="${failed > 0 ? "bad" : "quiet"}">${counts.filter(Boolean).join(", ")}</span></summary>
<table>
<caption class="unseen">Checks of ${operation}</caption>
<thead><tr><th scope="col">Status</th><th scope="col">Check</th><th scope="col">ID</th></tr></thead>
<tbody>
${operationChecks.map((check) => createRow(check, kindNumbers.get(check)))}</tbody>
</table>
</details>
`;
  });
  return markup`<section aria-labelledby="checks">
<h2 id="checks">All checks</h2>
<div id="filter" role="search" aria-label="Checks" hidden>
<label>Search titles, reasons, and IDs <input id="filter-text" type="search" autocomplete="off" spellcheck="false"></label>
<label>Status <select id="filter-status"><option value="">All</option><option value="failed">Failed</option><option value="passed">Passed</option><option value="skipped">Skipped</option></select></label>
<output id="filter-shown" for="filter-text filter-status"></output>
</div>
${tables}</section>
`;
}

const STATUS_LABELS: Readonly<Record<CheckStatus, string>> = {
  passed: "✓ passed",
  failed: "✗ failed",
  skipped: "– skipped",
};

function createRow(check: CheckResult, kind: number | undefined): Markup {
  const { id, title, status, message } = check;
  const reason = clipFirstLine(message, MAX_REASON_LENGTH);
  const text = kind === undefined ? markup`${reason}` : markup`<a href="#kind-${kind}">${reason}</a>`;
  const note = reason === "" ? nothing : markup`<p>${text}</p>`;
  return markup`<tr id="${getCheckAnchor(check)}" class="${status}"><td>${STATUS_LABELS[status]}</td><td>${title}${note}</td><th scope="row">${addBreaks(id)}</th></tr>\n`;
}

/** The maximum length of a reason in a row, in characters. The Failures section shows more of the message. */
const MAX_REASON_LENGTH = 120;

/** Allows line breaks after the dots of an ID. */
const addBreaks = (id: string): Markup => markup`${id.split(/(?<=\.)/).map((part) => markup`${part}<wbr>`)}`;
