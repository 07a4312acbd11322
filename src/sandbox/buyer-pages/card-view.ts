/** The page on which the buyer types a card. What was typed is not written into it again: no card data leave the browser twice. @module */
import { html } from "hono/html";
import type { WaitingForCard } from "../vaulting/state-machine.ts";
import type { CardFault, CardField } from "./card-form.ts";
import { type FormView, kindOf, notes, STATUS } from "./form-view.ts";
import type { Markup } from "./layout.ts";
import { cardsBand } from "./sandbox-banner.ts";

interface Field {
  readonly label: string;
  readonly hint?: string;
  readonly autocomplete: string;
  readonly maxlength: number;
  /** The error messages, by fault. */
  readonly messages: { readonly [Fault in CardFault["fault"]]?: string };
}

const FIELDS: Readonly<Record<CardField, Field>> = {
  cardNo: {
    label: "Card number",
    autocomplete: "cc-number",
    maxlength: 32,
    messages: {
      missing: "Enter the card number.",
      form: "The card number has 12 to 19 digits.",
      mistake: "There is a mistake in the card number. Please check it.",
    },
  },
  expiry: {
    label: "Expiry (MM/YY)",
    autocomplete: "cc-exp",
    maxlength: 9,
    messages: {
      missing: "Enter the expiry date.",
      form: "Enter month and year in two digits each, for example 08/30.",
    },
  },
  cvv: {
    label: "Security code (CVV)",
    hint: "3 digits on the back of the card. On American Express, 4 on the front.",
    autocomplete: "cc-csc",
    maxlength: 4,
    messages: { missing: "Enter the security code.", form: "The security code has 3 or 4 digits." },
  },
};

const CHECK = "Please check what you entered";

/** @param faults what was wrong with the form that came */
export const cardView =
  (faults: readonly CardFault[]): FormView<WaitingForCard> =>
  (vaulting, asking) => ({
    status: faults.length > 0 ? 422 : 200,
    title: "Save your card",
    above: kindOf("Card details", "lock"),
    band: cardsBand(vaulting.session.threeDS),
    wrong: faults.length > 0,
    body: html`<p>The shop you came from can then use it for your payments. Nothing is charged now.</p>
${faults.length > 0 ? summary(faults) : ""}
<form method="post" action="${asking.path}" novalidate data-check="${CHECK}">
${asking.token}
<div class="fields">
${(["cardNo", "expiry", "cvv"] as const).map((field) => fieldOf(field, faults))}
</div>
<div class="buttons"><button class="button">Save card</button></div>
${STATUS}
</form>
${notes(vaulting, asking)}`,
  });

function fieldOf(field: CardField, faults: readonly CardFault[]): Markup {
  const { label, hint, autocomplete, maxlength, messages } = FIELDS[field];
  const fault = faults.find((each) => each.field === field);
  const describedBy = [...(fault ? [`${field}-wrong`] : []), ...(hint === undefined ? [] : [`${field}-hint`])];
  const labelled = html`<label for="${field}">${label}</label>`;
  return html`<div class="${field === "cardNo" ? "field" : "field half"}">
${field === "cardNo" ? html`<div class="top">${labelled}<output id="brand" for="cardNo"></output></div>` : labelled}
<input id="${field}" name="${field}" inputmode="numeric" autocomplete="${autocomplete}" maxlength="${maxlength}" required${Object.entries(messages).map(([name, text]) => html` data-${name}="${text}"`)}${describedBy.length > 0 ? html` aria-describedby="${describedBy.join(" ")}"` : ""}${fault ? html` aria-invalid="true"` : ""}${fault && fault === faults[0] ? html` autofocus` : ""}>
<div>${fault ? html`<p class="wrong" id="${field}-wrong">${messages[fault.fault]}</p>` : ""}
${hint === undefined ? "" : html`<p class="hint" id="${field}-hint">${hint}</p>`}</div>
</div>`;
}

const summary = (faults: readonly CardFault[]): Markup => html`<div class="summary" role="alert">
<h2>${CHECK}</h2>
<ul>${faults.map(({ field, fault }) => html`<li><a href="#${field}">${FIELDS[field].messages[fault]}</a></li>`)}</ul>
<p>For your security nothing you typed was kept. Please enter all of it again.</p>
</div>`;
