/** The list of notifications, with search and filters. */
import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { ATTEMPT_OUTCOMES, NOTIFICATION_STATES, nameOutcome } from "../../../control-api/attempt-outcomes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { getResult } from "../../../protocol/json-fields.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  countdown,
  formatId,
  formatTime,
  option,
  pager,
  readBefore,
  stateLabel,
  type Tone,
} from "../frame/components.ts";
import { exportList, filterChips, readSearchText, searchField } from "../frame/list-tools.ts";
import type { PageBody } from "../frame/page-layout.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { searchHints } from "./search-hints.ts";

type NotificationView = ControlSchemas["Notification"];

const PAGE_SIZE = 50;

const NAMES = { q: "Search", state: "State", outcome: "Last attempt", clientId: "Client" } as const;
const STATE_TITLES = Object.fromEntries(NOTIFICATION_STATES.map((state) => [state, state]));

export async function notificationsPage(control: Control, query: URLSearchParams, base: string): Promise<PageBody> {
  const { text, maskedText } = readSearchText(query);
  const filter = {
    state: NOTIFICATION_STATES.find((state) => state === query.get("state")),
    outcome: ATTEMPT_OUTCOMES.find((outcome) => outcome === query.get("outcome")),
    clientId: query.get("clientId") || undefined,
  };
  const before = readBefore(query);
  const path = base + PAGE.notifications;
  const parameters = { q: maskedText, ...filter };
  const { now } = control.clock();
  const fetchPage = async (end: number | undefined, limit: number) => {
    const { notifications, next } = await control.searchNotifications({ ...filter, text, before: end, limit });
    return { rows: notifications, next };
  };
  if (query.get("format") === "json") {
    return exportList({ name: "notifications", filter: { ...parameters, before: before?.toString() }, now, fetchPage });
  }
  const { rows: notifications, next } = await fetchPage(before, PAGE_SIZE);
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const isFiltered = text !== "" || before !== undefined || Object.values(filter).some(Boolean);
  const options = { now, base, showsClient: clients.length > 1 };
  const matches = await control.countNotifications({ ...filter, text });
  return markup`<h1>Notifications</h1>
<p class="lead">The sandbox sends these results to your server, and retries until your server acknowledges them or the attempts are exhausted.</p>
<form class="filter" id="filter" method="get" action="${exactAttribute(path)}" role="search">
${searchField(maskedText, "ID, client, URL, result code, brand, last 4 digits, or token")}
<label>State<select name="state">${option("", "Any", filter.state)}${NOTIFICATION_STATES.map((state) => option(state, state, filter.state))}</select></label>
<label>Last attempt<select name="outcome">${option("", "Any", filter.outcome)}${ATTEMPT_OUTCOMES.map((outcome) => option(outcome, nameOutcome(outcome), filter.outcome))}</select></label>
${clients.length > 1 ? markup`<label>Client<select name="clientId">${option("", "Any", filter.clientId)}${clients.map((client) => option(client, client, filter.clientId))}</select></label>` : nothing}
<button>Apply</button>
</form>
<div data-live="filters">${filterChips({ path, filter: parameters, names: NAMES, facet: "state", titles: STATE_TITLES, matches })}</div>
<div data-live="notifications">
${notifications.length === 0 ? emptyState(isFiltered, next !== undefined, await searchHints(control, base, { text, maskedText }, "notifications")) : notificationTable(notifications, options)}
${pager(path, parameters, { before, next, older: notifications.length < PAGE_SIZE ? "Search older" : "Older" })}
</div>`;
}

function emptyState(isFiltered: boolean, hasMore: boolean, hints: readonly Markup[]): Markup {
  const title = hasMore ? "No matches among recent notifications." : "No notifications match your filters.";
  return isFiltered || hasMore
    ? markup`<div class="empty"><p>${title}</p>${hints}</div>`
    : markup`<div class="empty"><p>No notifications yet</p><p class="quiet">The sandbox sends one for each vaulting that succeeds or fails. To get one, run <code>npx antom-vault trigger success</code>, or call vaultPaymentMethod with the URL of your server as vaultingNotificationUrl.</p></div>`;
}

function notificationTable(
  notifications: readonly NotificationView[],
  { now, base, showsClient }: { readonly now: string; readonly base: string; readonly showsClient: boolean },
): Markup {
  const row = (notification: NotificationView) => {
    const { sequence, vaultingRequestId, url, attempts, clientId } = notification;
    return markup`<tr data-key="${sequence}">
<td>${notificationState(notification)}</td>
<th scope="row"><a href="${exactAttribute(`${base}${PAGE.notifications}/${sequence}`)}">${formatId(vaultingRequestId)}</a></th>
<td class="wide">${formatEndpoint(url)}</td>
<td class="wide"><span class="code-word">${codeLink(base, readResultCode(notification))}</span></td>
<td class="wide">${summarizeAttempts(attempts)}</td>
${showsClient ? markup`<td class="quiet wide">${formatId(clientId)}</td>` : nothing}
<td class="number">${nextAttempt(notification, now)}</td>
</tr>`;
  };
  return markup`<table class="list">
<caption class="visually-hidden">Notifications, newest first</caption>
<thead><tr><th scope="col">State</th><th scope="col">vaultingRequestId</th><th scope="col">Endpoint</th><th scope="col">Result code</th><th scope="col">Attempts</th>${
    showsClient ? markup`<th scope="col">Client</th>` : nothing
  }<th scope="col" class="number">Next attempt</th></tr></thead>
<tbody>
${notifications.map(row)}
</tbody>
</table>`;
}

export const notificationState = ({ state }: NotificationView): Markup => stateLabel(STATE_TONES[state], state);

const STATE_TONES: Readonly<Record<NotificationView["state"], Tone>> = {
  PENDING: "wait",
  ACKNOWLEDGED: "good",
  EXHAUSTED: "bad",
};

/** Renders a notification URL without its scheme. */
const formatEndpoint = (url: string): Markup =>
  markup`<bdi class="quiet">${maskCardNumbers(url.replace(/^https?:\/\//i, ""))}</bdi>`;

function summarizeAttempts(attempts: NotificationView["attempts"]): Markup {
  const last = attempts.at(-1);
  if (!last) return markup`<span class="quiet">none yet</span>`;
  const { outcome, httpStatus } = last;
  const result = outcome === "UNEXPECTED_HTTP_STATUS" ? `HTTP ${httpStatus}` : nameOutcome(outcome);
  return markup`${attempts.length} <span class="${outcome === "ACKNOWLEDGED" ? "good" : "bad"}">${result}</span>`;
}

/** Renders when the next attempt is due. */
export function nextAttempt({ dueAt }: NotificationView, now: string): Markup {
  if (dueAt === undefined) return markup`<span class="quiet">none</span>`;
  return dueAt <= now ? markup`now` : markup`${formatTime(dueAt, now)}, in ${countdown(dueAt, now)}`;
}

/** Returns the result code in the body of a notification. */
export const readResultCode = ({ body }: NotificationView): string => getResult(JSON.parse(body)).resultCode ?? "";
