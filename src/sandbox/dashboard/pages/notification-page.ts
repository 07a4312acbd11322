/** The page of a notification: its delivery attempts with request and response, actions, and details. */
import { maskCardNumbers } from "../../../cards/mask-card-data.ts";
import { adviseAttempt, describeAttempt } from "../../../control-api/attempt-outcomes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatVaultingPath, PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { shellQuote } from "../../../machine/shell-quote.ts";
import { addDefaultScheme } from "../../../protocol/add-default-scheme.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { codeBlock, countdown, disclosure, factList, formatId, stateLabel, toMarkup } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";
import { jsonBlock } from "../frame/json-block.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { createTimeFormat } from "../frame/times.ts";
import { nextAttempt, notificationState, readResultCode } from "./notifications-page.ts";
import { describeResultCode } from "./timeline.ts";

type NotificationView = ControlSchemas["Notification"];
type AttemptView = NotificationView["attempts"][number];

export function notificationPage(
  control: Control,
  notification: NotificationView,
  { base, tokenField }: Visit,
): Markup {
  const { sequence, clientId, vaultingRequestId, attempts } = notification;
  const { now } = control.clock();
  const times = attempts.map(({ at }) => at);
  const showTime = createTimeFormat(times, now);
  const items = attempts
    .toReversed()
    .map((attempt, index) => attemptItem(attempt, notification, showTime, index === 0));
  return markup`<p class="breadcrumb"><a href="${exactAttribute(base + PAGE.notifications)}">Notifications</a></p>
<div class="title"><h1>Notification ${sequence}</h1>
<p data-live="state">${notificationState(notification)}</p></div>
<div class="split" data-vaulting="${exactAttribute(JSON.stringify([clientId, vaultingRequestId]))}">
<section aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>
<ol class="timeline" data-live="attempts" reversed>
${nextItem(notification, now)}${items}
</ol></section>
<aside aria-label="Actions and details">
<div data-live="actions">${notificationActions(notification, { now, base, tokenField })}</div>
<div data-live="facts">${notificationFacts(notification, now, base)}</div>
</aside>
</div>`;
}

/** Renders the next attempt or, if the attempts are exhausted, what to do. Renders nothing after an acknowledgement. */
function nextItem(notification: NotificationView, now: string): Markup {
  const { state, attempts, url } = notification;
  if (state === "ACKNOWLEDGED") return nothing;
  if (state === "EXHAUSTED")
    return markup`<li class="bad"><h3>Attempts exhausted</h3><p>The last retry failed. To try again, resend the notification.</p></li>`;
  return markup`<li class="wait upcoming"><h3>${attempts.length === 0 ? "First attempt" : "Next attempt"}</h3>
<p class="when">${nextAttempt(notification, now)}</p><p>To ${maskCardNumbers(url)}</p></li>`;
}

function attemptItem(
  attempt: AttemptView,
  notification: NotificationView,
  showTime: (iso: string) => Markup,
  isLast: boolean,
): Markup {
  const { number, at, outcome, durationMs, request, response } = attempt;
  const advice = adviseAttempt(attempt);
  const fault = request?.fault;
  const key = (name: string) => `${number}-${name}`;
  const tone = outcome === "ACKNOWLEDGED" ? "good" : "bad";
  const details = [
    response ? disclosure(key("response"), "Response", responseDetails(attempt, response), isLast) : nothing,
    request ? disclosure(key("request"), "Request", requestDetails(request, notification.body), isLast) : nothing,
    request ? disclosure(key("signed"), "String to sign", signedString(request, notification.body)) : nothing,
    request ? disclosure(key("curl"), "Send again with curl", curlDetails(notification, request)) : nothing,
  ];
  return markup`<li class="${tone}" id="attempt-${number}"><h3>Attempt ${number}</h3><p class="when">${showTime(at)}</p>
<p>${describeAttempt(attempt)} Duration: ${Math.round(durationMs)} ms.</p>
<ul class="steps">
${fault === undefined ? nothing : markup`<li>${stateLabel("wait", "Fault")} <span>The fault ${fault} was injected.</span></li>`}
${advice === "" ? nothing : markup`<li>${stateLabel(tone, "What to do")} <span>${advice}</span></li>`}
</ul>
<div class="call-details open">${details}</div></li>`;
}

