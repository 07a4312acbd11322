/** The vaultings, newest first, with search and filters. */

import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatVaultingPath } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  formatCard,
  formatId,
  formatTime,
  MAX_SEARCH_LENGTH,
  option,
  pager,
  readBefore,
  readSearch,
  stateLabel,
  tokenSuffix,
  toneFromStatus,
} from "../frame/components.ts";

type VaultingView = ControlSchemas["Vaulting"];

const PAGE_SIZE = 50;
const STATUSES = ["PROCESSING", "SUCCESS", "FAIL"] as const;

interface Filter {
  /** As it is looked for. */
  readonly text: string;
  /** As it is shown: a card number that somebody pastes is not. */
  readonly shown: string;
  readonly status: (typeof STATUSES)[number] | undefined;
  readonly clientId: string | undefined;
  readonly before: number | undefined;
}

export async function vaultingsPage(control: Control, query: URLSearchParams, base: string): Promise<Markup> {
  const filter = readFilter(query);
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const { text, clientId, status, before } = filter;
  const exact = before === undefined && text !== "" ? await findExactMatches(control, filter, clients) : [];
  const { vaultings, next } = await control.searchVaultings({ text, clientId, status, before, limit: PAGE_SIZE });
  const isExact = ({ sequence }: VaultingView) => exact.some((each) => each.sequence === sequence);
  const shown = [...exact, ...vaultings.filter((each) => !isExact(each))];
  const { now } = control.clock();
  return markup`<h1>Vaultings</h1>
${filterForm(filter, clients, base)}
<div data-live="vaultings">
${shown.length === 0 ? emptyState(filter, next !== undefined) : vaultingTable(shown, { now, base, several: clients.length > 1 })}
${pager(`${base}/`, { q: filter.shown, status, clientId }, { before, next, older: shown.length < PAGE_SIZE ? "Search older ones" : "Older" })}
</div>`;
}

function readFilter(query: URLSearchParams): Filter {
  const typed = readSearch(query);
  const shown = maskCardNumbers(typed);
  return {
    text: shown === typed ? typed : shown.slice(-4),
    shown,
    status: STATUSES.find((each) => each === query.get("status")),
    clientId: query.get("clientId") || undefined,
    before: readBefore(query),
  };
}

/** The vaultings of just that ID are found however old they are. */
async function findExactMatches(control: Control, { text, clientId, status }: Filter, clients: readonly string[]) {
  const asked = clients.slice(0, 20).filter((each) => clientId === undefined || each === clientId);
  const found = await Promise.all(asked.map((each) => control.vaulting(text, each)));
  return found.filter((each) => each !== undefined).filter((each) => status === undefined || each.status === status);
}

const filterForm = ({ shown, status, clientId }: Filter, clients: readonly string[], base: string): Markup =>
  markup`<form class="filter" id="filter" method="get" action="${exactAttribute(`${base}/`)}" role="search">
<label class="grow">Search<input type="search" name="q" value="${exactAttribute(shown)}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" spellcheck="false" placeholder="ID, end of the token, last four digits"></label>
<label>Status<select name="status">${option("", "any", status)}${STATUSES.map((each) => option(each, each, status))}</select></label>
<label>Merchant<select name="clientId">${option("", "any", clientId)}${clients.map((each) => option(each, each, clientId))}</select></label>
<button>Apply</button>
</form>`;

function vaultingTable(
  vaultings: readonly VaultingView[],
  { now, base, several }: { readonly now: string; readonly base: string; readonly several: boolean },
): Markup {
  const row = (each: VaultingView) => markup`<tr data-key="${each.sequence}">
<td>${stateLabel(toneFromStatus(each.status), each.status)}</td>
<th scope="row"><a href="${exactAttribute(base + formatVaultingPath(each))}">${formatId(each.vaultingRequestId)}</a></th>
<td class="wide">${formatCard(each) ?? markup`<span class="quiet">no card yet</span>`}</td>
<td class="wide">${vaultingResult(each)}</td>
${several ? markup`<td class="quiet wide">${formatId(each.clientId)}</td>` : nothing}
<td class="number">${formatTime(each.createdAt, now)}</td>
</tr>`;
  return markup`<table class="list">
<caption class="unseen">Vaultings, newest first</caption>
<thead><tr><th scope="col">Status</th><th scope="col">vaultingRequestId</th><th scope="col">Card</th><th scope="col">Result</th>${
    several ? markup`<th scope="col">Merchant</th>` : nothing
  }<th scope="col" class="number">Begun, UTC</th></tr></thead>
<tbody>
${vaultings.map(row)}
</tbody>
</table>`;
}

/** Of a success the token, which has more to say than the status. */
function vaultingResult(each: VaultingView): Markup {
  if (each.cardToken !== undefined) return markup`<span class="quiet">token</span> ${tokenSuffix(each.cardToken)}`;
  if (each.resultCode !== undefined) return markup`<span class="code-word">${each.resultCode}</span>`;
  return markup`<span class="quiet">${describeWaiting(each)}</span>`;
}

const describeWaiting = ({ maskedCardNo }: VaultingView): string =>
  maskedCardNo === undefined ? "waits for the card" : "waits for the challenge";

function emptyState({ text, status, clientId, before }: Filter, more: boolean): Markup {
  if (more) return markup`<p class="empty">Nothing fits among those that were looked at.</p>`;
  if (text !== "" || status !== undefined || clientId !== undefined || before !== undefined) {
    return markup`<p class="empty">No vaulting fits.</p>`;
  }
  return markup`<div class="empty"><p>No vaulting yet.</p><p class="quiet">Call vaultPaymentMethod or createVaultingSession, and it appears here at once. What is refused before a vaulting begins is among the exchanges.</p></div>`;
}
