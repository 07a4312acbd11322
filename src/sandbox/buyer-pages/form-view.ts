/** What the two pages with a form have in common. @module */
import { html } from "hono/html";
import type { Processing } from "../vaulting/state-machine.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";

/** Of whom a page with a form is asked, and when. */
export interface FormContext {
  readonly now: number;
  /** Where the form goes: the page's own path. Left out, what stands behind a `#` would go with it, and on to the merchant. */
  readonly path: string;
  /** The hidden field by which the form is known again. */
  readonly tokenField: Markup;
}

/** A page with a form, once it is known for which browser. */
export type FormView<Waiting extends Processing> = (vaulting: Waiting, asking: FormContext) => View;

/** What kind of page it is, above its title. */
export const pageKind = (text: string, drawing: Icon): Markup => html`<p class="kind">${icon(drawing)}${text}</p>`;

/** How long the page waits, and more that is good to know. */
export function notes({ expiresAt }: Processing, { now }: FormContext, more?: string): Markup {
  return html`<ul class="notes">
<li>${icon("clock")}Time left: ${formatDuration(expiresAt - now)}</li>
${more === undefined ? "" : html`<li>${icon("info")}${more}</li>`}
</ul>`;
}

/** Formats a duration, rounded to minutes or hours: `15 minutes`, `1 hour`. */
export function formatDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  const [count, unit] = minutes < 60 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Says while a form is on its way that it is. */
export const FORM_STATUS: Markup = html`<p id="status" role="status"></p>`;
