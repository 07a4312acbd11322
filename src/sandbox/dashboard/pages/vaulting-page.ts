/** One vaulting's whole story on one page. */
import { vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { maskNumbers } from "../../../cards/mask-card-data.ts";
import { type VaultingName, vaultingPath } from "../../../control-api/sandbox-paths.ts";
import { type Markup, markup, nothing, verbatim } from "../../../html/html-template.ts";
import { NEXT_STEP } from "../../../protocol/result-actions.ts";
import type { Story } from "../../control/dashboard-queries.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { CHALLENGE_RESULTS } from "../../vaulting/state-machine.ts";
import {
  cardOf,
  code,
  copy,
  facts,
  fold,
  id,
  laidOut,
  moment,
  option,
  state,
  text,
  toneOfStatus,
  until,
} from "../frame/components.ts";
import { insides, steps } from "./call-details.ts";
import type { Place } from "./replay-snippets.ts";
import { meaningOf, type TimelineEvent, timelineOf } from "./timeline.ts";

export interface Telling {
  readonly control: Control;
  readonly name: VaultingName;
  readonly story: Story;
  readonly base: string;
  /** The hidden field that each form carries. */
  readonly token: Markup;
}

export function vaultingPage(telling: Telling): Markup {
  const { control, name, story, base } = telling;
  const { now } = control.clock();
  const place = control.configuration();
  const { vaulting } = story;
  const status = vaulting ? state(toneOfStatus(vaulting.view.status), vaulting.view.status) : state("bad", "not begun");
  const events = timelineOf(story);
  return markup`<p class="crumb"><a href="${verbatim(`${base}/`)}">Vaultings</a></p>
<div class="title"><h1>${id(name.vaultingRequestId)}</h1>${copy(name.vaultingRequestId, "the ID")}
<p data-live="status">${status}</p></div>
<div class="split" data-of="${verbatim(JSON.stringify([name.clientId, name.vaultingRequestId]))}">
<section aria-labelledby="story"><h2 id="story">What happened</h2>
<ol class="timeline" data-live="timeline">
${events.map((event, at) => eventItem(event, { now, place, open: at === 0 }))}
</ol></section>
<aside aria-label="The vaulting now">
<div data-live="actions">${actions(telling, now)}</div>
<div data-live="facts">${factsOf(telling, now)}</div>
</aside>
</div>`;
}

function eventItem(
  { at, tone, title, sentence, exchange, link, ahead }: TimelineEvent,
  { now, place, open }: { readonly now: string; readonly place: Place; readonly open: boolean },
): Markup {
  const when = ahead ? markup`${moment(at, now)}, in ${until(at, now)}` : moment(at, now);
  return markup`<li class="${tone}${ahead ? " ahead" : ""}">
<h3>${title}</h3><p class="when">${when}</p>
<p>${maskNumbers(sentence)}</p>
${link ? markup`<p><a class="button" href="${verbatim(link.url)}">${link.title}</a></p>` : nothing}
${exchange ? markup`<ul class="steps">${steps(exchange)}</ul>${insides(exchange, place, open)}` : nothing}
</li>`;
}

function factsOf({ name, story: { vaulting, notification } }: Telling, now: string): Markup {
  if (!vaulting) {
    return markup`<h2>Facts</h2>${facts([["Merchant", id(name.clientId)]])}
<p>No vaulting was begun under this ID: every call was refused before. The corrected request may use it again.</p>`;
  }
  const { view } = vaulting;
  const { metadata, redirectUrl, notificationUrl } = vaulting.stored;
  const { resultCode, cardToken, finishedAt, expiresAt } = view;
  const shown = (value: string | null) => (value ? text(maskNumbers(value)) : undefined);
  return markup`<h2>Facts</h2>${facts([
    [
      "Result",
      resultCode
        ? markup`<span class="code-word">${resultCode}</span> ${meaningOf(resultCode)}${adviceOf(resultCode)}`
        : undefined,
    ],
    ["Card", cardOf(view)],
    [
      "Token",
      cardToken === undefined
        ? undefined
        : markup`<span class="token">${cardToken}</span> ${copy(cardToken, "the token")}`,
    ],
    ["Merchant", id(name.clientId)],
    ["Begun by", text(view.origin)],
    ["Begun", moment(view.createdAt, now)],
    ["Final since", finishedAt === undefined ? undefined : moment(finishedAt, now)],
    [
      "Ends by itself",
      expiresAt === undefined ? undefined : markup`${moment(expiresAt, now)}, in ${until(expiresAt, now)}`,
    ],
    ["Notified at", shown(notificationUrl)],
    ["Buyer goes back to", shown(redirectUrl)],
    ["metadata", shown(metadata)],
  ])}
${notification ? fold("notification", "The notification’s body", code(laidOut(notification.body), "the notification’s body")) : nothing}`;
}

const adviceOf = (resultCode: string): string => {
  const row = vaultingResultCodes.find((each) => each.code === resultCode);
  return row && row.action !== "none" ? ` ${NEXT_STEP[row.action]}` : "";
};

/** What can be done now. Each is a form that leads back to this page. */
function actions({ name, story: { vaulting, notification }, base, token }: Telling, now: string): Markup {
  const form = (fields: Markup) =>
    markup`<form method="post" action="${verbatim(base + vaultingPath(name))}">${token}${fields}</form>`;
  const dueAt = notification?.dueAt;
  const next = dueAt === undefined ? vaulting?.view.expiresAt : dueAt;
  const parts = [
    vaulting?.stored.status === "PROCESSING" && vaulting.stored.challenge !== null
      ? form(
          markup`<label>End the challenge as<select name="result">${CHALLENGE_RESULTS.map((each) => option(each, each, "passed"))}</select></label><button name="action" value="challenge">End challenge</button>`,
        )
      : nothing,
    next !== undefined && Date.parse(next) > Date.parse(now)
      ? form(
          markup`<button name="action" value="clock">Move the clock to ${dueAt === undefined ? "its end" : "the next attempt"}</button><p class="quiet">${until(next, now)} on</p>`,
        )
      : nothing,
    notification
      ? form(
          markup`<button name="action" value="resend">Resend the notification</button><p class="quiet">Begins the schedule anew, with the same body.</p>`,
        )
      : nothing,
  ].filter((each) => each !== nothing);
  return parts.length === 0 ? nothing : markup`<h2>Actions</h2><div class="actions">${parts}</div>`;
}
