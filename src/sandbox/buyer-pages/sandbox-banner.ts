/** The sandbox banner, which suggests test cards on the card page, and shows the one-time code on the challenge page. @module */
import { html } from "hono/html";
import { getBrandName } from "../../cards/card-brand.ts";
import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import { icon } from "./icons.ts";
import { type Markup, SANDBOX_LABEL } from "./layout.ts";

const renderBanner = (summary: string, panel: Markup): Markup => html`<details>
<summary class="banner-label">${SANDBOX_LABEL}<span class="more">${summary}${icon("down")}</span></summary>
<div class="panel">
${panel}
<span id="copied" class="visually-hidden" role="status"></span>
</div>
</details>`;

/** Renders a copy button, which stays hidden until the script shows it. */
const renderCopyButton = (id: string): Markup =>
  html`<button type="button" class="copy" aria-describedby="${id}" hidden>Copy</button>`;

const SAVED = "Saved";
const CODE_THEN_SAVED = "Saved after the one-time code";

/**
 * The suggested cards in display order. In sessions with 3-D Secure, `description3DS` replaces `description`. `null` hides a card that would have the
 * same result as a different suggested card.
 */
const SUGGESTIONS: readonly (readonly [number: string, description: string, description3DS?: string | null])[] = [
  ["4054695723100768", SAVED, CODE_THEN_SAVED],
  ["5162774114974622", SAVED, CODE_THEN_SAVED],
  ["4000009900510002", CODE_THEN_SAVED, null],
  ["4035501000000008", "Always saved without a code"],
  ["4000009900520001", "Declined after the one-time code"],
  ["4000009900540009", "Verification fails with any code"],
  ["4054692760174822", "Declined", null],
  ["4000009900050009", "Expired card"],
  ["4000009900220008", "Insufficient balance"],
  ["4000009900100002", "Incorrect security code"],
];

/** Returns the suggested cards with a description of each result, for a session with or without 3-D Secure. */
export const suggestCards = (threeDS: boolean) =>
  SUGGESTIONS.flatMap(([number, description, description3DS = description]) => {
    const card = TEST_CARDS.find((candidate) => candidate.number === number);
    const shown = threeDS ? description3DS : description;
    return card && shown !== null ? [{ card, description: shown }] : [];
  });

/** Renders the banner of the card page, with test cards. */
export function cardsBanner(threeDS: boolean): Markup {
  const cards = suggestCards(threeDS).map(
    ({ card: { number, brand, result }, description }) => html`<div>
<dt><code id="n${number.slice(-6)}">${number.replace(/\d{4}(?=\d)/g, "$& ")}</code> ${getBrandName(brand)}</dt>
<dd class="use">${description}${result === "SUCCESS" ? "" : html` <code class="long">${result}</code>`}</dd>
<dd class="action">${renderCopyButton(`n${number.slice(-6)}`)}</dd>
</div>`,
  );
  return renderBanner(
    "Test cards",
    html`<dl>${cards}</dl>
<p>Use any security code and any valid expiry date. To list all test cards, run <code class="long">antom-vault cards</code>.</p>`,
  );
}

/** Renders the banner of the challenge page, with the one-time code. `hasFixedResult`: whether the card has the same result with every code. */
export const codeBanner = (hasFixedResult: boolean): Markup =>
  renderBanner(
    "Test code",
    html`<p>The sandbox does not send messages. The code is always:</p>
<p class="one-time-code"><code id="test-code">${ONE_TIME_CODE}</code>${renderCopyButton("test-code")}</p>
<p>${hasFixedResult ? "This test card has the same result with every code." : "Every other code is incorrect."}</p>`,
  );
