/** The pages that only tell something: what has happened, and what to do next. @module */
import { html } from "hono/html";
import type { Final } from "../vaulting/state-machine.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";

/** The end of a vaulting, as the buyer sees it. */
type VaultingEnd = "saved" | "cancelled" | "expired" | "tooManyCodes" | "notVerified" | "declined";

const END_VIEWS: Readonly<
  Record<VaultingEnd, { readonly above: Markup; readonly title: string; readonly text: string }>
> = {
  saved: {
    above: resultIcon("tick", "good"),
    title: "Your card is saved",
    text: "You can use it in the shop from now on.",
  },
  cancelled: {
    above: resultIcon("cross", "calm"),
    title: "You cancelled the check",
    text: "The card was not saved. You can start again from the shop whenever you like.",
  },
  expired: {
    above: resultIcon("clock", "calm"),
    title: "Time is up",
    text: "For your security this page closed by itself, and the card was not saved. Please start again from the shop.",
  },
  tooManyCodes: {
    above: resultIcon("lock", "bad"),
    title: "Too many wrong codes",
    text: "After three wrong codes your bank ended the check. The card was not saved. Please start again from the shop.",
  },
  notVerified: {
    above: resultIcon("shield", "bad"),
    title: "Your bank could not confirm it’s you",
    text: "The card was not saved. Start again from the shop, with this card or another one. If it keeps failing, contact your bank.",
  },
  declined: {
    above: resultIcon("card", "bad"),
    title: "Your card was declined",
    text: "Your bank did not approve it, so it was not saved. Try another card in the shop, or contact your bank.",
  },
};

function resultIcon(name: Icon, mood: "good" | "calm" | "bad"): Markup {
  return html`<div class="end ${mood}">${icon(name)}</div>`;
}

function getVaultingEnd(vaulting: Final): VaultingEnd {
  if (vaulting.status === "SUCCESS") return "saved";
  if (vaulting.endedBy === "cancelled" || vaulting.endedBy === "expired") return vaulting.endedBy;
  if (!vaulting.verificationFailed) return "declined";
  // The issuer's own verdict can be of that name too; then no code was wrong.
  return vaulting.resultCode === "VERIFY_TIMES_EXCEED_LIMIT" ? "tooManyCodes" : "notVerified";
}

/** @param back the merchant's page, where there is one to go back to */
export function resultView(vaulting: Final, back: string | undefined): View {
  const { above, title, text } = END_VIEWS[getVaultingEnd(vaulting)];
  return {
    status: 200,
    title,
    aboveTitle: above,
    body:
      back === undefined
        ? html`<p>${text} You can close this page.</p>`
        : html`<p>${text}</p>
<p class="go"><a href="${back}" rel="noreferrer" class="button">Back to the shop</a></p>`,
  };
}

/** The one page for a link that leads nowhere: unknown, used up or expired, all the same. */
export const EXPIRED_LINK_VIEW: View = {
  status: 404,
  title: "This link does not work",
  aboveTitle: resultIcon("chain", "calm"),
  body: html`<p>It was used already, has expired, or never existed. Go back to the shop and start again.</p>`,
};

/** For a form that was not sent from the page that this browser was shown. Nothing has happened. */
export const EXPIRED_FORM_VIEW: View = {
  status: 403,
  title: "Please open the page again",
  aboveTitle: resultIcon("turn", "calm"),
  body: html`<p>What was sent did not come from this page, so nothing has changed. If you keep seeing this, allow cookies for this site.</p>
<p class="go"><a href="" class="button">Open again</a></p>`,
};
