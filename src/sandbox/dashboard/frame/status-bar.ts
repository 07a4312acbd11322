/** The status bar of the dashboard's pages. */
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { formatDuration, formatTime } from "./components.ts";
import { codeLink } from "./result-code-links.ts";

export async function statusBar(control: Control, base: string): Promise<Markup> {
  const clock = control.clock();
  const [delivery, vaultingCount] = await Promise.all([control.delivery(), control.vaultingCount()]);
  const scenarios = control.scenarios().map(({ operation, resultCode, until, clientId }) => {
    const client = clientId === undefined ? "" : ` for ${clientId}`;
    return markup`<li>${operation} returns ${codeLink(base, resultCode, operation)}${client} until ${formatTime(until, clock.now)}</li>`;
  });
  const faults = control.faults().map(({ fault, operation, remaining }) => {
    const target = operation === undefined ? "" : ` for ${operation}`;
    return markup`<li>${fault}${target}, ${remaining} remaining</li>`;
  });
  const active = [...scenarios, ...faults];
  return markup`<section class="status-bar" aria-label="Sandbox state">
<dl data-live="status-bar">
<div><dt>Clock</dt><dd><span data-clock="${clock.now}">${clock.now.slice(0, 19).replace("T", " ")}</span> UTC<small>${describeOffset(clock.offsetMs)}</small></dd></div>
<div><dt>Vaultings</dt><dd>${vaultingCount.toLocaleString("en")}</dd></div>
<div><dt>Notifications</dt><dd><a href="${exactAttribute(`${base}${PAGE.notifications}${delivery.pending > 0 ? "?state=PENDING" : ""}`)}">${delivery.pending.toLocaleString("en")} pending</a><small>${describeDelivery(delivery)}</small></dd></div>
<div class="wide"><dt>Scenarios and faults</dt><dd>${
    active.length === 0
      ? markup`None active`
      : markup`<ul>${active}</ul><a href="${exactAttribute(base + PAGE.controls)}">Manage</a>`
  }</dd></div>
</dl>
<p class="connection" id="connection" role="status"></p>
</section>`;
}

function describeOffset(offsetMs: number): string {
  if (offsetMs === 0) return "system time";
  return `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead of" : "behind"} system time`;
}

function describeDelivery({ running, inFlight }: Awaited<ReturnType<Control["delivery"]>>): string {
  if (!running) return "delivery is not running";
  return inFlight === 0 ? "none in flight" : `${inFlight} in flight`;
}
