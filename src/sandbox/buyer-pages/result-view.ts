/** The pages that only tell something: what has happened, and what to do next. @module */
import { html } from "hono/html";
import type { Vaulting } from "../vaulting/state-machine.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";
import type { End, Texts } from "./texts.ts";

const DRAWINGS: Readonly<Record<End, Markup>> = {
  saved: drawing("tick", "good"),
  cancelled: drawing("cross", "calm"),
  expired: drawing("clock", "calm"),
  tooManyCodes: drawing("lock", "bad"),
  notVerified: drawing("shield", "bad"),
  declined: drawing("card", "bad"),
};

function drawing(name: Icon, mood: "good" | "calm" | "bad"): Markup {
  return html`<div class="end ${mood}">${icon(name)}</div>`;
}

/** How a vaulting ended, in the buyer's eyes. */
export function endOf({ status, endedBy, resultCode, verificationFailed }: Vaulting): End {
  if (status === "SUCCESS") return "saved";
  if (endedBy === "cancelled" || endedBy === "expired") return endedBy;
  if (verificationFailed === 0) return "declined";
  // The issuer's own verdict can be of that name too; then no code was wrong.
  return resultCode === "VERIFY_TIMES_EXCEED_LIMIT" ? "tooManyCodes" : "notVerified";
}

/** @param back the merchant's page, where there is one to go back to */
export function endView(vaulting: Vaulting, back: string | undefined, texts: Texts): View {
  const end = endOf(vaulting);
  const { title, text } = texts.ends[end];
  return {
    status: 200,
    title,
    above: DRAWINGS[end],
    body:
      back === undefined
        ? html`<p>${text} ${texts.closePage}</p>`
        : html`<p>${text}</p>
<p class="go"><a href="${back}" rel="noreferrer" class="button">${texts.backToShop}</a></p>`,
  };
}

/** The one page for a link that leads nowhere: unknown, used up or expired, all the same. */
export const deadLinkView = ({ deadLink }: Texts): View => ({
  status: 404,
  title: deadLink.title,
  above: drawing("chain", "calm"),
  body: html`<p>${deadLink.text}</p>`,
});

/** For a form that was not sent from the page that this browser was shown. Nothing has happened. */
export const notGenuineView = ({ notGenuine }: Texts): View => ({
  status: 403,
  title: notGenuine.title,
  above: drawing("turn", "calm"),
  body: html`<p>${notGenuine.text}</p>
<p class="go"><a href="" class="button">${notGenuine.again}</a></p>`,
});
