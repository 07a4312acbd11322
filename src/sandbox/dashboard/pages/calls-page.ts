/** The list of API calls, and the page of a single call. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatVaultingPath, PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  factList,
  formatId,
  formatTime,
  MAX_SEARCH_LENGTH,
  option,
  pager,
  readBefore,
  readSearch,
  stateLabel,
  toMarkup,
  toneFromStatus,
} from "../frame/components.ts";
import { sendAgainLink } from "../send/send-again-link.ts";
import { callDetails, callStepList, callTitle } from "./call-details.ts";
import { signatureSection } from "./signature-section.ts";

type CallView = ControlSchemas["ApiCall"];

const PAGE_SIZE = 50;

const OUTCOME_FILTERS = {
  signature: ["Invalid signature", ({ note }: CallView) => note !== undefined],
  rejected: ["Rejected or failed", ({ resultStatus }: CallView) => resultStatus === "F"],
  unknown: ["Unknown or dropped", ({ resultStatus }: CallView) => resultStatus !== "S" && resultStatus !== "F"],
  success: ["Successful", ({ resultStatus }: CallView) => resultStatus === "S"],
} as const;

const outcomeFilters = Object.keys(OUTCOME_FILTERS) as (keyof typeof OUTCOME_FILTERS)[];

export async function callsPage(control: Control, query: URLSearchParams, base: string): Promise<Markup> {
  const kind = outcomeFilters.find((filter) => filter === query.get("kind"));
  const search = readSearch(query);
  const before = readBefore(query);
  const matches = (call: CallView) =>
    (kind === undefined || OUTCOME_FILTERS[kind][1](call)) && matchesSearch(call, search);
  // Fetch one extra call to find out whether there is a next page.
  const found = await control.recentCalls(matches, PAGE_SIZE + 1, before);
  const calls = found.slice(0, PAGE_SIZE);
  const { now } = control.clock();
  return markup`<h1>API calls</h1>
<p class="lead">API calls with their responses and signature errors. The sandbox keeps the last 10,000 calls for up to 7 days. <a href="${exactAttribute(base + PAGE.send)}">Send a call</a></p>
<form class="filter" id="filter" method="get" action="${exactAttribute(base + PAGE.calls)}" role="search">
<label class="grow">Search<input type="search" name="q" value="${exactAttribute(search)}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" spellcheck="false" placeholder="ID, client, path, or result code"></label>
<label>Outcome<select name="kind">${option("", "Any", kind)}${outcomeFilters.map((filter) => option(filter, OUTCOME_FILTERS[filter][0], kind))}</select></label>
<button>Apply</button>
</form>
<div data-live="calls">
${calls.length === 0 ? emptyState(kind !== undefined || search !== "") : callTable(calls, now, base)}
${pager(base + PAGE.calls, { q: search, kind }, { before, next: found.length > PAGE_SIZE ? calls.at(-1)?.sequence : undefined })}
</div>`;
}

const emptyState = (isFiltered: boolean): Markup =>
  isFiltered
    ? markup`<p class="empty">No API calls match your filters.</p>`
    : markup`<div class="empty"><p>No API calls yet</p><p class="quiet">Calls to the Vault API appear here.</p></div>`;

function matchesSearch(
  { vaultingRequestId, clientId, path, resultCode, operation }: CallView,
  search: string,
): boolean {
  const fields = [vaultingRequestId, clientId, path, resultCode, operation];
  return fields.some((field) => (field ?? "").toLowerCase().includes(search.toLowerCase()));
}

function callTable(calls: readonly CallView[], now: string, base: string): Markup {
  const clientIds = new Set(calls.map(({ clientId }) => clientId).filter((clientId) => clientId !== undefined));
  const showsClient = clientIds.size > 1;
  const row = (call: CallView) => markup`<tr data-key="${call.sequence}">
<td>${outcomeLabel(call)}</td>
<th scope="row"><a href="${exactAttribute(`${base}${PAGE.calls}/${call.sequence}`)}">${callTitle(call)}</a>${call.source === undefined ? nothing : markup` <small>from the dashboard</small>`}${
    call.note === undefined ? nothing : markup`<p class="note">${call.note}</p>`
  }</th>
<td class="wide">${vaultingLink(call, base)}</td>
${showsClient ? markup`<td class="quiet wide">${call.clientId === undefined ? nothing : formatId(call.clientId)}</td>` : nothing}
<td class="number">${formatTime(call.at, now)}</td>
</tr>`;
  return markup`<table class="list calls">
<caption class="visually-hidden">API calls, newest first</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">Operation</th><th scope="col">vaultingRequestId</th>${showsClient ? markup`<th scope="col">Client</th>` : nothing}<th scope="col" class="number">Received (UTC)</th></tr></thead>
<tbody>
${calls.map(row)}
</tbody>
</table>`;
}

const outcomeLabel = ({ resultCode, resultStatus }: CallView): Markup =>
  resultCode === undefined ? stateLabel("wait", "dropped") : stateLabel(toneFromStatus(resultStatus), resultCode);

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
  const { clientId, signed, sequence, at, durationMs, path, resultCode, source } = call;
  return markup`<p class="breadcrumb"><a href="${exactAttribute(base + PAGE.calls)}">API calls</a></p>
<div class="title"><h1>${callTitle(call)}</h1><p>${outcomeLabel(call)}</p></div>
<div class="split" data-live="call">
<div>${await signatureSection(call, control, base)}
<section aria-labelledby="messages"><h2 id="messages">Request and response</h2>
${call.rejectedSignature ? nothing : callStepList(call)}
${callDetails(call, control.configuration(), true)}
</section></div>
<aside aria-label="Details of the call">${callLinks(call, base)}<h2>Details</h2>${factList([
    ["Number", toMarkup(String(sequence))],
    ["Path", markup`<code>${path}</code>`],
    ["vaultingRequestId", vaultingLink(call, base)],
    ["Client", clientId === undefined ? undefined : formatId(clientId)],
    ["Received (UTC)", formatTime(at, now)],
    ["Duration", toMarkup(`${durationMs.toFixed(1)} ms`)],
    ["Response", toMarkup(resultCode === undefined ? "None" : `HTTP 200, ${signed ? "signed" : "not signed"}`)],
    ["Sent from", source === undefined ? undefined : toMarkup("Dashboard")],
  ])}</aside>
</div>`;
}
