/** The page where the buyer enters card details. It never contains submitted values, so the server does not send card data back. @module */
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
  /** The error message for each reason. */
  readonly messages: { readonly [Reason in CardFormError["reason"]]?: string };
}

const FIELDS: Readonly<Record<CardField, FieldText>> = {
  cardNo: {
    label: "Card number",
    autocomplete: "cc-number",
    maxlength: 32,
    messages: {
      missing: "Enter the card number.",
      invalid: "The card number must have 12 to 19 digits.",
      checksum: "The card number is invalid. Check it and try again.",
    },
  },
  expiry: {
    label: "Expiry date (MM/YY)",
    autocomplete: "cc-exp",
    maxlength: 9,
    messages: {
      missing: "Enter the expiry date.",
      invalid: "Enter the month and year as MM/YY, for example 08/30.",
    },
  },
  cvv: {
    label: "Security code (CVV)",
    hint: "3 digits on the back of the card, or 4 on the front for American Express.",
    autocomplete: "cc-csc",
    maxlength: 4,
    messages: { missing: "Enter the security code.", invalid: "The security code must have 3 or 4 digits." },
  },
};

const SUMMARY_TITLE = "Check your card details";

/** Creates the view of the card page, with any errors in a submitted form. */
export const cardView =
  (errors: readonly CardFormError[]): FormView<WaitingForCard> =>
  (vaulting, context) => ({
    status: errors.length > 0 ? 422 : 200,
    title: "Save your card",
    aboveTitle: pageKind("Card details", "lock"),
    banner: cardsBanner(vaulting.session.threeDS),
    hasError: errors.length > 0,
    body: html`<p>The shop can use this card for your future payments. You will not be charged now.</p>
${errors.length > 0 ? errorSummary(errors) : ""}
<form method="post" action="${context.path}" novalidate data-check="${SUMMARY_TITLE}">
${context.tokenField}
<div class="fields">
${(["cardNo", "expiry", "cvv"] as const).map((field) => renderField(field, errors))}
</div>
<div class="buttons"><button class="button">Save card</button></div>
${FORM_STATUS}
</form>
${notes(vaulting, context)}`,
  });

function renderField(field: CardField, errors: readonly CardFormError[]): Markup {
  const { label, hint, autocomplete, maxlength, messages } = FIELDS[field];
  const error = errors.find((candidate) => candidate.field === field);
  const describedBy = [...(error ? [`${field}-error`] : []), ...(hint === undefined ? [] : [`${field}-hint`])];
  const labelElement = html`<label for="${field}">${label}</label>`;
  return html`<div class="${field === "cardNo" ? "field" : "field half"}">
${field === "cardNo" ? html`<div class="label-row">${labelElement}<output id="brand" for="cardNo"></output></div>` : labelElement}
<input id="${field}" name="${field}" inputmode="numeric" autocomplete="${autocomplete}" maxlength="${maxlength}" required${Object.entries(messages).map(([name, text]) => html` data-${name}="${text}"`)}${describedBy.length > 0 ? html` aria-describedby="${describedBy.join(" ")}"` : ""}${error ? html` aria-invalid="true"` : ""}${field === (errors[0]?.field ?? "cardNo") ? html` autofocus` : ""}>
<div>${error ? html`<p class="error" id="${field}-error">${messages[error.reason]}</p>` : ""}
${hint === undefined ? "" : html`<p class="hint" id="${field}-hint">${hint}</p>`}</div>
</div>`;
}

const errorSummary = (errors: readonly CardFormError[]): Markup => html`<div class="summary" role="alert">
<h2>${SUMMARY_TITLE}</h2>
<ul>${errors.map(({ field, reason }) => html`<li><a href="#${field}">${FIELDS[field].messages[reason]}</a></li>`)}</ul>
<p>For your security, we did not keep your card details. Enter them again.</p>
</div>`;
