/** Page elements that the card page and the challenge page share. @module */
import { html } from "hono/html";
import type { Processing } from "../vaulting/state-machine.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";

/** Values for a form page that differ between requests. */
export interface FormContext {
  readonly now: number;
  /** The path of the page, which is the form's `action`. Without an `action`, browsers would pass the page's URL fragment on to the merchant. */
  readonly path: string;
  /** The hidden field with the form token. */
  readonly tokenField: Markup;
}

/** A function that renders a page with a form. */
export type FormView<Waiting extends Processing> = (vaulting: Waiting, context: FormContext) => View;

/** Renders the label above the title, which names the kind of page. */
export const pageKind = (text: string, name: Icon): Markup => html`<p class="kind">${icon(name)}${text}</p>`;

/** Renders the remaining time and an optional note. */
export function notes({ expiresAt }: Processing, { now }: FormContext, note?: string): Markup {
  return html`<ul class="notes">
<li>${icon("clock")}Time left: ${formatDuration(expiresAt - now)}</li>
${note === undefined ? "" : html`<li>${icon("info")}${note}</li>`}
</ul>`;
}

/** Formats a duration, rounded to minutes or hours: `15 minutes`, `1 hour`. Returns `less than a minute` if it rounds to 0 minutes. */
export function formatDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  const [count, unit] = minutes < 60 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** The element where the script shows that the form is being submitted. */
export const FORM_STATUS: Markup = html`<p id="status" role="status"></p>`;
