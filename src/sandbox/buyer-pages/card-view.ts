/** The page on which the buyer types a card. What was typed is not written into it again: no card data leave the browser twice. @module */
import { html } from "hono/html";
import type { WaitingForCard } from "../vaulting/state-machine.ts";
import type { CardField, CardFormError } from "./card-form.ts";
import { FORM_STATUS, type FormView, notes, pageKind } from "./form-view.ts";
import type { Markup } from "./layout.ts";
import { cardsBanner } from "./sandbox-banner.ts";

interface FieldText {
  readonly label: string;
  readonly hint?: string;
  readonly autocomplete: string;
  readonly maxlength: number;
  /** The error messages, by fault. */
  readonly messages: { readonly [Fault in CardFormError["reason"]]?: string };
}

const FIELDS: Readonly<Record<CardField, FieldText>> = {
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

const SUMMARY_TITLE = "Please check what you entered";

/** @param faults what was wrong with the form that came */
export const cardView =
  (faults: readonly CardFormError[]): FormView<WaitingForCard> =>
  (vaulting, asking) => ({
    status: faults.length > 0 ? 422 : 200,
    title: "Save your card",
    aboveTitle: pageKind("Card details", "lock"),
    banner: cardsBanner(vaulting.session.threeDS),
    hasError: faults.length > 0,
    body: html`<p>The shop you came from can then use it for your payments. Nothing is charged now.</p>
${faults.length > 0 ? errorSummary(faults) : ""}
<form method="post" action="${asking.path}" novalidate data-check="${SUMMARY_TITLE}">
${asking.tokenField}
<div class="fields">
${(["cardNo", "expiry", "cvv"] as const).map((field) => renderField(field, faults))}
</div>
<div class="buttons"><button class="button">Save card</button></div>
${FORM_STATUS}
</form>
${notes(vaulting, asking)}`,
  });

function renderField(field: CardField, faults: readonly CardFormError[]): Markup {
  const { label, hint, autocomplete, maxlength, messages } = FIELDS[field];
  const fault = faults.find((each) => each.field === field);
  const describedBy = [...(fault ? [`${field}-wrong`] : []), ...(hint === undefined ? [] : [`${field}-hint`])];
  const labelled = html`<label for="${field}">${label}</label>`;
  return html`<div class="${field === "cardNo" ? "field" : "field half"}">
${field === "cardNo" ? html`<div class="top">${labelled}<output id="brand" for="cardNo"></output></div>` : labelled}
<input id="${field}" name="${field}" inputmode="numeric" autocomplete="${autocomplete}" maxlength="${maxlength}" required${Object.entries(messages).map(([name, text]) => html` data-${name}="${text}"`)}${describedBy.length > 0 ? html` aria-describedby="${describedBy.join(" ")}"` : ""}${fault ? html` aria-invalid="true"` : ""}${fault && fault === faults[0] ? html` autofocus` : ""}>
<div>${fault ? html`<p class="wrong" id="${field}-wrong">${messages[fault.reason]}</p>` : ""}
${hint === undefined ? "" : html`<p class="hint" id="${field}-hint">${hint}</p>`}</div>
</div>`;
}

const errorSummary = (faults: readonly CardFormError[]): Markup => html`<div class="summary" role="alert">
<h2>${SUMMARY_TITLE}</h2>
<ul>${faults.map(({ field, reason }) => html`<li><a href="#${field}">${FIELDS[field].messages[reason]}</a></li>`)}</ul>
<p>For your security nothing you typed was kept. Please enter all of it again.</p>
</div>`;
