/** All exchanges with the API, those without a vaulting too, and one of them by itself. */

import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { PAGE, vaultingPath } from "../../../control-api/sandbox-paths.ts";
import { type Markup, markup, nothing, verbatim } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  beforeIn,
  facts,
  id,
  LONGEST_SEARCH,
  moment,
  option,
  pager,
  searchIn,
  state,
  text,
  toneOfStatus,
} from "../frame/components.ts";
import { insides, steps, title } from "./call-details.ts";

type ExchangeView = ControlSchemas["Exchange"];

const PAGE_SIZE = 50;

const KINDS = {
  signature: ["refused signatures", ({ note }: ExchangeView) => note !== undefined],
  refused: ["refused or failed", ({ resultStatus }: ExchangeView) => resultStatus === "F"],
  unknown: ["unknown or dropped", ({ resultStatus }: ExchangeView) => resultStatus !== "S" && resultStatus !== "F"],
  success: ["successful", ({ resultStatus }: ExchangeView) => resultStatus === "S"],
} as const;

const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];

export function exchangesPage(control: Control, query: URLSearchParams, base: string): Markup {
  const kind = kinds.find((each) => each === query.get("kind"));
  const q = searchIn(query);
  const before = beforeIn(query);
  const wanted = (each: ExchangeView) => (kind === undefined || KINDS[kind][1](each)) && fits(each, q);
  // One more than is shown says whether there are older ones.
  const fitting = control.recent(wanted, PAGE_SIZE + 1, before);
  const shown = fitting.slice(0, PAGE_SIZE);
  const { now } = control.clock();
  return markup`<h1>Exchanges</h1>
<p class="lead">Every call that came, its answer, and why a signature was refused. The last thousand are kept, in memory.</p>
<form class="filter" id="filter" method="get" action="${verbatim(base + PAGE.exchanges)}" role="search">
<label class="grow">Search<input type="search" name="q" value="${verbatim(q)}" maxlength="${LONGEST_SEARCH}" autocomplete="off" spellcheck="false" placeholder="ID, merchant, path, result code"></label>
<label>Outcome<select name="kind">${option("", "any", kind)}${kinds.map((each) => option(each, KINDS[each][0], kind))}</select></label>
<button>Apply</button>
</form>
<div data-live="exchanges">
${shown.length === 0 ? markup`<p class="empty">${kind || q ? "No exchange fits." : "No call has come yet."}</p>` : table(shown, now, base)}
${pager(base + PAGE.exchanges, { q, kind }, { before, next: fitting.length > PAGE_SIZE ? shown.at(-1)?.sequence : undefined })}
</div>`;
}

function fits({ vaultingRequestId, clientId, path, resultCode, operation }: ExchangeView, q: string): boolean {
  const wanted = q.toLowerCase();
  const words = [vaultingRequestId, clientId, path, resultCode, operation];
  return words.some((each) => (each ?? "").toLowerCase().includes(wanted));
}

function table(exchanges: readonly ExchangeView[], now: string, base: string): Markup {
  const several = new Set(exchanges.map(({ clientId }) => clientId).filter((each) => each !== undefined)).size > 1;
  const row = (each: ExchangeView) => markup`<tr data-key="${each.sequence}">
<td>${outcome(each)}</td>
<th scope="row"><a href="${verbatim(`${base}${PAGE.exchanges}/${each.sequence}`)}">${title(each)}</a>${
    each.note === undefined ? nothing : markup`<p class="why">${each.note}</p>`
  }</th>
<td class="wide">${vaultingLink(each, base)}</td>
${several ? markup`<td class="quiet wide">${each.clientId === undefined ? nothing : id(each.clientId)}</td>` : nothing}
<td class="number">${moment(each.at, now)}</td>
</tr>`;
  return markup`<table class="list exchanges">
<caption class="unseen">Exchanges, newest first</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">Call</th><th scope="col">vaultingRequestId</th>${several ? markup`<th scope="col">Merchant</th>` : nothing}<th scope="col" class="number">Came, UTC</th></tr></thead>
<tbody>
${exchanges.map(row)}
</tbody>
</table>`;
}

const outcome = ({ resultCode, resultStatus }: ExchangeView): Markup =>
  resultCode === undefined ? state("wait", "dropped") : state(toneOfStatus(resultStatus), resultCode);

function vaultingLink({ clientId, vaultingRequestId }: ExchangeView, base: string): Markup {
  if (vaultingRequestId === undefined) return markup`<span class="quiet">none read</span>`;
  if (clientId === undefined) return id(vaultingRequestId);
  const path = vaultingPath({ clientId, vaultingRequestId });
  return markup`<a href="${verbatim(base + path)}">${id(vaultingRequestId)}</a>`;
}

export function exchangePage(control: Control, exchange: ExchangeView, base: string): Markup {
  const { now } = control.clock();
  const { clientId, signed, sequence, at, durationMs, path } = exchange;
  return markup`<p class="crumb"><a href="${verbatim(base + PAGE.exchanges)}">Exchanges</a></p>
<div class="title"><h1>${title(exchange)}</h1><p>${outcome(exchange)}</p></div>
<div class="split" data-live="exchange">
<section aria-labelledby="inside"><h2 id="inside">What was asked and answered</h2>
<ul class="steps">${steps(exchange)}</ul>
${insides(exchange, control.configuration(), true)}
</section>
<aside aria-label="The exchange"><h2>Facts</h2>${facts([
    ["Number", text(String(sequence))],
    ["Path", markup`<code>${path}</code>`],
    ["vaultingRequestId", vaultingLink(exchange, base)],
    ["Merchant", clientId === undefined ? undefined : id(clientId)],
    ["Came", moment(at, now)],
    ["Took", text(`${durationMs.toFixed(1)} ms`)],
    ["Answer", text(signed ? "signed" : "not signed")],
  ])}</aside>
</div>`;
}
