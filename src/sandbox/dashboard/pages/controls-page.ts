/** The page that controls the clock, scenarios, and faults, and resets the sandbox. */
import { operations } from "../../../../generated/operations.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { formatDuration, formatTime, option } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { choiceList, faultGroups, scenarioGroup } from "./choices.ts";

const CLOCK_STEPS_MS = [60_000, 120_000, 600_000, 3_600_000, 86_400_000] as const;

export async function controlsPage(control: Control, { base, tokenField }: Visit): Promise<Markup> {
  const clock = control.clock();
  const clients = (await control.clients()).map(({ clientId }) => clientId);
  const vaultingCount = await control.vaultingCount();
  const form = (fields: Markup) =>
    markup`<form method="post" action="${exactAttribute(base + PAGE.controls)}">${tokenField}${fields}</form>`;
  const toOptions = (values: readonly string[]) => values.map((value) => option(value, value, ""));
  const clientSelect = markup`<label>Client<select name="clientId">${option("", "Any", "")}${toOptions(clients)}</select></label>`;
  return markup`<h1>Controls</h1>
<section aria-labelledby="clock"><h2 id="clock">Clock</h2>
<p class="lead">This clock determines when challenges, sessions, and scenarios expire, and when notifications are retried. When you move it forward, everything that becomes due happens immediately.</p>
<div class="panel clock">
${form(markup`<fieldset><legend>Move forward</legend><div class="row">${CLOCK_STEPS_MS.map((ms) => markup`<button name="action" value="advance-${ms}">${formatDuration(ms)}</button>`)}</div></fieldset>`)}
${form(markup`<div class="row"><label>Custom duration (seconds)<input name="seconds" type="number" min="1" max="31622400" step="1" required></label><button name="action" value="advance">Move</button></div>`)}
${form(markup`<div class="row"><label>Set time (UTC)<input name="now" type="datetime-local" step="1" min="2020-01-01T00:00:00" max="2099-12-31T23:59:59" value="${clock.now.slice(0, 19)}" required></label><button name="action" value="set">Set</button></div>`)}
${form(markup`<button name="action" value="reset-clock"${clock.offsetMs === 0 ? markup` disabled` : nothing}>Reset to system time</button>`)}
</div></section>
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
<p class="lead">Make an operation return a fixed result code for a limited time, like the error scenarios in Antom’s dashboard.</p>
<div data-live="scenarios">${activeScenarios(control, form, base)}</div>
<div class="panel">${form(markup`${choiceList("scenario", "Search scenarios", operations.map(scenarioGroup))}<div class="row below">
<label>Minutes<input name="minutes" type="number" min="1" max="120" value="30" required></label>
${clientSelect}<button name="action" value="start-scenario">Start scenario</button></div>`)}</div></section>
<section aria-labelledby="faults"><h2 id="faults">Faults</h2>
<p class="lead">Inject faults, such as errors and delays, into the next API calls or notifications.</p>
<div data-live="faults">${activeFaults(control, form)}</div>
<div class="panel">${form(markup`${choiceList("fault", "Search faults", faultGroups())}<div class="row below">
<label>Operation<select name="operation">${option("", "Any", "")}${toOptions(operations)}</select></label>
<label>Times<input name="times" type="number" min="1" max="1000000" value="1" required></label>
<label>Delay (ms)<input name="ms" type="number" min="0" max="600000" placeholder="1000"></label>
${clientSelect}<button name="action" value="inject-fault">Inject fault</button></div>`)}</div></section>
<section aria-labelledby="reset"><h2 id="reset">Reset</h2>
<p class="lead">Deletes all vaultings, notifications, API calls, scenarios, and faults, and resets the clock. Clients and keys are kept.</p>
<details class="danger"><summary>Reset sandbox…</summary>
${form(markup`<label class="check"><input type="checkbox" name="confirm" value="yes" required> Delete ${vaultingCount === 1 ? "1 vaulting" : `${vaultingCount.toLocaleString("en")} vaultings`} and all notifications, API calls, scenarios, and faults. You cannot undo this.</label><button class="bad" name="action" value="reset">Reset sandbox</button>`)}
</details></section>`;
}

type RenderForm = (fields: Markup) => Markup;

function activeScenarios(control: Control, form: RenderForm, base: string): Markup {
  const scenarios = control.scenarios();
  if (scenarios.length === 0) return markup`<p class="quiet">No active scenarios.</p>`;
  const { now } = control.clock();
  return markup`<ul class="active-list">${scenarios.map(
    ({ operation, resultCode, until, clientId }) =>
      markup`<li><span><b>${operation}</b> returns <span class="code-word">${codeLink(base, resultCode, operation)}</span>${clientId === undefined ? "" : ` for ${clientId}`} until ${formatTime(until, now)}</span>${form(markup`<input type="hidden" name="operation" value="${operation}"><button name="action" value="end-scenario" aria-label="End scenarios of ${operation}">End</button>`)}</li>`,
  )}</ul>`;
}

function activeFaults(control: Control, form: RenderForm): Markup {
  const faults = control.faults();
  if (faults.length === 0) return markup`<p class="quiet">No active faults.</p>`;
  return markup`<ul class="active-list">${faults.map(
    ({ fault, operation, remaining, times, ms, clientId }) =>
      markup`<li><span><b>${fault}</b>${operation === undefined ? "" : ` for ${operation}`}${clientId === undefined ? "" : ` for ${clientId}`}, ${remaining} of ${times ?? 1} remaining${ms === undefined ? "" : `, ${ms} ms`}</span></li>`,
  )}</ul>${form(markup`<button name="action" value="clear-faults">Clear all faults</button>`)}`;
}
