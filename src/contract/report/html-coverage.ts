/** How much a run has covered, in an HTML report. @module */

import { type Markup, markup, nothing } from "../../html/html-template.ts";
import { COVERED } from "../model/report.ts";
import type { Page } from "./html-page.ts";

const KINDS = ["constraints", "messages", "codes"] as const;

/** What was met of what there is, by operation; what was not met by name. */
export function covered({ report: { coverage = [] } }: Page): Markup {
  if (coverage.length === 0) return nothing;
  const rows = [...Map.groupBy(coverage, ({ subject }) => subject)].map(([subject, own]) => {
    const cells = KINDS.map((kind) => {
      const cell = own.find(({ of }) => of === kind);
      if (!cell) return markup`<td class="number quiet">–</td>`;
      return markup`<td class="number ${cell.met === cell.total ? "held" : "quiet"}">${cell.met} of ${cell.total}</td>`;
    });
    return markup`<tr><th scope="row">${subject}</th>${cells}</tr>\n`;
  });
  const missing = coverage
    .filter((row) => row.missing.length > 0)
    .map(({ subject, of, missing: names }) => {
      const what = `${subject}, ${COVERED[of]}: ${names.join(", ")}`;
      return markup`<li><b>${names.length}</b><div><p>${what}</p></div></li>\n`;
    });
  return markup`<section aria-labelledby="covered">
<h2 id="covered">What was covered</h2>
<table class="overview">
<caption class="unseen">What was met of what there is, by operation</caption>
<thead><tr><th scope="col">Operation</th>${KINDS.map((kind) => markup`<th scope="col" class="number">${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
${missing.length > 0 ? markup`<p class="quiet">Not met:</p>\n<ul class="counted">\n${missing}</ul>\n` : nothing}</section>
`;
}
