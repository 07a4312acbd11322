/** The list of vaultings, with search and filters. */
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
import type { Visit } from "../frame/gate.ts";
import { firstSteps } from "./first-steps.ts";

type VaultingView = ControlSchemas["Vaulting"];

const PAGE_SIZE = 50;
const STATUSES = ["PROCESSING", "SUCCESS", "FAIL"] as const;

interface Filter {
  /** The search text, or only the last 4 digits if the user entered a card number. */
  readonly text: string;
  /** The search text with masked card numbers, as the page shows it. */
  readonly maskedText: string;
  readonly status: (typeof STATUSES)[number] | undefined;
  readonly clientId: string | undefined;
  readonly before: number | undefined;
}

export async function vaultingsPage(control: Control, { url, base, tokenField }: Visit): Promise<Markup> {
  const filter = readFilter(url.searchParams);
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const { text, clientId, status, before } = filter;
  const exactMatches = before === undefined && text !== "" ? await findExactMatches(control, filter, clients) : [];
  const { vaultings, next } = await control.searchVaultings({ text, clientId, status, before, limit: PAGE_SIZE });
  const isExact = ({ sequence }: VaultingView) => exactMatches.some((match) => match.sequence === sequence);
  const results = [...exactMatches, ...vaultings.filter((vaulting) => !isExact(vaulting))];
  const { now } = control.clock();
  return markup`<h1>Vaultings</h1>
${filterForm(filter, clients, base)}
<div data-live="vaultings">
${results.length === 0 ? emptyState(filter, next !== undefined, () => firstSteps({ ...control.configuration(), base, tokenField })) : vaultingTable(results, { now, base, showsClient: clients.length > 1 })}
${pager(`${base}/`, { q: filter.maskedText, status, clientId }, { before, next, older: results.length < PAGE_SIZE ? "Search older" : "Older" })}
</div>`;
}

function readFilter(query: URLSearchParams): Filter {
  const search = readSearch(query);
  const maskedText = maskCardNumbers(search);
  return {
    text: maskedText === search ? search : maskedText.slice(-4),
    maskedText,
    status: STATUSES.find((value) => value === query.get("status")),
    clientId: query.get("clientId") || undefined,
    before: readBefore(query),
  };
}

/** Finds vaultings whose ID is exactly the search text, for up to 20 clients. Unlike the search, this covers all vaultings of a client. */
async function findExactMatches(control: Control, { text, clientId, status }: Filter, clients: readonly string[]) {
  const candidates = clients.filter((client) => clientId === undefined || client === clientId).slice(0, 20);
  const found = await Promise.all(candidates.map((client) => control.vaulting(text, client)));
  return found
    .filter((vaulting) => vaulting !== undefined)
    .filter((vaulting) => status === undefined || vaulting.status === status);
}

const filterForm = ({ maskedText, status, clientId }: Filter, clients: readonly string[], base: string): Markup =>
  markup`<form class="filter" id="filter" method="get" action="${exactAttribute(`${base}/`)}" role="search">
<label class="grow">Search<input type="search" name="q" value="${exactAttribute(maskedText)}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" spellcheck="false" placeholder="ID, end of the token, or last 4 digits"></label>
<label>Status<select name="status">${option("", "Any", status)}${STATUSES.map((value) => option(value, value, status))}</select></label>
<label>Client<select name="clientId">${option("", "Any", clientId)}${clients.map((client) => option(client, client, clientId))}</select></label>
<button>Apply</button>
</form>`;

function vaultingTable(
  vaultings: readonly VaultingView[],
  { now, base, showsClient }: { readonly now: string; readonly base: string; readonly showsClient: boolean },
): Markup {
  const row = (vaulting: VaultingView) => markup`<tr data-key="${vaulting.sequence}">
<td>${stateLabel(toneFromStatus(vaulting.status), vaulting.status)}</td>
<th scope="row"><a href="${exactAttribute(base + formatVaultingPath(vaulting))}">${formatId(vaulting.vaultingRequestId)}</a></th>
<td class="wide">${formatCard(vaulting) ?? markup`<span class="quiet">no card yet</span>`}</td>
<td class="wide">${vaultingResult(vaulting)}</td>
${showsClient ? markup`<td class="quiet wide">${formatId(vaulting.clientId)}</td>` : nothing}
<td class="number">${formatTime(vaulting.createdAt, now)}</td>
</tr>`;
  return markup`<table class="list">
<caption class="visually-hidden">Vaultings, newest first</caption>
<thead><tr><th scope="col">Status</th><th scope="col">vaultingRequestId</th><th scope="col">Card</th><th scope="col">Result</th>${
    showsClient ? markup`<th scope="col">Client</th>` : nothing
  }<th scope="col" class="number">Created (UTC)</th></tr></thead>
<tbody>
${vaultings.map(row)}
</tbody>
</table>`;
}

function vaultingResult({ cardToken, resultCode, maskedCardNo }: VaultingView): Markup {
  if (cardToken !== undefined) return markup`<span class="quiet">token</span> ${tokenSuffix(cardToken)}`;
  if (resultCode !== undefined) return markup`<span class="code-word">${resultCode}</span>`;
  return markup`<span class="quiet">waiting for ${maskedCardNo === undefined ? "card" : "challenge"}</span>`;
}

function emptyState({ text, status, clientId, before }: Filter, hasMore: boolean, start: () => Markup): Markup {
  if (hasMore) return markup`<p class="empty">No matches among recent vaultings.</p>`;
  if (text !== "" || status !== undefined || clientId !== undefined || before !== undefined) {
    return markup`<p class="empty">No vaultings match your filters.</p>`;
  }
  return start();
}
