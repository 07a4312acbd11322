/** The failures of an HTML report, kind by kind. @module */

import { formatJson } from "../../html/format-json.ts";
import { clipped, type Markup, markup, nothing } from "../../html/html-template.ts";
import type { CheckResult } from "../model/report.ts";
import { readDetail } from "./failure-detail.ts";
import type { Failures } from "./group-failures.ts";
import { anchorOf, type Page, sentenceOf, shownKinds } from "./html-page.ts";

/** Each kind with its first check in full, and links to the others. */
export function failureSection(page: Page): Markup {
  const { kinds } = page;
  if (kinds.length === 0) return nothing;
  const shown = shownKinds(page);
  let room = ROOM;
  const articles = shown.map((kind, at) => {
    const evidence = exchange(kind.checks[0]?.detail ?? "");
    const fits = evidence.markup.length <= room;
    if (fits) room -= evidence.markup.length;
    return article(page, kind, at + 1, fits ? evidence : LEFT_OUT);
  });
  const rest = kinds.length - shown.length;
  const others =
    rest === 0 ? nothing : markup`<p class="quiet">And ${rest} kinds more, told with their checks below.</p>\n`;
  return markup`<section aria-labelledby="failures">
<h2 id="failures">What failed</h2>
${contents(shown)}${others}${articles}</section>
`;
}

/** The kinds in a list, where there are some. */
function contents(kinds: readonly Failures[]): Markup {
  if (kinds.length < 2) return nothing;
  const items = kinds.map(
    ({ what, checks }, at) =>
      markup`<li><b>${checks.length}</b><a href="#kind-${at + 1}">${sentenceOf(what, LONGEST_SENTENCE)}</a></li>\n`,
  );
  return markup`<p class="quiet">Checks that failed for each reason</p>\n<ol class="counted">\n${items}</ol>\n`;
}

/** Characters for all that was sent and came: the page is to be attached and mailed. */
const ROOM = 50_000;
/** Characters of one body in a page. */
const LONGEST_BODY = 4096;
const LONGEST_SENTENCE = 400;

const LEFT_OUT = markup`<p class="quiet">What was sent and what came would make this page too long. The terminal shows them, and so does --json.</p>\n`;

function article(page: Page, { what, checks }: Failures, number: number, evidence: Markup): Markup {
  const [first, ...others] = checks;
  if (!first) return nothing;
  const command = page.options.alone?.(first.id);
  const alone =
    command === undefined ? nothing : markup`<p class="label">This check alone</p>\n${commandLine(command)}`;
  return markup`<article class="kind" id="kind-${number}" aria-labelledby="kind-${number}-what">
<h3 id="kind-${number}-what"><span aria-hidden="true">✗</span> ${sentenceOf(what, LONGEST_SENTENCE)}</h3>
<p>${others.length > 0 ? `First of ${checks.length}: ` : ""}${first.title}</p>
<p class="id">${link(first)}</p>
${evidence}${alone}${same(others)}</article>
`;
}

/** What else is said, what was sent, what came, where the document says what is right, and how to ask again. */
function exchange(detail: string): Markup {
  const { more, sent, came, again, document } = readDetail(detail);
  const status = came === undefined || came.status === "" ? "" : `, HTTP status ${came.status}`;
  const parts = [
    part("Sent", "sent", sent),
    part(`Came${status}`, "came", came?.body),
    document === undefined
      ? nothing
      : markup`<div><dt>In the document</dt><dd><code>${clipped(document, LONGEST_SENTENCE)}</code></dd></div>\n`,
  ];
  const list = parts.every((each) => each === nothing) ? nothing : markup`<dl class="exchange">\n${parts}</dl>\n`;
  const command =
    again === undefined
      ? nothing
      : markup`<details>\n<summary>Send this request again</summary>\n${commandLine(again)}</details>\n`;
  return markup`${more.map((line) => markup`<p>${clipped(line, LONGEST_BODY)}</p>\n`)}${list}${command}`;
}

function part(name: string, place: string, body: string | undefined): Markup {
  if (body === undefined) return nothing;
  const shown = body === "" ? markup`<p class="quiet">An empty body.</p>` : text(formatJson(body));
  return markup`<div class="${place}"><dt>${name}</dt><dd>${shown}</dd></div>\n`;
}

/** A line feed right after the tag would be taken for the tag's. */
const text = (body: string): Markup => markup`<pre>\n${clipped(body, LONGEST_BODY)}</pre>`;

/** It is selected by one click. */
const commandLine = (command: string): Markup => markup`<pre class="command">${command}</pre>\n`;

function same(others: readonly CheckResult[]): Markup {
  if (others.length === 0) return nothing;
  const checks = others.length === 1 ? "one more check" : `${others.length} more checks`;
  const items = others.map((check) => markup`<li class="id">${link(check)}</li>\n`);
  const open = others.length <= FEW ? markup` open` : nothing;
  return markup`<details${open}>\n<summary>The same in ${checks}</summary>\n<ul class="ids">\n${items}</ul>\n</details>\n`;
}

const FEW = 6;

const link = (check: CheckResult): Markup => markup`<a href="#${anchorOf(check)}">${check.id}</a>`;
