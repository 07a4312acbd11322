/** The page on which the buyer's bank asks for the one-time code. @module */
import { html } from "hono/html";
import { WRONG_CODES } from "../vaulting/state-machine.ts";
import { brandName } from "./brand-name.ts";
import { type FormView, kindOf, notes, STATUS } from "./form-view.ts";
import { icon } from "./icons.ts";
import { codeBand } from "./sandbox-banner.ts";

/** @param noCode whether the form came without a code */
export const challengeView =
  (noCode: boolean): FormView =>
  (vaulting, asking) => {
    const { brand, maskedCardNo, wrongCodes, challengeScript } = vaulting;
    const { texts, token, path } = asking;
    const { challenge } = texts;
    const card = challenge.endingIn(brandName(brand) ?? challenge.card, (maskedCardNo ?? "").slice(-4));
    const again = wrongCodes > 0 ? challenge.wrongCode(WRONG_CODES - wrongCodes) : undefined;
    const message = noCode ? challenge.noCode : again;
    return {
      status: noCode ? 422 : 200,
      title: challenge.title,
      above: kindOf(challenge.kind, "shield"),
      band: codeBand(texts, challengeScript !== "asked"),
      wrong: message !== undefined,
      body: html`<p id="why">${challenge.why}</p>
<p class="card" id="card">${icon("card")}${card}</p>
<form method="post" action="${path}" autocomplete="off" novalidate data-busy="${texts.busy}">
${token}
<input type="hidden" name="attempt" value="${wrongCodes}">
<div class="field">
<label for="code">${challenge.code}</label>
<p class="hint" id="ask">${challenge.ask}</p>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus data-missing="${challenge.noCode}"${message === undefined ? html` aria-describedby="card ask"` : html` aria-invalid="true" aria-describedby="code-wrong ask"`}>
<div>${message === undefined ? "" : html`<p class="wrong" id="code-wrong" role="alert">${message}</p>`}</div>
</div>
<div class="buttons">
<button class="button" name="answer" value="code">${challenge.confirm}</button>
<button class="button second" name="answer" value="cancel">${challenge.cancel}</button>
</div>
${STATUS}
</form>
${notes(vaulting, asking, challenge.ifCancelled)}`,
    };
  };
