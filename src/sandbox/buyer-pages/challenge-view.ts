/** The page on which the buyer's bank asks for the one-time code. @module */

import { html } from "hono/html";
import { getBrandName } from "../../cards/card-brand.ts";
import { MAX_WRONG_CODES, type WaitingForChallenge } from "../vaulting/state-machine.ts";
import { FORM_STATUS, type FormView, notes, pageKind } from "./form-view.ts";
import { icon } from "./icons.ts";
import { codeBanner } from "./sandbox-banner.ts";

const MISSING_CODE = "Enter the code. This did not count as a try.";

/** @param noCode whether the form came without a code */
export const challengeView =
  (noCode: boolean): FormView<WaitingForChallenge> =>
  (vaulting, asking) => {
    const { brand, maskedCardNo } = vaulting.card;
    const { wrongCodes, script } = vaulting.challenge;
    const { tokenField, path } = asking;
    const again =
      wrongCodes > 0
        ? `That code is not right. Check it and try again. Tries left: ${MAX_WRONG_CODES - wrongCodes}.`
        : undefined;
    const message = noCode ? MISSING_CODE : again;
    return {
      status: noCode ? 422 : 200,
      title: "Confirm it’s you",
      aboveTitle: pageKind("Card verification", "shield"),
      banner: codeBanner(script !== "code_required"),
      hasError: message !== undefined,
      body: html`<p>Your bank wants to be sure that it is you who is saving this card. You will not be charged.</p>
<p class="card" id="card">${icon("card")}${getBrandName(brand) ?? "Card"} ending in ${maskedCardNo.slice(-4)}</p>
<form method="post" action="${path}" autocomplete="off" novalidate>
${tokenField}
<input type="hidden" name="attempt" value="${wrongCodes}">
<div class="field">
<label for="code">One-time code</label>
<p class="hint" id="ask">Enter the one-time code that your bank sent you.</p>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus data-missing="${MISSING_CODE}"${message === undefined ? html` aria-describedby="card ask"` : html` aria-invalid="true" aria-describedby="code-wrong ask"`}>
<div>${message === undefined ? "" : html`<p class="wrong" id="code-wrong" role="alert">${message}</p>`}</div>
</div>
<div class="buttons">
<button class="button" name="answer" value="code">Confirm</button>
<button class="button second" name="answer" value="cancel">Cancel</button>
</div>
${FORM_STATUS}
</form>
${notes(vaulting, asking, "If you cancel, the card is not saved.")}`,
    };
  };
