/** The buyer's pages: the 3-D Secure challenge, and the page of a session on which the card is typed. Plain HTML, no script. */
import { Hono } from "hono";
import { html } from "hono/html";
import { readBody } from "../../http.ts";
import { ONE_TIME_CODE } from "../issuer/cards.ts";
import { judgeCard } from "../issuer/judge.ts";
import type { Lookup, Vaultings } from "../store/vaultings.ts";
import type { Links } from "../vaulting/answers.ts";
import { after, type Facts, type Happening, isFinal, type Vaulting } from "../vaulting/vaulting.ts";
import { type CardFault, readCardForm } from "./card-form.ts";
import type { ForgeryGuard } from "./forgery.ts";
import { deadLink, type Markup, notGenuine, redirectTo, renderPage } from "./layout.ts";
import { CARD_PATH, CHALLENGE_PATH } from "./paths.ts";
import { locationOf } from "./redirect.ts";

export interface PagesOptions {
  readonly vaultings: Vaultings;
  readonly guard: ForgeryGuard;
  readonly links: Links;
  readonly facts: () => Facts;
  /** Whether the buyer reaches the sandbox by https. */
  readonly secure: () => boolean;
}

const LINK_ID = /^[\w-]{22}$/;
const FORM_LIMIT = 4096;

export function createPages(options: PagesOptions): Hono {
  const { vaultings, guard, links, facts } = options;
  const app = new Hono();

  /** A page with its form, and the cookie by which the form is known again. */
  async function show(request: Request, link: Link, vaulting: Vaulting, form: Form): Promise<Response> {
    const known = guard.cookieOf(request.headers, link.id);
    const fresh = known === undefined ? guard.newCookie({ ...link, secure: options.secure() }) : undefined;
    const token = guard.tokenFor(fresh?.cookie ?? known ?? "", link.id);
    return renderPage({
      status: form.status ?? 200,
      title: form.title,
      body: form.body(html`<input type="hidden" name="token" value="${token}">`),
      leadsAway: vaulting.redirectUrl !== null,
      cookie: fresh?.header,
    });
  }

  /** What a link shows. Nothing changes: what has expired is only seen to be so. */
  async function get(request: Request, link: Link, form: (vaulting: Vaulting) => Form): Promise<Response> {
    const stored = LINK_ID.test(link.id) ? await vaultings.find(link.lookup) : undefined;
    if (!stored) return deadLink();
    const current = after(stored, { kind: "nothing" }, facts());
    if (isHere(current, link)) return show(request, link, current, form(current));
    // Only the browser that was here before is told more than a stranger.
    if (guard.cookieOf(request.headers, link.id) === undefined) return deadLink();
    return isFinal(current) ? showEnd(current, locationOf(current.redirectUrl ?? "")) : goOn(current);
  }

  /** On to the next page: the challenge, the merchant's page, or the end. */
  function goOn(vaulting: Vaulting): Response | Promise<Response> {
    if (!isFinal(vaulting)) return redirectTo(challenge(vaulting.challengeId ?? "").path);
    const back = locationOf(vaulting.redirectUrl ?? "");
    return back === undefined || vaulting.endedBy === "expired" ? showEnd(vaulting, back) : redirectTo(back);
  }

  /** What the buyer sends. The first answer counts; whoever comes later is only led on. */
  async function post(request: Request, link: Link, read: (form: URLSearchParams) => Reading): Promise<Response> {
    const form = await readForm(request);
    if (!LINK_ID.test(link.id) || !form) return deadLink();
    if (!guard.isGenuine(request.headers, link.id, form.get("token") ?? "")) return notGenuine();
    const happening = read(form);
    if (Array.isArray(happening)) {
      const stored = await vaultings.find(link.lookup);
      if (!stored) return deadLink();
      const current = after(stored, { kind: "nothing" }, facts());
      return isHere(current, link) ? show(request, link, current, cardForm(happening)) : goOn(current);
    }
    const vaulting = await vaultings.change(link.lookup, (stored) => {
      if (!stored) return { answer: undefined };
      const next = after(stored, happening(stored), facts());
      return next === stored ? { answer: next } : { answer: next, vaulting: next };
    });
    if (!vaulting) return deadLink();
    if (!isHere(vaulting, link)) return goOn(vaulting);
    // The page again, by a request that a reload may repeat: it would else send the same wrong code once more.
    return redirectTo(link.path);
  }

  const challenge = (id: string): Link => ({
    id,
    path: pathOf(links.challenge(id)),
    lookup: { challengeId: id },
    challengeId: id,
  });
  const card = (id: string): Link => ({
    id,
    path: pathOf(links.card(id)),
    lookup: { cardPageId: id },
    challengeId: null,
  });
  app.get(`${CHALLENGE_PATH}:id`, ({ req }) => get(req.raw, challenge(req.param("id")), challengeForm));
  app.post(`${CHALLENGE_PATH}:id`, ({ req }) => post(req.raw, challenge(req.param("id")), readChallenge));
  app.get(`${CARD_PATH}:id`, ({ req }) => get(req.raw, card(req.param("id")), () => cardForm([])));
  app.post(`${CARD_PATH}:id`, ({ req }) => post(req.raw, card(req.param("id")), readCard));
  // A router that takes these routes over would answer the rest itself, without these headers.
  for (const path of [CHALLENGE_PATH, CARD_PATH]) app.all(`${path}*`, () => deadLink());
  app.onError(() => deadLink());
  return app;
}

