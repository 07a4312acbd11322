/** The section of the HTML report that lists failures by kind. @module */
import { formatJson } from "../../html/format-json.ts";
import { type Markup, markup, nothing, truncate } from "../../html/html-template.ts";
import type { CheckResult } from "../model/report.ts";
import type { FailureGroup } from "./group-failures.ts";
import { clipFirstLine, getCheckAnchor, getShownGroups, type Page } from "./html-page.ts";
import { parseFailure } from "./parse-failure.ts";

/** Shows each kind of failure, with its first check in full and links to the other checks. */
export function createFailureSection(page: Page): Markup {
  const { groups } = page;
  if (groups.length === 0) return nothing;
  const shown = getShownGroups(page);
  let remaining = MAX_EVIDENCE_LENGTH;
  const articles = shown.map((kind, index) => {
    const evidence = createEvidence(kind.checks[0]?.message ?? "");
    const isShown = evidence.markup.length <= remaining;
    if (isShown) remaining -= evidence.markup.length;
    return createArticle(page, kind, index + 1, isShown ? evidence : OMITTED);
  });
  const rest = groups.length - shown.length;
  const others =
    rest === 0
      ? nothing
      : markup`<p class="quiet">${rest} more ${rest === 1 ? "kind of failure is" : "kinds of failure are"} listed under All checks.</p>\n`;
  return markup`<section aria-labelledby="failures">
<h2 id="failures">Failures</h2>
${createContents(shown)}${others}${articles}</section>
`;
}

/** Lists the kinds of failure, if there are several. */
function createContents(groups: readonly FailureGroup[]): Markup {
  if (groups.length < 2) return nothing;
  const items = groups.map(
    ({ summary, checks }, index) =>
      markup`<li><b>${checks.length}</b><a href="#kind-${index + 1}">${clipFirstLine(summary, MAX_LINE_LENGTH)}</a></li>\n`,
  );
  return markup`<p class="quiet">Failed checks by kind of failure</p>\n<ol class="counted">\n${items}</ol>\n`;
}

/** The maximum total length of all failure details, in characters of HTML, so that the page can be emailed. */
const MAX_EVIDENCE_LENGTH = 50_000;
/** The maximum length of a body, in characters. */
const MAX_BODY_LENGTH = 4096;
const MAX_LINE_LENGTH = 400;

const OMITTED = markup`<p class="quiet">The request and response are omitted to limit the size of this page. To see them, use --verbose or --json.</p>\n`;

function createArticle(page: Page, { summary, checks }: FailureGroup, number: number, evidence: Markup): Markup {
  const [first, ...others] = checks;
  if (!first) return nothing;
  const command = page.options.commandForCheck?.(first.id);
  const commandSection =
    command === undefined ? nothing : markup`<p class="label">Run this check:</p>\n${createCommand(command)}`;
  return markup`<article class="kind" id="kind-${number}" aria-labelledby="kind-${number}-title">
<h3 id="kind-${number}-title"><span aria-hidden="true">✗</span> ${clipFirstLine(summary, MAX_LINE_LENGTH)}</h3>
<p>${others.length > 0 ? `First of ${checks.length}: ` : ""}${first.title}</p>
<p class="id">${createLink(first)}</p>
${evidence}${commandSection}${createOtherChecks(others)}</article>
`;
}

/** Shows the notes, the request, the response, the location in the OpenAPI document, and the curl command. */
function createEvidence(message: string): Markup {
  const { notes, request, response, curl, document } = parseFailure(message);
  const status = response === undefined || response.status === "" ? "" : `, HTTP status ${response.status}`;
  const parts = [
    createPart("Request", "request", request),
    createPart(`Response${status}`, "response", response?.body),
    document === undefined
      ? nothing
      : markup`<div><dt>OpenAPI document</dt><dd><code>${truncate(document, MAX_LINE_LENGTH)}</code></dd></div>\n`,
  ];
  const list = parts.every((part) => part === nothing) ? nothing : markup`<dl class="exchange">\n${parts}</dl>\n`;
  const command =
    curl === undefined
      ? nothing
      : markup`<details>\n<summary>Reproduce with curl</summary>\n${createCommand(curl)}</details>\n`;
  return markup`${notes.map((line) => markup`<p>${truncate(line, MAX_BODY_LENGTH)}</p>\n`)}${list}${command}`;
}

function createPart(name: string, className: string, body: string | undefined): Markup {
  if (body === undefined) return nothing;
  const shown = body === "" ? markup`<p class="quiet">Empty body.</p>` : createPre(formatJson(body));
  return markup`<div class="${className}"><dt>${name}</dt><dd>${shown}</dd></div>\n`;
}

/** Creates a `pre` element. HTML ignores a line feed at the start of the element, so this function adds one before the body. */
const createPre = (body: string): Markup => markup`<pre>\n${truncate(body, MAX_BODY_LENGTH)}</pre>`;

/** Creates a command that one click selects completely. */
const createCommand = (command: string): Markup => markup`<pre class="command">${command}</pre>\n`;

function createOtherChecks(others: readonly CheckResult[]): Markup {
  if (others.length === 0) return nothing;
  const checks = others.length === 1 ? "1 more check" : `${others.length} more checks`;
  const items = others.map((check) => markup`<li class="id">${createLink(check)}</li>\n`);
  const open = others.length <= MAX_OPEN ? markup` open` : nothing;
  return markup`<details${open}>\n<summary>Same failure in ${checks}</summary>\n<ul class="ids">\n${items}</ul>\n</details>\n`;
}

const MAX_OPEN = 6;

const createLink = (check: CheckResult): Markup => markup`<a href="#${getCheckAnchor(check)}">${check.id}</a>`;
