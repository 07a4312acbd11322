/** All exchanges with the API, those without a vaulting too, and one of them by itself. */

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
import { callDetails, callSteps, callTitle } from "./call-details.ts";

type CallView = ControlSchemas["ApiCall"];

const PAGE_SIZE = 50;

const OUTCOME_FILTERS = {
  signature: ["refused signatures", ({ note }: CallView) => note !== undefined],
  rejected: ["refused or failed", ({ resultStatus }: CallView) => resultStatus === "F"],
  unknown: ["unknown or dropped", ({ resultStatus }: CallView) => resultStatus !== "S" && resultStatus !== "F"],
  success: ["successful", ({ resultStatus }: CallView) => resultStatus === "S"],
} as const;

const outcomeFilters = Object.keys(OUTCOME_FILTERS) as (keyof typeof OUTCOME_FILTERS)[];

export function callsPage(control: Control, query: URLSearchParams, base: string): Markup {
  const kind = outcomeFilters.find((each) => each === query.get("kind"));
  const q = readSearch(query);
  const before = readBefore(query);
  const wanted = (each: CallView) => (kind === undefined || OUTCOME_FILTERS[kind][1](each)) && matchesSearch(each, q);
  // One more than is shown says whether there are older ones.
  const fitting = control.recentCalls(wanted, PAGE_SIZE + 1, before);
  const shown = fitting.slice(0, PAGE_SIZE);
  const { now } = control.clock();
  return markup`<h1>Exchanges</h1>
<p class="lead">Every call that came, its answer, and why a signature was refused. The last thousand are kept, in memory.</p>
<form class="filter" id="filter" method="get" action="${exactAttribute(base + PAGE.calls)}" role="search">
<label class="grow">Search<input type="search" name="q" value="${exactAttribute(q)}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" spellcheck="false" placeholder="ID, merchant, path, result code"></label>
<label>Outcome<select name="kind">${option("", "any", kind)}${outcomeFilters.map((each) => option(each, OUTCOME_FILTERS[each][0], kind))}</select></label>
<button>Apply</button>
</form>
<div data-live="calls">
${shown.length === 0 ? markup`<p class="empty">${kind || q ? "No exchange fits." : "No call has come yet."}</p>` : callTable(shown, now, base)}
${pager(base + PAGE.calls, { q, kind }, { before, next: fitting.length > PAGE_SIZE ? shown.at(-1)?.sequence : undefined })}
</div>`;
}

function matchesSearch({ vaultingRequestId, clientId, path, resultCode, operation }: CallView, q: string): boolean {
  const wanted = q.toLowerCase();
  const words = [vaultingRequestId, clientId, path, resultCode, operation];
  return words.some((each) => (each ?? "").toLowerCase().includes(wanted));
}

function callTable(exchanges: readonly CallView[], now: string, base: string): Markup {
  const several = new Set(exchanges.map(({ clientId }) => clientId).filter((each) => each !== undefined)).size > 1;
  const row = (each: CallView) => markup`<tr data-key="${each.sequence}">
<td>${outcomeLabel(each)}</td>
<th scope="row"><a href="${exactAttribute(`${base}${PAGE.calls}/${each.sequence}`)}">${callTitle(each)}</a>${
    each.note === undefined ? nothing : markup`<p class="why">${each.note}</p>`
  }</th>
<td class="wide">${vaultingLink(each, base)}</td>
${several ? markup`<td class="quiet wide">${each.clientId === undefined ? nothing : formatId(each.clientId)}</td>` : nothing}
<td class="number">${formatTime(each.at, now)}</td>
</tr>`;
  return markup`<table class="list exchanges">
<caption class="unseen">Exchanges, newest first</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">Call</th><th scope="col">vaultingRequestId</th>${several ? markup`<th scope="col">Merchant</th>` : nothing}<th scope="col" class="number">Came, UTC</th></tr></thead>
<tbody>
${exchanges.map(row)}
</tbody>
</table>`;
}

const outcomeLabel = ({ resultCode, resultStatus }: CallView): Markup =>
  resultCode === undefined ? stateLabel("wait", "dropped") : stateLabel(toneFromStatus(resultStatus), resultCode);

function vaultingLink({ clientId, vaultingRequestId }: CallView, base: string): Markup {
  if (vaultingRequestId === undefined) return markup`<span class="quiet">none read</span>`;
  if (clientId === undefined) return formatId(vaultingRequestId);
  const path = formatVaultingPath({ clientId, vaultingRequestId });
  return markup`<a href="${exactAttribute(base + path)}">${formatId(vaultingRequestId)}</a>`;
}

export function callPage(control: Control, exchange: CallView, base: string): Markup {
  const { now } = control.clock();
  const { clientId, signed, sequence, at, durationMs, path } = exchange;
  return markup`<p class="crumb"><a href="${exactAttribute(base + PAGE.calls)}">Exchanges</a></p>
<div class="title"><h1>${callTitle(exchange)}</h1><p>${outcomeLabel(exchange)}</p></div>
<div class="split" data-live="call">
<section aria-labelledby="inside"><h2 id="inside">What was asked and answered</h2>
<ul class="steps">${callSteps(exchange)}</ul>
${callDetails(exchange, control.configuration(), true)}
</section>
<aside aria-label="The exchange"><h2>Facts</h2>${factList([
    ["Number", toMarkup(String(sequence))],
    ["Path", markup`<code>${path}</code>`],
    ["vaultingRequestId", vaultingLink(exchange, base)],
    ["Merchant", clientId === undefined ? undefined : formatId(clientId)],
    ["Came", formatTime(at, now)],
    ["Took", toMarkup(`${durationMs.toFixed(1)} ms`)],
    ["Answer", toMarkup(signed ? "signed" : "not signed")],
  ])}</aside>
</div>`;
}
