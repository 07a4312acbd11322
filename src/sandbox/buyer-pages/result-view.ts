/** Pages without a form: results and error messages. @module */
import { html } from "hono/html";
import type { Final } from "../vaulting/state-machine.ts";
import { type Icon, icon } from "./icons.ts";
import type { Markup, View } from "./layout.ts";

/** The kinds of results that a buyer sees. */
type BuyerResult = "saved" | "cancelled" | "expired" | "tooManyCodes" | "notVerified" | "declined";

const RESULT_VIEWS: Readonly<
  Record<BuyerResult, { readonly aboveTitle: Markup; readonly title: string; readonly text: string }>
> = {
  saved: {
    aboveTitle: resultIcon("tick", "good"),
    title: "Your card is saved",
    text: "You can now use it in the shop.",
  },
  cancelled: {
    aboveTitle: resultIcon("cross", "calm"),
    title: "You cancelled the verification",
    text: "Your card was not saved. You can try again in the shop.",
  },
  expired: {
    aboveTitle: resultIcon("clock", "calm"),
    title: "Your session expired",
    text: "For your security, this page has expired. Your card was not saved. You can try again in the shop.",
  },
  tooManyCodes: {
    aboveTitle: resultIcon("lock", "bad"),
    title: "Too many incorrect codes",
    text: "Your bank ended the verification after 3 incorrect codes. Your card was not saved. You can try again in the shop.",
  },
  notVerified: {
    aboveTitle: resultIcon("shield", "bad"),
    title: "Your bank could not verify you",
    text: "Your card was not saved. Try again in the shop with this card or a different one. If the problem continues, contact your bank.",
  },
  declined: {
    aboveTitle: resultIcon("card", "bad"),
    title: "Your card was declined",
    text: "Your bank did not approve the card, so it was not saved. Try a different card in the shop, or contact your bank.",
  },
};

function resultIcon(name: Icon, tone: "good" | "calm" | "bad"): Markup {
  return html`<div class="result ${tone}">${icon(name)}</div>`;
}

function getBuyerResult(vaulting: Final): BuyerResult {
  if (vaulting.status === "SUCCESS") return "saved";
  if (vaulting.endedBy === "cancelled" || vaulting.endedBy === "expired") return vaulting.endedBy;
  if (!vaulting.verificationFailed) return "declined";
  // An issuer can return VERIFY_TIMES_EXCEED_LIMIT without a challenge, but then `verificationFailed` is false.
  return vaulting.resultCode === "VERIFY_TIMES_EXCEED_LIMIT" ? "tooManyCodes" : "notVerified";
}

/** Creates the view of a result. `redirectUrl` is the merchant's page, if there is one. */
export function resultView(vaulting: Final, redirectUrl: string | undefined): View {
  const { aboveTitle, title, text } = RESULT_VIEWS[getBuyerResult(vaulting)];
  return {
    status: 200,
    title,
    aboveTitle,
    body:
      redirectUrl === undefined
        ? html`<p>${text} You can close this page.</p>`
        : html`<p>${text}</p>
<p class="next"><a href="${redirectUrl}" rel="noreferrer" class="button">Return to the shop</a></p>`,
  };
}

/** The page for unknown, used, and expired links. It is the same for all of them, so that it does not reveal which links exist. */
export const EXPIRED_LINK_VIEW: View = {
  status: 404,
  title: "This link is no longer valid",
  aboveTitle: resultIcon("chain", "calm"),
  body: html`<p>It has expired, was already used, or does not exist. Return to the shop and start again.</p>`,
};

/** The page for requests from other sites or with an unknown host name. Such a request has no effect. */
export const NOT_ALLOWED_VIEW: View = {
  status: 403,
  title: "Request not allowed",
  aboveTitle: resultIcon("shield", "calm"),
  body: html`<p>Open this page at the address that the sandbox prints. Pages on other sites cannot use it.</p>`,
};

/** The page for submitted forms without a valid token or cookie. Such a form has no effect. */
export const EXPIRED_FORM_VIEW: View = {
  status: 403,
  title: "Form expired",
  aboveTitle: resultIcon("turn", "calm"),
  body: html`<p>Your form has expired, and nothing was changed. If you see this message again, allow cookies for this site.</p>
<p class="next"><a href="" class="button">Reload page</a></p>`,
};
