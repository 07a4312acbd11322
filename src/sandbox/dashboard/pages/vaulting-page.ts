/** One vaulting's whole story on one page. */
import { vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { formatVaultingPath, type VaultingKey } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { ACTION_ADVICE } from "../../../protocol/result-actions.ts";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { CHALLENGE_RESULTS } from "../../vaulting/state-machine.ts";
import {
  codeBlock,
  copyButton,
  countdown,
  disclosure,
  factList,
  formatCard,
  formatId,
  formatJson,
  formatTime,
  option,
  stateLabel,
  toMarkup,
  toneFromStatus,
} from "../frame/components.ts";
import { callDetails, callSteps } from "./call-details.ts";
import type { ReplayTarget } from "./replay-snippets.ts";
import { buildTimeline, describeResultCode, type TimelineEvent } from "./timeline.ts";

export interface VaultingPageOptions {
  readonly control: Control;
  readonly name: VaultingKey;
  readonly history: VaultingHistory;
  readonly base: string;
  /** The hidden field that each form carries. */
  readonly tokenField: Markup;
}

export function vaultingPage(telling: VaultingPageOptions): Markup {
  const { control, name, history, base } = telling;
  const { now } = control.clock();
  const place = control.configuration();
  const { vaulting } = history;
  const status = vaulting
    ? stateLabel(toneFromStatus(vaulting.view.status), vaulting.view.status)
    : stateLabel("bad", "not begun");
  const events = buildTimeline(history);
  return markup`<p class="crumb"><a href="${exactAttribute(`${base}/`)}">Vaultings</a></p>
<div class="title"><h1>${formatId(name.vaultingRequestId)}</h1>${copyButton(name.vaultingRequestId, "the ID")}
<p data-live="status">${status}</p></div>
<div class="split" data-of="${exactAttribute(JSON.stringify([name.clientId, name.vaultingRequestId]))}">
<section aria-labelledby="story"><h2 id="story">What happened</h2>
<ol class="timeline" data-live="timeline">
${events.map((event, at) => eventItem(event, { now, place, open: at === 0 }))}
</ol></section>
<aside aria-label="The vaulting now">
<div data-live="actions">${vaultingActions(telling, now)}</div>
<div data-live="facts">${vaultingFacts(telling, now)}</div>
</aside>
</div>`;
}

function eventItem(
  { at, tone, title, text, call, link, upcoming }: TimelineEvent,
  { now, place, open }: { readonly now: string; readonly place: ReplayTarget; readonly open: boolean },
): Markup {
  const when = upcoming ? markup`${formatTime(at, now)}, in ${countdown(at, now)}` : formatTime(at, now);
  return markup`<li class="${tone}${upcoming ? " ahead" : ""}">
<h3>${title}</h3><p class="when">${when}</p>
<p>${maskCardNumbers(text)}</p>
${link ? markup`<p><a class="button" href="${exactAttribute(link.url)}">${link.title}</a></p>` : nothing}
${call ? markup`<ul class="steps">${callSteps(call)}</ul>${callDetails(call, place, open)}` : nothing}
</li>`;
}

function vaultingFacts({ name, history: { vaulting, notification } }: VaultingPageOptions, now: string): Markup {
  if (!vaulting) {
    return markup`<h2>Facts</h2>${factList([["Merchant", formatId(name.clientId)]])}
<p>No vaulting was begun under this ID: every call was refused before. The corrected request may use it again.</p>`;
  }
  const { view } = vaulting;
  const { metadata, redirectUrl, notificationUrl } = vaulting.stored;
  const { resultCode, cardToken, finishedAt, expiresAt } = view;
  const shown = (value: string | null) => (value ? toMarkup(maskCardNumbers(value)) : undefined);
  return markup`<h2>Facts</h2>${factList([
    [
      "Result",
      resultCode
        ? markup`<span class="code-word">${resultCode}</span> ${describeResultCode(resultCode)}${describeNextStep(resultCode)}`
        : undefined,
    ],
    ["Card", formatCard(view)],
    [
      "Token",
      cardToken === undefined
        ? undefined
        : markup`<span class="token">${cardToken}</span> ${copyButton(cardToken, "the token")}`,
    ],
    ["Merchant", formatId(name.clientId)],
    ["Begun by", toMarkup(view.origin)],
    ["Begun", formatTime(view.createdAt, now)],
    ["Final since", finishedAt === undefined ? undefined : formatTime(finishedAt, now)],
    [
      "Ends by itself",
      expiresAt === undefined ? undefined : markup`${formatTime(expiresAt, now)}, in ${countdown(expiresAt, now)}`,
    ],
    ["Notified at", shown(notificationUrl)],
    ["Buyer goes back to", shown(redirectUrl)],
    ["metadata", shown(metadata)],
  ])}
${notification ? disclosure("notification", "The notification’s body", codeBlock(formatJson(notification.body), "the notification’s body")) : nothing}`;
}

const describeNextStep = (resultCode: string): string => {
  const row = vaultingResultCodes.find((each) => each.code === resultCode);
  return row && row.action !== "none" ? ` ${ACTION_ADVICE[row.action]}` : "";
};

/** What can be done now. Each is a form that leads back to this page. */
function vaultingActions(
  { name, history: { vaulting, notification }, base, tokenField }: VaultingPageOptions,
  now: string,
): Markup {
  const form = (fields: Markup) =>
    markup`<form method="post" action="${exactAttribute(base + formatVaultingPath(name))}">${tokenField}${fields}</form>`;
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
          markup`<button name="action" value="clock">Move the clock to ${dueAt === undefined ? "its end" : "the next attempt"}</button><p class="quiet">${countdown(next, now)} on</p>`,
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
