/** The state of the sandbox, in one line above every page. */

import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { formatDuration, formatTime } from "./components.ts";

export async function statusBar(control: Control, base: string): Promise<Markup> {
  const clock = control.clock();
  const [delivery, stored] = await Promise.all([control.delivery(), control.vaultingCount()]);
  const scenarios = control.scenarios().map(({ operation, resultCode, until, clientId }) => {
    const whom = clientId === undefined ? "" : ` for ${clientId}`;
    return markup`<li class="on">${operation} answers ${resultCode}${whom} until ${formatTime(until, clock.now)}</li>`;
  });
  const faults = control.faults().map(({ fault, operation, remaining }) => {
    const of = operation === undefined ? "" : ` of ${operation}`;
    return markup`<li class="on">${fault}${of}, ${remaining === 1 ? "once" : `${remaining} times`} more</li>`;
  });
  const trouble = [...scenarios, ...faults];
  return markup`<section class="strip" aria-label="State of the sandbox">
<dl data-live="strip">
<div><dt>Clock</dt><dd><span data-clock="${clock.now}">${clock.now.slice(0, 19).replace("T", " ")}</span> UTC<small>${describeOffset(clock.offsetMs)}</small></dd></div>
<div><dt>Vaultings</dt><dd>${stored.toLocaleString("en")}</dd></div>
<div><dt>Deliveries</dt><dd>${delivery.pending.toLocaleString("en")} pending<small>${describeDelivery(delivery)}</small></dd></div>
<div class="wide"><dt>Scenarios and faults</dt><dd>${
    trouble.length === 0
      ? markup`none on`
      : markup`<ul>${trouble}</ul><a href="${exactAttribute(base + PAGE.controls)}">Switch</a>`
  }</dd></div>
</dl>
<p class="live" id="live" role="status"></p>
</section>`;
}

function describeOffset(offsetMs: number): string {
  if (offsetMs === 0) return "the machine’s own time";
  return `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead of" : "behind"} the machine`;
}

function describeDelivery({ running, inFlight }: Awaited<ReturnType<Control["delivery"]>>): string {
  if (!running) return "not sent by this process";
  return inFlight === 0 ? "none under way" : `${inFlight} under way`;
}
