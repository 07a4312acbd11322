/** The list of API calls, and the page of a single call. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatVaultingPath, PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  factList,
  formatId,
  formatTime,
  option,
  pager,
  readBefore,
  stateLabel,
  toMarkup,
  toneFromStatus,
} from "../frame/components.ts";
import { exportList, filterChips, readSearchText, type SearchText, searchField } from "../frame/list-tools.ts";
import type { PageBody } from "../frame/page-layout.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { createTimeFormat, formatAge, timeHeading } from "../frame/times.ts";
import { sendAgainLink } from "../send/send-again-link.ts";
import { callDetails, callStepList, callTitle } from "./call-details.ts";
import { createCallMatcher, getOutcome, OUTCOMES, type Outcome } from "./call-filter.ts";
import { searchHints } from "./search-hints.ts";
import { signatureSection } from "./signature-section.ts";

type CallView = ControlSchemas["ApiCall"];

const PAGE_SIZE = 50;

/** The approximate number of calls that the filter chips count, starting with the newest. */
const COUNTED_CALLS = 2000;

const NAMES = { q: "Search", kind: "Outcome" } as const;

export async function callsPage(control: Control, query: URLSearchParams, base: string): Promise<PageBody> {
  const kind = (Object.keys(OUTCOMES) as Outcome[]).find((outcome) => outcome === query.get("kind"));
  const { text, maskedText } = readSearchText(query);
  const before = readBefore(query);
  const matchesText = createCallMatcher(text);
  const matches = (call: CallView) => (kind === undefined || getOutcome(call) === kind) && matchesText(call);
  const path = base + PAGE.calls;
  const filter = { q: maskedText, kind };
  const clock = control.clock();
  // Fetch one extra call to find out whether there is a next page.
  const fetchPage = async (end: number | undefined, limit: number) => {
    const found = await control.recentCalls(matches, limit + 1, end);
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? rows.at(-1)?.sequence : undefined };
  };
  if (query.get("format") === "json") {
    return exportList({ name: "calls", filter: { ...filter, before: before?.toString() }, now: clock.now, fetchPage });
  }
  const { rows: calls, next } = await fetchPage(before, PAGE_SIZE);
  const outcomes = await control.countCalls(
    (call) => (matchesText(call) ? getOutcome(call) : undefined),
    COUNTED_CALLS,
  );
  const options = { path, filter, names: NAMES, facet: "kind", titles: OUTCOMES, matches: outcomes };
  return markup`<h1>API calls</h1>
<p class="lead">API calls with their responses and signature errors. The sandbox keeps the last 10,000 calls for up to 7 days. <a href="${exactAttribute(base + PAGE.send)}">Send a call</a></p>
<form class="filter" id="filter" method="get" action="${exactAttribute(path)}" role="search">
${searchField(maskedText, "ID, client, path, code, brand, last 4 digits, or end of the token")}
<label>Outcome<select name="kind">${option("", "Any", kind)}${Object.entries(OUTCOMES).map(([value, title]) => option(value, title, kind))}</select></label>
<button>Apply</button>
</form>
<div data-live="filters">${filterChips(options)}</div>
<div data-live="calls">
${calls.length === 0 ? await emptyState(control, { isFiltered: kind !== undefined || text !== "", text, maskedText, base }) : callTable(calls, clock, base)}
${pager(path, filter, { before, next })}
</div>`;
}

interface EmptyStateOptions extends SearchText {
  readonly isFiltered: boolean;
  readonly base: string;
}

async function emptyState(
  control: Control,
  { isFiltered, text, maskedText, base }: EmptyStateOptions,
): Promise<Markup> {
  if (!isFiltered)
    return markup`<div class="empty"><p>No API calls yet</p><p class="quiet">Calls to the Vault API appear here.</p></div>`;
  const hints = await searchHints(control, base, { text, maskedText }, "calls");
  return markup`<div class="empty"><p>No API calls match your filters.</p>${hints}</div>`;
}

