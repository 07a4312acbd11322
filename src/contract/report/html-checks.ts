/** The checks of an HTML report, and what they covered, by operation. @module */

import { type Markup, markup, nothing } from "../../html/html-template.ts";
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

/** What held and failed, by operation; the way to each one's checks. */
export function overviewSection({ report: { checks } }: Page): Markup {
  const rows = [...groupByOperation(checks)].map(([operation, own]) => {
    const number = (status: CheckStatus, name: string) => {
      const { length } = filterByStatus(own, status);
      return markup`<td class="number${length > 0 ? ` ${name}` : " quiet"}">${length}</td>`;
    };
    return markup`<tr><th scope="row">${createStatusMark(own)} <a href="#checks-${toAnchor(operation)}">${operation}</a></th>${number("passed", "held")}${number("failed", "broken")}${number("skipped", "quiet")}</tr>\n`;
  });
  if (rows.length === 0) return nothing;
  return markup`<section aria-labelledby="overview">
<h2 id="overview">By operation</h2>
<table class="overview">
<caption class="unseen">Checks by operation and outcome</caption>
<thead><tr><th scope="col">Operation</th><th scope="col" class="number">Held</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Not asked</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>
`;
}

/** The numbers beside it say the same. */
function createStatusMark(checks: readonly CheckResult[]): Markup {
  const [name, sign] = checks.some(({ status }) => status === "failed")
    ? ["broken", "✗"]
    : checks.some(({ status }) => status === "passed")
      ? ["held", "✓"]
      : ["quiet", "–"];
  return markup`<span class="${name}" aria-hidden="true">${sign}</span>`;
}

const COVERAGE_KINDS = ["constraints", "messages", "codes"] as const;

/** What was met of what there is, by operation; what was not met by name. */
export function coverageSection({ report: { coverage = [] } }: Page): Markup {
  if (coverage.length === 0) return nothing;
  const rows = [...Map.groupBy(coverage, ({ subject }) => subject)].map(([subject, own]) => {
    const cells = COVERAGE_KINDS.map((kind) => {
      const cell = own.find(({ kind: of }) => of === kind);
      if (!cell) return markup`<td class="number quiet">–</td>`;
      return markup`<td class="number ${cell.covered === cell.total ? "held" : "quiet"}">${cell.covered} of ${cell.total}</td>`;
    });
    return markup`<tr><th scope="row">${subject}</th>${cells}</tr>\n`;
  });
  const missing = coverage
    .filter((row) => row.missing.length > 0)
    .map(({ subject, kind, missing: names }) => {
      const what = `${subject}, ${COVERAGE_LABELS[kind]}: ${names.join(", ")}`;
      return markup`<li><b>${names.length}</b><div><p>${what}</p></div></li>\n`;
    });
  return markup`<section aria-labelledby="covered">
<h2 id="covered">What was covered</h2>
<table class="overview">
<caption class="unseen">What was met of what there is, by operation</caption>
<thead><tr><th scope="col">Operation</th>${COVERAGE_KINDS.map((kind) => markup`<th scope="col" class="number">${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
${missing.length > 0 ? markup`<p class="quiet">Not met:</p>\n<ul class="counted">\n${missing}</ul>\n` : nothing}</section>
`;
}

/** What could not be asked, by reason. */
export function skippedSection({ report }: Page): Markup {
  const reasons = [...Map.groupBy(filterByStatus(report.checks, "skipped"), ({ message }) => message)];
  if (reasons.length === 0) return nothing;
  const items = reasons
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, checks]) => {
      const where = [...groupByOperation(checks)]
        .map(([operation, { length }]) => `${length} of ${operation}`)
        .join(", ");
      return markup`<li><b>${checks.length}</b><div><p>${clipFirstLine(reason, MAX_REASON_LENGTH)}</p><p class="quiet">${where}</p></div></li>\n`;
    });
  return markup`<section aria-labelledby="not-asked">
<h2 id="not-asked">Not asked, and why</h2>
<ul class="counted">
${items}</ul>
</section>
`;
}

/** A table for each operation; those are open in which something failed. */
export function checksSection(page: Page): Markup {
  const { checks } = page.report;
  if (checks.length === 0) return nothing;
  const kindOf = new Map(
    getShownGroups(page).flatMap((kind, at) => kind.checks.map((check) => [check, at + 1] as const)),
  );
  const tables = [...groupByOperation(checks)].map(([operation, own]) => {
    const failed = filterByStatus(own, "failed").length;
    const asked = failed + filterByStatus(own, "passed").length;
    const told = [
      asked > 0 ? `${asked - failed} of ${asked} held` : "",
      failed > 0 ? `${failed} failed` : "",
      asked < own.length ? `${own.length - asked} not asked` : "",
    ];
    return markup`<details class="operation" id="checks-${toAnchor(operation)}"${failed > 0 ? markup` open` : nothing}>
<summary><h3>${operation}</h3><span class="${failed > 0 ? "broken" : "quiet"}">${told.filter(Boolean).join(", ")}</span></summary>
<table>
<caption class="unseen">Checks of ${operation}</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">What is checked, and the reason</th><th scope="col">ID</th></tr></thead>
<tbody>
${own.map((check) => createRow(check, kindOf.get(check)))}</tbody>
</table>
</details>
`;
  });
  return markup`<section aria-labelledby="checks">
<h2 id="checks">All checks</h2>
<div id="filter" role="search" aria-label="Checks" hidden>
<label>Words of a title, a reason or an ID <input id="filter-text" type="search" autocomplete="off" spellcheck="false"></label>
<label>Outcome <select id="filter-outcome"><option value="">All</option><option value="failed">Failed</option><option value="passed">Held</option><option value="skipped">Not asked</option></select></label>
<output id="filter-shown" for="filter-text filter-outcome"></output>
</div>
${tables}</section>
`;
}

const STATUS_LABELS: Readonly<Record<CheckStatus, string>> = {
  passed: "✓ held",
  failed: "✗ failed",
  skipped: "– not asked",
};

function createRow(check: CheckResult, kind: number | undefined): Markup {
  const { id, title, status, message } = check;
  const reason = clipFirstLine(message, MAX_REASON_LENGTH);
  const told = kind === undefined ? markup`${reason}` : markup`<a href="#kind-${kind}">${reason}</a>`;
  const why = reason === "" ? nothing : markup`<p>${told}</p>`;
  return markup`<tr id="${getCheckAnchor(check)}" class="${status}"><td>${STATUS_LABELS[status]}</td><td>${title}${why}</td><th scope="row">${addBreaks(id)}</th></tr>\n`;
}

/** Characters of a reason in a row; that of a failure stands in full with its kind. */
const MAX_REASON_LENGTH = 120;

/** An ID that may be broken after its dots. */
const addBreaks = (id: string): Markup => markup`${id.split(/(?<=\.)/).map((part) => markup`${part}<wbr>`)}`;
