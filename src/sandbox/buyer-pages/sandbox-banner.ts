/** What the sandbox tells on its pages: that no card is real, and what to type. @module */

import { html } from "hono/html";
import { getBrandName } from "../../cards/card-brand.ts";
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import { icon } from "./icons.ts";
import { type Markup, SANDBOX_LABEL } from "./layout.ts";

const renderBanner = (summary: string, panel: Markup): Markup => html`<details>
<summary class="mark">${SANDBOX_LABEL}<span class="more">${summary}${icon("down")}</span></summary>
<div class="panel">
${panel}
<span id="copied" class="unseen" role="status"></span>
</div>
</details>`;

/** Shown by the script, which alone can do it; what is to be copied can be selected without. */
const renderCopyButton = (id: string): Markup =>
  html`<button type="button" class="copy" aria-describedby="${id}" hidden>Copy</button>`;

const SAVED = "Is saved.";
const CODE_THEN_SAVED = "Asks for the one-time code, then is saved.";

/** In display order. The third column applies to sessions with 3-D Secure; `null` if another card has the same result there. */
const SUGGESTIONS: readonly (readonly [number: string, use: string, use3DS?: string | null])[] = [
  ["4054695723100768", SAVED, CODE_THEN_SAVED],
  ["5162774114974622", SAVED, CODE_THEN_SAVED],
  ["4000009900510002", CODE_THEN_SAVED, null],
  ["4035501000000008", "Is saved, and never asks for a code."],
  ["4000009900520001", "Asks for the one-time code, then the bank declines."],
  ["4000009900540009", "The identity check fails, whatever is typed."],
  ["4054692760174822", "The bank declines.", null],
  ["4000009900050009", "The card has expired."],
  ["4000009900220008", "The balance is too low."],
  ["4000009900100002", "The security code is wrong."],
];

/** Returns the cards that the page suggests, and their results as sentences, for a session with or without 3-D Secure. */
export const suggestCards = (threeDS: boolean) =>
  SUGGESTIONS.flatMap(([number, use, use3DS = use]) => {
    const card = TEST_CARDS.find((each) => each.number === number);
    const result = threeDS ? use3DS : use;
    return card && result !== null ? [{ card, use: result }] : [];
  });

/** The test cards, for the page on which a card is typed. */
export function cardsBanner(threeDS: boolean): Markup {
  const cards = suggestCards(threeDS).map(
    ({ card: { number, brand, result }, use }) => html`<div>
<dt><code id="n${number.slice(-6)}">${number.replace(/\d{4}(?=\d)/g, "$& ")}</code> ${getBrandName(brand)}</dt>
<dd class="use">${use}${result === "SUCCESS" ? "" : html` <code class="long">${result}</code>`}</dd>
<dd class="do">${renderCopyButton(`n${number.slice(-6)}`)}</dd>
</div>`,
  );
  return renderBanner(
    "Test cards",
    html`<dl>${cards}</dl>
<p>Any expiry date and any security code will do. All test cards: <code class="long">antom-vault cards</code></p>`,
  );
}

/** The one-time code, for the challenge's page. */
export const codeBanner = (resultIsFixed: boolean): Markup =>
  renderBanner(
    "Test code",
    html`<p>No message is sent here. The code is always:</p>
<p class="once"><code id="test-code">${ONE_TIME_CODE}</code>${renderCopyButton("test-code")}</p>
<p>${resultIsFixed ? "With this test card the result is fixed, whatever code is typed." : "Any other code counts as wrong."}</p>`,
  );
