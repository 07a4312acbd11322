/** The switches: the clock, scenarios, faults, and forgetting everything. */
import { type OperationId, operations } from "../../../../generated/operations.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { getScenarioCodes } from "../../../control-api/scenario-codes.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { NOTIFICATION_FAULTS, RESPONSE_FAULTS } from "../../switches/faults.ts";
import { formatDuration, formatTime, option } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";

const CLOCK_STEPS_MS = [60_000, 120_000, 600_000, 3_600_000, 86_400_000] as const;

export async function controlsPage(control: Control, { base, tokenField }: Visit): Promise<Markup> {
  const clock = control.clock();
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const stored = await control.vaultingCount();
  const form = (fields: Markup) =>
    markup`<form method="post" action="${exactAttribute(base + PAGE.controls)}">${tokenField}${fields}</form>`;
  const merchants = markup`<label>Merchant<select name="clientId">${option("", "any", "")}${clients.map((each) => option(each, each, ""))}</select></label>`;
  const operationOptions = operations.map((each) => option(each, each, ""));
  return markup`<h1>Controls</h1>
<section aria-labelledby="clock"><h2 id="clock">Clock</h2>
<p class="lead">Challenges expire and notifications are tried by this clock. Move it, and what is due by then happens at once.</p>
<div class="panel clock">
${form(markup`<fieldset><legend>Move it forward by</legend><div class="row">${CLOCK_STEPS_MS.map((ms) => markup`<button name="action" value="advance-${ms}">${formatDuration(ms)}</button>`)}</div></fieldset>`)}
${form(markup`<div class="row"><label>Or by so many seconds<input name="seconds" type="number" min="1" max="31622400" step="1" required></label><button name="action" value="advance">Move</button></div>`)}
${form(markup`<div class="row"><label>Or set it to, UTC<input name="now" type="datetime-local" step="1" min="2020-01-01T00:00:00" max="2099-12-31T23:59:59" value="${clock.now.slice(0, 19)}" required></label><button name="action" value="set">Set</button></div>`)}
${form(markup`<button name="action" value="reset-clock"${clock.offsetMs === 0 ? markup` disabled` : nothing}>Back to the machine’s time</button>`)}
</div></section>
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
<p class="lead">An operation answers with one result code until the time is over, as the vendor’s dashboard lets it.</p>
<div data-live="scenarios">${activeScenarios(control, form)}</div>
<div class="panel">${form(markup`<div class="row">
<label class="grow">Operation and result code<select name="scenario" required>${operations.map(resultCodeOptions)}</select></label>
<label>Minutes<input name="minutes" type="number" min="1" max="120" value="30" required></label>
${merchants}<button name="action" value="start-scenario">Switch on</button></div>`)}</div></section>
<section aria-labelledby="faults"><h2 id="faults">Faults</h2>
<p class="lead">The next calls, or the next notifications, go wrong so many times.</p>
<div data-live="faults">${activeFaults(control, form)}</div>
<div class="panel">${form(markup`<div class="row">
<label class="grow">Fault<select name="fault" required><optgroup label="of a call">${RESPONSE_FAULTS.map((each) => option(each, each, ""))}</optgroup><optgroup label="of a notification">${NOTIFICATION_FAULTS.map((each) => option(each, each, ""))}</optgroup></select></label>
<label>Operation<select name="operation">${option("", "any", "")}${operationOptions}</select></label>
<label>Times<input name="times" type="number" min="1" max="1000000" value="1" required></label>
<label>Late by, ms<input name="ms" type="number" min="0" max="600000" placeholder="1000"></label>
${merchants}<button name="action" value="inject-fault">Inject</button></div>`)}</div></section>
<section aria-labelledby="reset"><h2 id="reset">Reset</h2>
<p class="lead">Forgets vaultings, notifications, exchanges, scenarios and faults, and takes the clock back to the machine’s time. Merchants and keys stay.</p>
<details class="danger"><summary>Forget everything…</summary>
${form(markup`<label class="check"><input type="checkbox" name="sure" value="yes" required> Yes, forget ${stored === 1 ? "the one vaulting" : `all ${stored.toLocaleString("en")} vaultings`}. This cannot be undone.</label><button class="bad" name="action" value="reset">Forget everything</button>`)}
</details></section>`;
}

/** SUCCESS is what an operation does anyway. */
function resultCodeOptions(operation: OperationId): Markup {
  const codes = getScenarioCodes(operation).filter((each) => each !== "SUCCESS");
  return markup`<optgroup label="${operation}">${codes.map((each) => option(`${operation} ${each}`, `${operation}: ${each}`, ""))}</optgroup>`;
}

type RenderForm = (fields: Markup) => Markup;

function activeScenarios(control: Control, form: RenderForm): Markup {
  const scenarios = control.scenarios();
  if (scenarios.length === 0) return markup`<p class="quiet">None is on.</p>`;
  const { now } = control.clock();
  return markup`<ul class="on-list">${scenarios.map(
    ({ operation, resultCode, until, clientId }) =>
      markup`<li><span><b>${operation}</b> answers <span class="code-word">${resultCode}</span>${clientId === undefined ? "" : ` for ${clientId}`} until ${formatTime(until, now)}</span>${form(markup`<input type="hidden" name="operation" value="${operation}"><button name="action" value="end-scenario" aria-label="End the scenarios of ${operation}">End</button>`)}</li>`,
  )}</ul>`;
}

function activeFaults(control: Control, form: RenderForm): Markup {
  const faults = control.faults();
  if (faults.length === 0) return markup`<p class="quiet">None is left.</p>`;
  return markup`<ul class="on-list">${faults.map(
    ({ fault, operation, remaining, times, ms, clientId }) =>
      markup`<li><span><b>${fault}</b>${operation === undefined ? "" : ` of ${operation}`}${clientId === undefined ? "" : ` for ${clientId}`}, ${remaining} of ${times ?? 1} left${ms === undefined ? "" : `, ${ms} ms`}</span></li>`,
  )}</ul>${form(markup`<button name="action" value="clear-faults">Take all back</button>`)}`;
}
