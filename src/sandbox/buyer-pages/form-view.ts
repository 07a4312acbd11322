/** What the two pages with a form have in common. @module */
import { html } from "hono/html";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { timeInWords } from "./format-duration.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";
import type { Texts } from "./texts.ts";

/** Of whom a page with a form is asked, and when. */
export interface Asking {
  readonly texts: Texts;
  readonly now: number;
  /** Where the form goes: the page's own path. Left out, what stands behind a `#` would go with it, and on to the merchant. */
  readonly path: string;
  /** The hidden field by which the form is known again. */
  readonly token: Markup;
}

/** A page with a form, once it is known for which browser. */
export type FormView = (vaulting: Vaulting, asking: Asking) => View;

/** What kind of page it is, above its title. */
export const kindOf = (text: string, drawing: Icon): Markup => html`<p class="kind">${icon(drawing)}${text}</p>`;

/** How long the page waits, and more that is good to know. */
export function notes({ expiresAt }: Vaulting, { texts, now }: Asking, more?: string): Markup {
  const left = expiresAt === null ? undefined : texts.timeLeft(timeInWords(expiresAt - now, texts));
  return html`<ul class="notes">
${left === undefined ? "" : html`<li>${icon("clock")}${left}</li>`}
${more === undefined ? "" : html`<li>${icon("info")}${more}</li>`}
</ul>`;
}

/** Says while a form is on its way that it is. */
export const STATUS: Markup = html`<p id="status" role="status"></p>`;
