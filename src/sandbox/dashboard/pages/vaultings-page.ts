/** The list of vaultings, with search and filters. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatVaultingPath } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  formatCard,
  formatId,
  option,
  pager,
  readBefore,
  stateLabel,
  tokenSuffix,
  toneFromStatus,
} from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";
import { exportList, filterChips, readSearchText, type SearchText, searchField } from "../frame/list-tools.ts";
import type { PageBody } from "../frame/page-layout.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { createTimeFormat, timeHeading } from "../frame/times.ts";
import { firstSteps } from "./first-steps.ts";
import { searchHints } from "./search-hints.ts";

type VaultingView = ControlSchemas["Vaulting"];

const PAGE_SIZE = 50;
const STATUSES = ["PROCESSING", "SUCCESS", "FAIL"] as const;
const STATUS_TITLES = { PROCESSING: "PROCESSING", SUCCESS: "SUCCESS", FAIL: "FAIL" } as const;
const NAMES = { q: "Search", status: "Status", clientId: "Client" } as const;

interface Filter extends SearchText {
  readonly status: (typeof STATUSES)[number] | undefined;
  readonly clientId: string | undefined;
  readonly before: number | undefined;
}

export async function vaultingsPage(control: Control, { url, base, tokenField }: Visit): Promise<PageBody> {
  const query = url.searchParams;
  const filter = readFilter(query);
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const { text, maskedText, clientId, status, before } = filter;
  const path = `${base}/`;
  const parameters = { q: maskedText, status, clientId };
  const clock = control.clock();
  const fetchPage = async (end: number | undefined, limit: number) => {
    const exactMatches = end === undefined && text !== "" ? await findExactMatches(control, filter) : [];
    const { vaultings, next } = await control.searchVaultings({ text, clientId, status, before: end, limit });
    const isExact = ({ sequence }: VaultingView) => exactMatches.some((match) => match.sequence === sequence);
    return { rows: [...exactMatches, ...vaultings.filter((vaulting) => !isExact(vaulting))], next };
  };
  if (query.get("format") === "json") {
    const exported = { ...parameters, before: before?.toString() };
    return exportList({ name: "vaultings", filter: exported, now: clock.now, fetchPage });
  }
  const { rows, next } = await fetchPage(before, PAGE_SIZE);
  const matches = await control.countVaultings({ text, clientId });
  const options = { path, filter: parameters, names: NAMES, facet: "status", titles: STATUS_TITLES, matches };
  return markup`<h1>Vaultings</h1>
${filterForm(filter, clients, base)}
<div data-live="filters">${filterChips(options)}</div>
<div data-live="vaultings">
${rows.length === 0 ? await emptyState(control, filter, { hasMore: next !== undefined, base, tokenField }) : vaultingTable(rows, { clock, base, showsClient: clients.length > 1 })}
${pager(path, parameters, { before, next, older: rows.length < PAGE_SIZE ? "Search older" : "Older" })}
</div>`;
}

const readFilter = (query: URLSearchParams): Filter => ({
  ...readSearchText(query),
  status: STATUSES.find((value) => value === query.get("status")),
  clientId: query.get("clientId") || undefined,
  before: readBefore(query),
});

/** Finds vaultings whose ID is exactly the search text. Unlike the search, this lookup covers all vaultings. */
const findExactMatches = async (control: Control, { text, clientId, status }: Filter) =>
  (await control.listVaultingsById(text, { clientId, limit: PAGE_SIZE })).filter(
    (vaulting) => status === undefined || vaulting.status === status,
  );

const filterForm = ({ maskedText, status, clientId }: Filter, clients: readonly string[], base: string): Markup =>
  markup`<form class="filter" id="filter" method="get" action="${exactAttribute(`${base}/`)}" role="search">
${searchField(maskedText, "ID, code, brand, last 4 digits, end of the token, client, or status")}
<label>Status<select name="status">${option("", "Any", status)}${STATUSES.map((value) => option(value, value, status))}</select></label>
<label>Client<select name="clientId">${option("", "Any", clientId)}${clients.map((client) => option(client, client, clientId))}</select></label>
<button>Apply</button>
</form>`;

function vaultingTable(
  vaultings: readonly VaultingView[],
  {
    clock,
    base,
    showsClient,
  }: { readonly clock: ControlSchemas["Clock"]; readonly base: string; readonly showsClient: boolean },
): Markup {
  const showTime = createTimeFormat(
    vaultings.map(({ createdAt }) => createdAt),
    clock.now,
  );
  const row = (vaulting: VaultingView) => markup`<tr data-key="${vaulting.sequence}">
<td>${stateLabel(toneFromStatus(vaulting.status), vaulting.status)}</td>
<th scope="row"><a href="${exactAttribute(base + formatVaultingPath(vaulting))}">${formatId(vaulting.vaultingRequestId)}</a></th>
<td class="wide">${formatCard(vaulting) ?? markup`<span class="quiet">no card</span>`}</td>
<td class="wide">${vaultingResult(vaulting, base)}</td>
${showsClient ? markup`<td class="quiet wide">${formatId(vaulting.clientId)}</td>` : nothing}
<td class="number">${showTime(vaulting.createdAt)}</td>
</tr>`;
  return markup`<table class="list">
<caption class="visually-hidden">Vaultings, newest first</caption>
<thead><tr><th scope="col">Status</th><th scope="col">vaultingRequestId</th><th scope="col">Card</th><th scope="col">Result</th>${
    showsClient ? markup`<th scope="col">Client</th>` : nothing
  }${timeHeading("Created", clock)}</tr></thead>
<tbody>
${vaultings.map(row)}
</tbody>
</table>`;
}

function vaultingResult({ cardToken, resultCode, maskedCardNo }: VaultingView, base: string): Markup {
  if (cardToken !== undefined) return markup`<span class="quiet">token</span> ${tokenSuffix(cardToken)}`;
  if (resultCode !== undefined) return markup`<span class="code-word">${codeLink(base, resultCode)}</span>`;
  return markup`<span class="quiet">waiting for ${maskedCardNo === undefined ? "card" : "challenge"}</span>`;
}

async function emptyState(
  control: Control,
  { text, maskedText, status, clientId, before }: Filter,
  { hasMore, base, tokenField }: { readonly hasMore: boolean; readonly base: string; readonly tokenField: Markup },
): Promise<Markup> {
  if (text === "" && status === undefined && clientId === undefined && before === undefined)
    return firstSteps({ ...control.configuration(), base, tokenField });
  const hints = await searchHints(control, base, { text, maskedText }, "vaultings");
  return markup`<div class="empty"><p>${hasMore ? "No matches among recent vaultings." : "No vaultings match your filters."}</p>${hints}</div>`;
}
