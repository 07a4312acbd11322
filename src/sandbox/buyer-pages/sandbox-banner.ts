/** What the sandbox tells on its pages: that no card is real, and what to type. @module */

import { html } from "hono/html";
import { brandName } from "../../cards/card-brand.ts";
import { ONE_TIME_CODE } from "../../cards/test-cards.ts";
import { icon } from "./icons.ts";
import { MARK, type Markup } from "./layout.ts";
import { usefulCards } from "./suggested-cards.ts";

const band = (summary: string, panel: Markup): Markup => html`<details>
<summary class="mark">${MARK}<span class="more">${summary}${icon("down")}</span></summary>
<div class="panel">
${panel}
<span id="copied" class="unseen" role="status"></span>
</div>
</details>`;

/** Shown by the script, which alone can do it; what is to be copied can be selected without. */
const copyButton = (id: string): Markup =>
  html`<button type="button" class="copy" aria-describedby="${id}" hidden>Copy</button>`;

/** The test cards, for the page on which a card is typed. */
export function cardsBand(threeDS: boolean): Markup {
  const cards = usefulCards(threeDS).map(
    ({ card: { number, brand, verdict }, use }) => html`<div>
<dt><code id="n${number.slice(-6)}">${number.replace(/\d{4}(?=\d)/g, "$& ")}</code> ${brandName(brand)}</dt>
<dd class="use">${use}${verdict === "SUCCESS" ? "" : html` <code class="long">${verdict}</code>`}</dd>
<dd class="do">${copyButton(`n${number.slice(-6)}`)}</dd>
</div>`,
  );
  return band(
    "Test cards",
    html`<dl>${cards}</dl>
<p>Any expiry date and any security code will do. All test cards: <code class="long">antom-vault cards</code></p>`,
  );
}

/** The one-time code, for the challenge's page. */
export const codeBand = (resultIsFixed: boolean): Markup =>
  band(
    "Test code",
    html`<p>No message is sent here. The code is always:</p>
<p class="once"><code id="test-code">${ONE_TIME_CODE}</code>${copyButton("test-code")}</p>
<p>${resultIsFixed ? "With this test card the result is fixed, whatever code is typed." : "Any other code counts as wrong."}</p>`,
  );
