/** The buyer's pages: the 3-D Secure challenge, and the page of a session on which the card is typed. */
import { Hono } from "hono";
import { html } from "hono/html";
import { ONE_TIME_CODE } from "../../cards/test-cards.ts";
import { CARD_PATH, CHALLENGE_PATH } from "../../control-api/sandbox-paths.ts";
import { completeUrl } from "../../protocol/complete-url.ts";
import type { CsrfGuard } from "../access/csrf-guard.ts";
import { readForm } from "../access/read-form.ts";
import type { Lookup, Vaultings } from "../store/vaultings.ts";
import { decideCard } from "../vaulting/decide-card.ts";
import { getNormalUrl, type Links } from "../vaulting/responses.ts";
import {
  type Facts,
  type Final,
  isFinal,
  type Processing,
  transition,
  type Vaulting,
  type VaultingEvent,
  type WaitingForCard,
  type WaitingForChallenge,
} from "../vaulting/state-machine.ts";
import { readCardForm } from "./card-form.ts";
import { cardView } from "./card-view.ts";
import { challengeView } from "./challenge-view.ts";
import type { FormView } from "./form-view.ts";
import { redirectTo, renderPage } from "./layout.ts";
import { EXPIRED_FORM_VIEW, EXPIRED_LINK_VIEW, resultView } from "./result-view.ts";

export interface BuyerPagesOptions {
  readonly vaultings: Vaultings;
  readonly guard: CsrfGuard;
  readonly links: Links;
  readonly facts: () => Facts;
  /** Whether the buyer reaches the sandbox by https. */
  readonly isSecure: () => boolean;
}

const LINK_ID = /^[\w-]{22}$/;

export function createBuyerPages(options: BuyerPagesOptions): Hono {
  const { vaultings, guard, links, facts } = options;
  const app = new Hono();

  /** A page with its form, and the cookie by which the form is known again. */
  async function show<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    vaulting: Waiting,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const known = guard.findCookie(request.headers, link.id);
    const fresh = known === undefined ? guard.newCookie(link.id, link.path, options.isSecure()) : undefined;
    const token = guard.createToken(fresh?.cookie ?? known ?? "", link.id);
    const field = html`<input type="hidden" name="token" value="${token}">`;
    return renderPage({
      ...view(vaulting, { now: facts().now, path: link.path, tokenField: field }),
      leavesSandbox: vaulting.redirectUrl !== null,
      cookie: fresh?.header,
    });
  }

  /** What a link shows. Nothing changes: what has expired is only seen to be so. */
  async function get<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const stored = LINK_ID.test(link.id) ? await vaultings.find(link.lookup) : undefined;
    if (!stored) return renderExpiredLink();
    const current = transition(stored, { kind: "nothing" }, facts());
    const waiting = link.getWaiting(current);
    if (waiting) return show(request, link, waiting, view);
    // Only the browser that was here before is told more than a stranger.
    if (guard.findCookie(request.headers, link.id) === undefined) return renderExpiredLink();
    return isFinal(current) ? renderResult(current) : goOn(current);
  }

  /** On to the next page: the challenge, the merchant's page, or the end. */
  function goOn(vaulting: Vaulting): Response | Promise<Response> {
    if (!isFinal(vaulting)) return redirectTo(getPath(getNormalUrl(vaulting, links)));
    const back = toRedirectLocation(vaulting.redirectUrl);
    return back === undefined || vaulting.endedBy === "expired" ? renderResult(vaulting) : redirectTo(back);
  }

  /** What the buyer sends. The first answer counts; whoever comes later is only led on. */
  async function post<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    read: (form: URLSearchParams) => FormResult<Waiting>,
  ): Promise<Response> {
    const form = await readForm(request);
    if (!LINK_ID.test(link.id) || !form) return renderExpiredLink();
    if (!guard.isGenuine(request.headers, link.id, form.get("token") ?? "")) return renderPage(EXPIRED_FORM_VIEW);
    const reading = read(form);
    if ("again" in reading) {
      const stored = await vaultings.find(link.lookup);
      if (!stored) return renderExpiredLink();
      const current = transition(stored, { kind: "nothing" }, facts());
      const waiting = link.getWaiting(current);
      return waiting ? show(request, link, waiting, reading.again) : goOn(current);
    }
    const vaulting = await vaultings.update(link.lookup, (stored) => {
      if (!stored) return { response: undefined };
      const waiting = link.getWaiting(stored);
      const next = transition(stored, waiting ? reading.happening(waiting) : { kind: "nothing" }, facts());
      return next === stored ? { response: next } : { response: next, vaulting: next };
    });
    if (!vaulting) return renderExpiredLink();
    if (!link.getWaiting(vaulting)) return goOn(vaulting);
    // The page again, by a request that a reload may repeat: it would else send the same wrong code once more.
    return redirectTo(link.path);
  }

  const challenge = (id: string): BuyerLink<WaitingForChallenge> => ({
    id,
    path: getPath(links.challenge(id)),
    lookup: { challengeId: id },
    getWaiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge === null ? undefined : vaulting),
  });
  const card = (id: string): BuyerLink<WaitingForCard> => ({
    id,
    path: getPath(links.card(id)),
    lookup: { cardPageId: id },
    getWaiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge !== null ? undefined : vaulting),
  });
  app.get(`${CHALLENGE_PATH}:id`, ({ req }) => get(req.raw, challenge(req.param("id")), challengeView(false)));
  app.post(`${CHALLENGE_PATH}:id`, ({ req }) => post(req.raw, challenge(req.param("id")), readChallenge));
  app.get(`${CARD_PATH}:id`, ({ req }) => get(req.raw, card(req.param("id")), cardView([])));
  app.post(`${CARD_PATH}:id`, ({ req }) => post(req.raw, card(req.param("id")), readCard));
  // A router that takes these routes over would answer the rest itself, without these headers.
  for (const path of [CHALLENGE_PATH, CARD_PATH]) app.all(`${path}*`, renderExpiredLink);
  app.onError(renderExpiredLink);
  return app;
}

