/** The page of a vaulting: its timeline, details, and actions. */
import { vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { formatVaultingPath, PAGE, type VaultingKey } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { ACTION_ADVICE } from "../../../protocol/result-actions.ts";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { CHALLENGE_RESULTS } from "../../vaulting/state-machine.ts";
import {
  copyButton,
  countdown,
  disclosure,
  factList,
  formatCard,
  formatId,
  formatTime,
  option,
  stateLabel,
  toMarkup,
  toneFromStatus,
} from "../frame/components.ts";
import { jsonBlock } from "../frame/json-block.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { createTimeFormat, formatAge } from "../frame/times.ts";
import { canSendAgain, sendAgainLink } from "../send/send-again-link.ts";
import { callDetails, callStepList } from "./call-details.ts";
import type { ReplayTarget } from "./replay-snippets.ts";
import { buildTimeline, describeResultCode, type TimelineEvent } from "./timeline.ts";

export interface VaultingPageOptions {
  readonly control: Control;
  readonly key: VaultingKey;
  readonly history: VaultingHistory;
  readonly base: string;
  /** The hidden field with the form token. */
  readonly tokenField: Markup;
}

export function vaultingPage(options: VaultingPageOptions): Markup {
  const { control, key, history, base } = options;
  const { now } = control.clock();
  const target = control.configuration();
  const { vaulting } = history;
  const status = vaulting
    ? stateLabel(toneFromStatus(vaulting.view.status), vaulting.view.status)
    : stateLabel("bad", "not created");
  const events = buildTimeline(history);
  const showTime = createTimeFormat(
    events.map(({ at }) => at),
    now,
  );
  return markup`<p class="breadcrumb"><a href="${exactAttribute(`${base}/`)}">Vaultings</a></p>
<div class="title"><h1>${formatId(key.vaultingRequestId)}</h1>${copyButton(key.vaultingRequestId, "ID")}
<p data-live="status">${status}</p></div>
<div class="split" data-vaulting="${exactAttribute(JSON.stringify([key.clientId, key.vaultingRequestId]))}">
<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
<ol class="timeline" data-live="timeline">
${events.map((event, index) => eventItem(event, { now, target, open: index === 0, base, showTime }))}
</ol></section>
<aside aria-label="Actions and details">
<div data-live="send">${sendAgainLink(history.calls.find(canSendAgain), base)}</div>
<div data-live="actions">${vaultingActions(options, now)}</div>
<div data-live="facts">${vaultingFacts(options, now)}</div>
</aside>
</div>`;
}

interface EventItemOptions {
  readonly now: string;
  readonly target: ReplayTarget;
  readonly open: boolean;
  readonly base: string;
  readonly showTime: (iso: string) => Markup;
}

function eventItem(
  { at, tone, title, text, call, attempt, link, upcoming }: TimelineEvent,
  { now, target, open, base, showTime }: EventItemOptions,
): Markup {
  const when = upcoming ? markup`${formatTime(at, now)}, in ${countdown(at, now)}` : showTime(at);
  return markup`<li class="${tone}${upcoming ? " upcoming" : ""}">
<h3>${title}</h3><p class="when">${when}</p>
<p>${maskCardNumbers(text)}</p>
${link ? markup`<p><a class="button" href="${exactAttribute(link.url)}">${link.title}</a></p>` : nothing}
${attempt ? markup`<p><a href="${exactAttribute(`${base}${PAGE.notifications}/${attempt.sequence}#attempt-${attempt.number}`)}">Request and response<span class="visually-hidden"> for attempt ${attempt.number}</span></a></p>` : nothing}
${call ? markup`${callStepList(call, base)}${callDetails(call, target, open)}` : nothing}
</li>`;
}

function vaultingFacts({ key, history: { vaulting, notification }, base }: VaultingPageOptions, now: string): Markup {
  if (!vaulting) {
    return markup`<h2>Details</h2>${factList([["Client", formatId(key.clientId)]])}
<p>No vaulting exists for this ID because every call was rejected. Fix the request and reuse the ID.</p>`;
  }
  const { view } = vaulting;
  const { metadata, redirectUrl, notificationUrl } = vaulting.stored;
  const { resultCode, cardToken, finishedAt, expiresAt } = view;
  const maskText = (value: string | null) => (value ? toMarkup(maskCardNumbers(value)) : undefined);
  return markup`<h2>Details</h2>${factList([
    [
      "Result",
      resultCode
        ? markup`<span class="code-word">${codeLink(base, resultCode)}</span> ${describeResultCode(resultCode)}${describeNextStep(resultCode)}`
        : undefined,
    ],
    ["Card", formatCard(view)],
    [
      "Token",
      cardToken === undefined
        ? undefined
        : markup`<span class="token">${cardToken}</span> ${copyButton(cardToken, "token")}`,
    ],
    ["Client", formatId(key.clientId)],
    ["Created by", toMarkup(view.origin)],
    ["Created (UTC)", markup`${formatTime(view.createdAt, now)} ${formatAge(view.createdAt, now)}`],
    ["Completed (UTC)", finishedAt === undefined ? undefined : formatTime(finishedAt, now)],
    [
      "Expires (UTC)",
      expiresAt === undefined ? undefined : markup`${formatTime(expiresAt, now)}, in ${countdown(expiresAt, now)}`,
    ],
    [
      "Notification",
      notification &&
        markup`<a href="${exactAttribute(`${base}${PAGE.notifications}/${notification.sequence}`)}">${notification.state}</a>`,
    ],
    ["Notification URL", maskText(notificationUrl)],
    ["Redirect URL", maskText(redirectUrl)],
    ["Metadata", maskText(metadata)],
  ])}
${notification ? disclosure("notification", "Notification body", jsonBlock(notification.body, "notification body")) : nothing}`;
}

const describeNextStep = (resultCode: string): string => {
  const row = vaultingResultCodes.find(({ code }) => code === resultCode);
  return row && row.action !== "none" ? ` ${ACTION_ADVICE[row.action]}` : "";
};

/** Renders the available actions as forms, which redirect back to the page of the vaulting. */
function vaultingActions(
  { key, history: { vaulting, notification }, base, tokenField }: VaultingPageOptions,
  now: string,
): Markup {
  const form = (fields: Markup) =>
    markup`<form method="post" action="${exactAttribute(base + formatVaultingPath(key))}">${tokenField}${fields}</form>`;
  const dueAt = notification?.dueAt;
  const nextTime = dueAt ?? vaulting?.view.expiresAt;
  const actions = [
    vaulting?.stored.status === "PROCESSING" && vaulting.stored.challenge !== null
      ? form(
          markup`<label>Challenge result<select name="result">${CHALLENGE_RESULTS.map((result) => option(result, result, "passed"))}</select></label><button name="action" value="challenge">Complete challenge</button>`,
        )
      : nothing,
    nextTime !== undefined && Date.parse(nextTime) > Date.parse(now)
      ? form(
          markup`<button name="action" value="clock">Move clock to ${dueAt === undefined ? "expiry" : "next attempt"}</button><p class="quiet">Time left: ${countdown(nextTime, now)}</p>`,
        )
      : nothing,
    notification
      ? form(
          markup`<button name="action" value="resend">Resend notification</button><p class="quiet">Restarts the retry schedule. The body stays the same.</p>`,
        )
      : nothing,
  ].filter((action) => action !== nothing);
  return actions.length === 0 ? nothing : markup`<h2>Actions</h2><div class="actions">${actions}</div>`;
}
