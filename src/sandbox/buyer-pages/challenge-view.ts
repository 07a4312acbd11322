/** The 3-D Secure challenge page, where the buyer enters the one-time code. @module */
import { html } from "hono/html";
import { getBrandName } from "../../cards/card-brand.ts";
import { MAX_WRONG_CODES, type WaitingForChallenge } from "../vaulting/state-machine.ts";
import { FORM_STATUS, type FormView, notes, pageKind } from "./form-view.ts";
import { icon } from "./icons.ts";
import { codeBanner } from "./sandbox-banner.ts";

const MISSING_CODE = "Enter the code. This did not count as an attempt.";

/** Creates the view of the challenge page. `isCodeMissing` means that the submitted form contained no code. */
export const challengeView =
  (isCodeMissing: boolean): FormView<WaitingForChallenge> =>
  (vaulting, context) => {
    const { brand, maskedCardNo } = vaulting.card;
    const { wrongCodes, script } = vaulting.challenge;
    const { tokenField, path } = context;
    const incorrectCode =
      wrongCodes > 0
        ? `Incorrect code. Check it and try again. Attempts left: ${MAX_WRONG_CODES - wrongCodes}.`
        : undefined;
    const message = isCodeMissing ? MISSING_CODE : incorrectCode;
    return {
      status: isCodeMissing ? 422 : 200,
      title: "Confirm it’s you",
      aboveTitle: pageKind("Card verification", "shield"),
      banner: codeBanner(script !== "code_required"),
      hasError: message !== undefined,
      body: html`<p>Your bank needs to verify that it is you who is saving this card. You will not be charged.</p>
<p class="card" id="card">${icon("card")}${getBrandName(brand) ?? "Card"} ending in ${maskedCardNo.slice(-4)}</p>
<form method="post" action="${path}" autocomplete="off" novalidate>
${tokenField}
<input type="hidden" name="attempt" value="${wrongCodes}">
<div class="field">
<label for="code">One-time code</label>
<p class="hint" id="code-hint">Enter the code that your bank sent you.</p>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus data-missing="${MISSING_CODE}"${message === undefined ? html` aria-describedby="card code-hint"` : html` aria-invalid="true" aria-describedby="code-error code-hint"`}>
<div>${message === undefined ? "" : html`<p class="error" id="code-error" role="alert">${message}</p>`}</div>
</div>
<div class="buttons">
<button class="button" name="action" value="code">Confirm</button>
<button class="button secondary" name="action" value="cancel">Cancel</button>
</div>
${FORM_STATUS}
</form>
${notes(vaulting, context, "If you cancel, your card is not saved.")}`,
    };
  };