function requestDetails({ path, headers }: ControlSchemas["AttemptMessage"], body: string): Markup {
  return markup`${codeBlock(`POST ${path}\n${formatHeaders(headers)}`, "request headers")}${jsonBlock(body, "notification body")}`;
}

function responseDetails(
  { httpStatus = 0 }: AttemptView,
  { headers, body, bodySize, truncated }: ControlSchemas["AttemptResponse"],
): Markup {
  const size = `${bodySize.toLocaleString("en")} ${bodySize === 1 ? "byte" : "bytes"}`;
  const note = truncated
    ? markup`<p class="quiet">Only the start of the body is shown. The sandbox read ${size}.</p>`
    : nothing;
  const text =
    body === undefined
      ? markup`<p class="quiet">The body is not text (${size}).</p>`
      : body === ""
        ? markup`<p class="quiet">The body is empty.</p>`
        : jsonBlock(body, "response body");
  return markup`${codeBlock(`HTTP ${httpStatus}\n${formatHeaders(headers)}`, "response headers")}${text}${note}`;
}

const formatHeaders = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

function signedString({ path, headers }: ControlSchemas["AttemptMessage"], body: string): Markup {
  const text = `POST ${path}\n${headers["client-id"]}.${headers["request-time"]}.${body}`;
  return markup`${codeBlock(text, "string to sign")}<p class="quiet">Your server must verify the signature over exactly these bytes. They contain the path and query as requested, and the raw body.</p>`;
}

function curlDetails(notification: NotificationView, request: ControlSchemas["AttemptMessage"]): Markup {
  return markup`${codeBlock(createCurlCommand(notification, request), "curl command")}<p class="quiet">Sends the request again, byte for byte. A receiver might reject it because its request-time is old. To send it with a new request-time, resend the notification.</p>`;
}

/** Creates a curl command that sends the request of an attempt again, byte for byte. */
export function createCurlCommand(
  { url, body }: Pick<NotificationView, "url" | "body">,
  { headers }: ControlSchemas["AttemptMessage"],
): string {
  const lines = [
    `curl -i -g ${shellQuote(new URL(addDefaultScheme(url)).href)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    `--data-binary ${shellQuote(body)}`,
  ];
  return lines.join(" \\\n  ");
}

function notificationActions(
  { sequence, dueAt }: NotificationView,
  { now, base, tokenField }: { readonly now: string; readonly base: string; readonly tokenField: Markup },
): Markup {
  const path = exactAttribute(`${base}${PAGE.notifications}/${sequence}`);
  const form = (fields: Markup) => markup`<form method="post" action="${path}">${tokenField}${fields}</form>`;
  const moveClock =
    dueAt !== undefined && dueAt > now
      ? form(
          markup`<button name="action" value="clock">Move clock to next attempt</button><p class="quiet">Time left: ${countdown(dueAt, now)}</p>`,
        )
      : nothing;
  return markup`<h2>Actions</h2><div class="actions">${form(
    markup`<button name="action" value="resend">Resend now</button><p class="quiet">Restarts the retry schedule. The body stays the same, and the signature is new.</p>`,
  )}${moveClock}</div>`;
}

function notificationFacts(notification: NotificationView, now: string, base: string): Markup {
  const { clientId, vaultingRequestId, url, attempts } = notification;
  const resultCode = readResultCode(notification);
  const path = formatVaultingPath({ clientId, vaultingRequestId });
  return markup`<h2>Details</h2>${factList([
    ["Vaulting", markup`<a href="${exactAttribute(base + path)}">${formatId(vaultingRequestId)}</a>`],
    ["Result", markup`<span class="code-word">${codeLink(base, resultCode)}</span> ${describeResultCode(resultCode)}`],
    ["URL", toMarkup(maskCardNumbers(url))],
    ["Client", formatId(clientId)],
    ["Attempts", toMarkup(String(attempts.length))],
    ["Next attempt (UTC)", nextAttempt(notification, now)],
  ])}`;
}