/** The path by which the buyer reaches a page: the sandbox may be behind another server, below a path of that one. */
const getPath = (url: string): string => new URL(url).pathname;

interface BuyerLink<Waiting extends Processing> {
  readonly id: string;
  readonly path: string;
  readonly lookup: Lookup;
  /** The vaulting, as long as it waits for what this page requests. */
  readonly getWaiting: (vaulting: Vaulting) => Waiting | undefined;
}

/** What a form says has happened to a vaulting; or the page to show again, for there is something wrong with the form. */
type FormResult<Waiting extends Processing> =
  | { readonly happening: (waiting: Waiting) => VaultingEvent }
  | { readonly again: FormView<Waiting> };

function readChallenge(form: URLSearchParams): FormResult<WaitingForChallenge> {
  if (form.get("answer") === "cancel") return { happening: () => ({ kind: "cancelled" }) };
  const code = (form.get("code") ?? "").replace(/\s/g, "");
  if (code === "") return { again: challengeView(true) };
  const attempt = form.get("attempt");
  return {
    happening: ({ challenge: { wrongCodes } }) =>
      // The same form twice, by an impatient finger or from another tab: the second one is not looked at, so that it costs no try.
      attempt !== null && attempt !== String(wrongCodes)
        ? { kind: "nothing" }
        : { kind: "code", correct: code === ONE_TIME_CODE },
  };
}

/** Whether a session asks for a challenge stands in the session, so the card is judged with it. */
function readCard(form: URLSearchParams): FormResult<WaitingForCard> {
  const read = readCardForm(form);
  if (Array.isArray(read)) return { again: cardView(read) };
  return {
    happening: ({ session }) => {
      const card = decideCard({ cardNo: read.cardNo, is3DSAuthentication: session.threeDS });
      if (!card.accepted) throw new Error("A card was judged that the form should have refused.");
      return { kind: "card", card };
    },
  };
}

const renderResult = (vaulting: Final): Promise<Response> =>
  renderPage(resultView(vaulting, toRedirectLocation(vaulting.redirectUrl)));

const renderExpiredLink = (): Promise<Response> => renderPage(EXPIRED_LINK_VIEW);

/** A redirectUrl as a Location: as the merchant gave it, with a scheme where it has none, and in ASCII. Nothing is added. */
export function toRedirectLocation(redirectUrl: string | null): string | undefined {
  if (redirectUrl === null) return undefined;
  const text = completeUrl(redirectUrl);
  if (!URL.canParse(text)) return undefined;
  return /^[\x21-\x7E]*$/.test(text) ? text : new URL(text).href;
}