function callTable(calls: readonly CallView[], clock: ControlSchemas["Clock"], base: string): Markup {
  const showTime = createTimeFormat(
    calls.map(({ at }) => at),
    clock.now,
  );
  const clientIds = new Set(calls.map(({ clientId }) => clientId).filter((clientId) => clientId !== undefined));
  const showsClient = clientIds.size > 1;
  const row = (call: CallView) => markup`<tr data-key="${call.sequence}">
<td>${outcomeLabel(call, base)}</td>
<th scope="row"><a href="${exactAttribute(`${base}${PAGE.calls}/${call.sequence}`)}">${callTitle(call)}</a>${call.source === undefined ? nothing : markup` <small>from the dashboard</small>`}${
    call.note === undefined ? nothing : markup`<p class="note">${call.note}</p>`
  }</th>
<td class="wide">${vaultingLink(call, base)}</td>
${showsClient ? markup`<td class="quiet wide">${call.clientId === undefined ? nothing : formatId(call.clientId)}</td>` : nothing}
<td class="number">${showTime(call.at)}</td>
</tr>`;
  return markup`<table class="list calls">
<caption class="visually-hidden">API calls, newest first</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">Operation</th><th scope="col">vaultingRequestId</th>${showsClient ? markup`<th scope="col">Client</th>` : nothing}${timeHeading("Received", clock)}</tr></thead>
<tbody>
${calls.map(row)}
</tbody>
</table>`;
}

const outcomeLabel = ({ resultCode, resultStatus, operation }: CallView, base: string): Markup =>
  resultCode === undefined
    ? stateLabel("wait", "dropped")
    : stateLabel(toneFromStatus(resultStatus), codeLink(base, resultCode, operation));

function vaultingLink({ clientId, vaultingRequestId }: CallView, base: string): Markup {
  if (vaultingRequestId === undefined) return markup`<span class="quiet">none</span>`;
  if (clientId === undefined) return formatId(vaultingRequestId);
  const path = formatVaultingPath({ clientId, vaultingRequestId });
  return markup`<a href="${exactAttribute(base + path)}">${formatId(vaultingRequestId)}</a>`;
}

/** Renders the links to the timeline of the vaulting, and to the form that sends the call again. */
function callLinks(call: CallView, base: string): Markup {
  const { clientId, vaultingRequestId } = call;
  if (clientId === undefined || vaultingRequestId === undefined) return sendAgainLink(call, base);
  const path = base + formatVaultingPath({ clientId, vaultingRequestId });
  return markup`<p class="send-again"><a class="button" href="${exactAttribute(path)}">Open timeline</a></p>${sendAgainLink(call, base)}`;
}

export async function callPage(control: Control, call: CallView, base: string): Promise<Markup> {
  const { now } = control.clock();
  const { clientId, signed, sequence, at, requestTime, durationMs, path, resultCode, source } = call;
  return markup`<p class="breadcrumb"><a href="${exactAttribute(base + PAGE.calls)}">API calls</a></p>
<div class="title"><h1>${callTitle(call)}</h1><p>${outcomeLabel(call, base)}</p></div>
<div class="split" data-live="call">
<div>${await signatureSection(call, control, base)}
<section aria-labelledby="messages"><h2 id="messages">Request and response</h2>
${call.rejectedSignature ? nothing : callStepList(call, base)}
${callDetails(call, control.configuration(), true)}
</section></div>
<aside aria-label="Details of the call">${callLinks(call, base)}<h2>Details</h2>${factList([
    ["Number", toMarkup(String(sequence))],
    ["Path", markup`<code>${path}</code>`],
    ["vaultingRequestId", vaultingLink(call, base)],
    ["Client", clientId === undefined ? undefined : formatId(clientId)],
    ["Received (UTC, sandbox clock)", markup`${formatTime(at, now, true)} ${formatAge(at, now)}`],
    ["Request-Time (client clock)", requestTime === undefined ? undefined : toMarkup(requestTime)],
    ["Duration", toMarkup(`${durationMs.toFixed(1)} ms`)],
    ["Response", toMarkup(resultCode === undefined ? "None" : `HTTP 200, ${signed ? "signed" : "not signed"}`)],
    ["Sent from", source === undefined ? undefined : toMarkup("Dashboard")],
  ])}</aside>
</div>`;
}
