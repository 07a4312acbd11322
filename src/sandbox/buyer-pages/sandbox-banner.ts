/** What the sandbox tells on its pages: that no card is real, and what to type. @module */
import { html } from "hono/html";
import { ONE_TIME_CODE } from "../../cards/test-cards.ts";
import { brandName } from "./brand-name.ts";
import { icon } from "./icons.ts";
import { type Markup, markOf } from "./layout.ts";
import { usefulCards } from "./suggested-cards.ts";
import type { Texts } from "./texts.ts";

const band = (texts: Texts, summary: string, panel: Markup): Markup => html`<details>
<summary class="mark">${markOf(texts)}<span class="more">${summary}${icon("down")}</span></summary>
<div class="panel">
${panel}
<span id="copied" class="unseen" role="status" data-word="${texts.sandbox.copied}"></span>
</div>
</details>`;

/** Shown by the script, which alone can do it; what is to be copied can be selected without. */
const copyButton = ({ sandbox }: Texts, id: string): Markup =>
  html`<button type="button" class="copy" aria-describedby="${id}" hidden>${sandbox.copy}</button>`;

/** The test cards, for the page on which a card is typed. */
export function cardsBand(texts: Texts, threeDS: boolean): Markup {
  const { sandbox } = texts;
  const cards = usefulCards(threeDS).map(
    ({ card: { number, brand, verdict }, use }) => html`<div>
<dt><code id="n${number.slice(-6)}">${number.replace(/\d{4}(?=\d)/g, "$& ")}</code> ${brandName(brand)}</dt>
<dd class="use">${sandbox.uses[use]}${verdict === "SUCCESS" ? "" : html` <code class="long">${verdict}</code>`}</dd>
<dd class="do">${copyButton(texts, `n${number.slice(-6)}`)}</dd>
</div>`,
  );
  return band(
    texts,
    sandbox.testCards,
    html`<dl>${cards}</dl>
<p>${sandbox.anyRest} ${sandbox.allCards} <code class="long">antom-vault cards</code></p>`,
  );
}

/** The one-time code, for the challenge's page. */
export function codeBand(texts: Texts, resultIsFixed: boolean): Markup {
  const { sandbox } = texts;
  return band(
    texts,
    sandbox.testCode,
    html`<p>${sandbox.codeIs}</p>
<p class="once"><code id="test-code">${ONE_TIME_CODE}</code>${copyButton(texts, "test-code")}</p>
<p>${resultIsFixed ? sandbox.anyCode : sandbox.otherCodes}</p>`,
  );
}
