/** The failures of an HTML report, kind by kind. @module */

import { formatJson } from "../../html/format-json.ts";
import { type Markup, markup, nothing, truncate } from "../../html/html-template.ts";
import type { CheckResult } from "../model/report.ts";
import type { FailureGroup } from "./group-failures.ts";
import { clipFirstLine, getCheckAnchor, getShownGroups, type Page } from "./html-page.ts";
import { parseFailure } from "./parse-failure.ts";

/** Each kind with its first check in full, and links to the others. */
export function failureSection(page: Page): Markup {
  const { groups } = page;
  if (groups.length === 0) return nothing;
  const shown = getShownGroups(page);
  let room = MAX_EVIDENCE_LENGTH;
  const articles = shown.map((kind, at) => {
    const evidence = createEvidence(kind.checks[0]?.message ?? "");
    const fits = evidence.markup.length <= room;
    if (fits) room -= evidence.markup.length;
    return createArticle(page, kind, at + 1, fits ? evidence : OMITTED);
  });
  const rest = groups.length - shown.length;
  const others =
    rest === 0 ? nothing : markup`<p class="quiet">And ${rest} kinds more, told with their checks below.</p>\n`;
  return markup`<section aria-labelledby="failures">
<h2 id="failures">What failed</h2>
${createContents(shown)}${others}${articles}</section>
`;
}

/** The kinds in a list, where there are some. */
function createContents(kinds: readonly FailureGroup[]): Markup {
  if (kinds.length < 2) return nothing;
  const items = kinds.map(
    ({ what, checks }, at) =>
      markup`<li><b>${checks.length}</b><a href="#kind-${at + 1}">${clipFirstLine(what, MAX_LINE_LENGTH)}</a></li>\n`,
  );
  return markup`<p class="quiet">Checks that failed for each reason</p>\n<ol class="counted">\n${items}</ol>\n`;
}

/** Characters for all that was sent and came: the page is to be attached and mailed. */
const MAX_EVIDENCE_LENGTH = 50_000;
/** Characters of one body in a page. */
const MAX_BODY_LENGTH = 4096;
const MAX_LINE_LENGTH = 400;

const OMITTED = markup`<p class="quiet">What was sent and what came would make this page too long. The terminal shows them, and so does --json.</p>\n`;

function createArticle(page: Page, { what, checks }: FailureGroup, number: number, evidence: Markup): Markup {
  const [first, ...others] = checks;
  if (!first) return nothing;
  const command = page.options.commandForCheck?.(first.id);
  const alone =
    command === undefined ? nothing : markup`<p class="label">This check alone</p>\n${createCommand(command)}`;
  return markup`<article class="kind" id="kind-${number}" aria-labelledby="kind-${number}-what">
<h3 id="kind-${number}-what"><span aria-hidden="true">✗</span> ${clipFirstLine(what, MAX_LINE_LENGTH)}</h3>
<p>${others.length > 0 ? `First of ${checks.length}: ` : ""}${first.title}</p>
<p class="id">${createLink(first)}</p>
${evidence}${alone}${createOtherChecks(others)}</article>
`;
}

/** What else is said, what was sent, what came, where the document says what is right, and how to ask again. */
function createEvidence(detail: string): Markup {
  const { notes, request, response, curl, document } = parseFailure(detail);
  const status = response === undefined || response.status === "" ? "" : `, HTTP status ${response.status}`;
  const parts = [
    createPart("Sent", "sent", request),
    createPart(`Came${status}`, "came", response?.body),
    document === undefined
      ? nothing
      : markup`<div><dt>In the document</dt><dd><code>${truncate(document, MAX_LINE_LENGTH)}</code></dd></div>\n`,
  ];
  const list = parts.every((each) => each === nothing) ? nothing : markup`<dl class="exchange">\n${parts}</dl>\n`;
  const command =
    curl === undefined
      ? nothing
      : markup`<details>\n<summary>Send this request again</summary>\n${createCommand(curl)}</details>\n`;
  return markup`${notes.map((line) => markup`<p>${truncate(line, MAX_BODY_LENGTH)}</p>\n`)}${list}${command}`;
}

function createPart(name: string, place: string, body: string | undefined): Markup {
  if (body === undefined) return nothing;
  const shown = body === "" ? markup`<p class="quiet">An empty body.</p>` : createPre(formatJson(body));
  return markup`<div class="${place}"><dt>${name}</dt><dd>${shown}</dd></div>\n`;
}

/** A line feed right after the tag would be taken for the tag's. */
const createPre = (body: string): Markup => markup`<pre>\n${truncate(body, MAX_BODY_LENGTH)}</pre>`;

/** It is selected by one click. */
const createCommand = (command: string): Markup => markup`<pre class="command">${command}</pre>\n`;

function createOtherChecks(others: readonly CheckResult[]): Markup {
  if (others.length === 0) return nothing;
  const checks = others.length === 1 ? "one more check" : `${others.length} more checks`;
  const items = others.map((check) => markup`<li class="id">${createLink(check)}</li>\n`);
  const open = others.length <= MAX_OPEN ? markup` open` : nothing;
  return markup`<details${open}>\n<summary>The same in ${checks}</summary>\n<ul class="ids">\n${items}</ul>\n</details>\n`;
}

const MAX_OPEN = 6;

const createLink = (check: CheckResult): Markup => markup`<a href="#${getCheckAnchor(check)}">${check.id}</a>`;