/** The path by which the buyer reaches a page: the sandbox may be behind another server, below a path of that one. */
const pathOf = (url: string): string => new URL(url).pathname;

/** Whether a vaulting waits for what is asked on this page. */
const isHere = (vaulting: Vaulting, link: Link): boolean =>
  !isFinal(vaulting) && vaulting.challengeId === link.challengeId;

interface Link {
  readonly id: string;
  readonly path: string;
  readonly lookup: Lookup;
  /** The challenge that the vaulting has as long as this is its page. */
  readonly challengeId: string | null;
}

/** What a form says has happened to a vaulting, or what is wrong with the form. */
type Reading = ((stored: Vaulting) => Happening) | CardFault[];

interface Form {
  readonly status?: 200 | 422;
  readonly title: string;
  readonly body: (token: Markup) => Markup;
}

async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers.get("content-type") ?? ""))
    return undefined;
  const bytes = await readBody(request.body, FORM_LIMIT);
  return bytes && new URLSearchParams(new TextDecoder().decode(bytes));
}

function readChallenge(form: URLSearchParams): Reading {
  if (form.get("answer") === "cancel") return () => ({ kind: "cancelled" });
  const right = (form.get("code") ?? "").replace(/\s/g, "") === ONE_TIME_CODE;
  return () => ({ kind: "code", right });
}

/** Whether a session asks for a challenge stands in the session, so the card is judged with it. */
function readCard(form: URLSearchParams): Reading {
  const read = readCardForm(form);
  if (Array.isArray(read)) return read;
  return ({ sessionThreeDS }) => {
    const card = judgeCard({ cardNo: read.cardNo, is3DSAuthentication: sessionThreeDS === 1 });
    if (!card.accepted) throw new Error("A card was judged that the form should have refused.");
    return { kind: "card", card };
  };
}

const challengeForm = ({ maskedCardNo, brand, wrongCodes }: Vaulting): Form => ({
  title: "Confirm that it is you",
  body: (
    token,
  ) => html`<p>Your bank asks for the one-time code for ${brand ?? "card"} ending in ${(maskedCardNo ?? "").slice(-4)}.</p>
${wrongCodes > 0 ? html`<p class="wrong" role="alert">That was not the code. Tries left: ${3 - wrongCodes}.</p>` : ""}
<form method="post" autocomplete="off">
${token}
<label for="code">One-time code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus>
<p>In this sandbox the code is ${ONE_TIME_CODE}.</p>
<button name="answer" value="code">Confirm</button>
<button name="answer" value="cancel" formnovalidate>Cancel</button>
</form>`,
});

const FIELDS = [
  { name: "cardNo", label: "Card number", autocomplete: "cc-number", maxlength: 23 },
  { name: "expiry", label: "Expiry (MM/YY)", autocomplete: "cc-exp", maxlength: 7 },
  { name: "cvv", label: "Security code", autocomplete: "cc-csc", maxlength: 4 },
] as const;

/** The form for the card. What was typed is not written into the page again: no card data leave the browser twice. */
const cardForm = (faults: readonly CardFault[]): Form => ({
  status: faults.length > 0 ? 422 : 200,
  title: "Save a card",
  body: (token) => html`<form method="post">
${token}
${FIELDS.map(({ name, label, autocomplete, maxlength }) => {
  const fault = faults.find((each) => each.field === name);
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" inputmode="numeric" autocomplete="${autocomplete}" maxlength="${maxlength}" required${fault ? html` aria-invalid="true" aria-describedby="${name}-wrong"` : ""}>
${fault ? html`<p class="wrong" id="${name}-wrong">${fault.message}</p>` : ""}`;
})}
<button>Save</button>
</form>`,
});

function showEnd({ status, endedBy }: Vaulting, back: string | undefined): Promise<Response> {
  const saved = status === "SUCCESS" ? "The card is saved" : "The card was not saved";
  const more =
    back === undefined ? "You can close this page." : html`<a href="${back}" rel="noreferrer">Back to the shop</a>`;
  return renderPage({
    status: 200,
    title: endedBy === "expired" ? "The time is over" : saved,
    body: html`<p>${endedBy === "expired" ? "The card was not saved. " : ""}${more}</p>`,
  });
}
