/** The page on which the buyer types a card. What was typed is not written into it again: no card data leave the browser twice. @module */
import { html } from "hono/html";
import type { CardFault, CardField } from "./card-form.ts";
import { type FormView, kindOf, notes, STATUS } from "./form-view.ts";
import type { Markup } from "./layout.ts";
import { cardsBand } from "./sandbox-banner.ts";
import type { Texts } from "./texts.ts";

const FIELDS: Readonly<Record<CardField, { readonly autocomplete: string; readonly maxlength: number }>> = {
  cardNo: { autocomplete: "cc-number", maxlength: 32 },
  expiry: { autocomplete: "cc-exp", maxlength: 9 },
  cvv: { autocomplete: "cc-csc", maxlength: 4 },
};

/** @param faults what was wrong with the form that came */
export const cardView =
  (faults: readonly CardFault[]): FormView =>
  (vaulting, asking) => {
    const { texts, token, path } = asking;
    const { cardPage } = texts;
    return {
      status: faults.length > 0 ? 422 : 200,
      title: cardPage.title,
      above: kindOf(cardPage.kind, "lock"),
      band: cardsBand(texts, vaulting.sessionThreeDS === 1),
      wrong: faults.length > 0,
      body: html`<p>${cardPage.why}</p>
${faults.length > 0 ? summary(texts, faults) : ""}
<form method="post" action="${path}" novalidate data-busy="${texts.busy}" data-check="${cardPage.check}">
${token}
<div class="fields">
${(["cardNo", "expiry", "cvv"] as const).map((field) => fieldOf(field, texts, faults))}
</div>
<div class="buttons"><button class="button">${cardPage.save}</button></div>
${STATUS}
</form>
${notes(vaulting, asking)}`,
    };
  };

function fieldOf(field: CardField, texts: Texts, faults: readonly CardFault[]): Markup {
  const { cardPage } = texts;
  const { autocomplete, maxlength } = FIELDS[field];
  const fault = faults.find((each) => each.field === field);
  const hint = field === "cvv" ? cardPage.cvvHint : undefined;
  const describedBy = [...(fault ? [`${field}-wrong`] : []), ...(hint === undefined ? [] : [`${field}-hint`])];
  const messages = Object.entries(cardPage.faults[field]).map(([name, text]) => html` data-${name}="${text}"`);
  const label = html`<label for="${field}">${cardPage[field]}</label>`;
  return html`<div class="${field === "cardNo" ? "field" : "field half"}">
${field === "cardNo" ? html`<div class="top">${label}<output id="brand" for="cardNo"></output></div>` : label}
<input id="${field}" name="${field}" inputmode="numeric" autocomplete="${autocomplete}" maxlength="${maxlength}" required${messages}${describedBy.length > 0 ? html` aria-describedby="${describedBy.join(" ")}"` : ""}${fault ? html` aria-invalid="true"` : ""}${fault && fault === faults[0] ? html` autofocus` : ""}>
<div>${fault ? html`<p class="wrong" id="${field}-wrong">${messageOf(texts, fault)}</p>` : ""}
${hint === undefined ? "" : html`<p class="hint" id="${field}-hint">${hint}</p>`}</div>
</div>`;
}

const summary = (texts: Texts, faults: readonly CardFault[]): Markup => html`<div class="summary" role="alert">
<h2>${texts.cardPage.check}</h2>
<ul>${faults.map((fault) => html`<li><a href="#${fault.field}">${messageOf(texts, fault)}</a></li>`)}</ul>
<p>${texts.cardPage.nothingKept}</p>
</div>`;

function messageOf({ cardPage }: Texts, found: CardFault): string {
  switch (found.field) {
    case "cardNo":
      return cardPage.faults.cardNo[found.fault];
    case "expiry":
      return cardPage.faults.expiry[found.fault];
    case "cvv":
      return cardPage.faults.cvv[found.fault];
  }
}
