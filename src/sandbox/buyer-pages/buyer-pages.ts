/** The buyer's pages: the 3-D Secure challenge, and the page of a session on which the card is typed. */
import { Hono } from "hono";
import { html } from "hono/html";
import { ONE_TIME_CODE } from "../../cards/test-cards.ts";
import { CARD_PATH, CHALLENGE_PATH } from "../../control-api/sandbox-paths.ts";
import { completeUrl } from "../../protocol/complete-url.ts";
import type { ForgeryGuard } from "../access/csrf-guard.ts";
import { readForm } from "../access/read-form.ts";
import type { Lookup, Vaultings } from "../store/vaultings.ts";
import { judgeCard } from "../vaulting/decide-card.ts";
import { type Links, normalUrlOf } from "../vaulting/responses.ts";
import {
  after,
  type Facts,
  type Final,
  type Happening,
  isFinal,
  type Processing,
  type Vaulting,
  type WaitingForCard,
  type WaitingForChallenge,
} from "../vaulting/state-machine.ts";
import { readCardForm } from "./card-form.ts";
import { cardView } from "./card-view.ts";
import { challengeView } from "./challenge-view.ts";
import type { FormView } from "./form-view.ts";
import { redirectTo, renderPage } from "./layout.ts";
import { DEAD_LINK, endView, NOT_GENUINE } from "./result-view.ts";

export interface PagesOptions {
  readonly vaultings: Vaultings;
  readonly guard: ForgeryGuard;
  readonly links: Links;
  readonly facts: () => Facts;
  /** Whether the buyer reaches the sandbox by https. */
  readonly secure: () => boolean;
}

const LINK_ID = /^[\w-]{22}$/;

export function createPages(options: PagesOptions): Hono {
  const { vaultings, guard, links, facts } = options;
  const app = new Hono();

  /** A page with its form, and the cookie by which the form is known again. */
  async function show<Waiting extends Processing>(
    request: Request,
    link: Link<Waiting>,
    vaulting: Waiting,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const known = guard.cookieOf(request.headers, link.id);
    const fresh = known === undefined ? guard.newCookie(link.id, link.path, options.secure()) : undefined;
    const token = guard.tokenFor(fresh?.cookie ?? known ?? "", link.id);
    const field = html`<input type="hidden" name="token" value="${token}">`;
    return renderPage({
      ...view(vaulting, { now: facts().now, path: link.path, token: field }),
      leadsAway: vaulting.redirectUrl !== null,
      cookie: fresh?.header,
    });
  }

  /** What a link shows. Nothing changes: what has expired is only seen to be so. */
  async function get<Waiting extends Processing>(
    request: Request,
    link: Link<Waiting>,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const stored = LINK_ID.test(link.id) ? await vaultings.find(link.lookup) : undefined;
    if (!stored) return deadLink();
    const current = after(stored, { kind: "nothing" }, facts());
    const waiting = link.waiting(current);
    if (waiting) return show(request, link, waiting, view);
    // Only the browser that was here before is told more than a stranger.
    if (guard.cookieOf(request.headers, link.id) === undefined) return deadLink();
    return isFinal(current) ? showEnd(current) : goOn(current);
  }

  /** On to the next page: the challenge, the merchant's page, or the end. */
  function goOn(vaulting: Vaulting): Response | Promise<Response> {
    if (!isFinal(vaulting)) return redirectTo(pathOf(normalUrlOf(vaulting, links)));
    const back = locationOf(vaulting.redirectUrl);
    return back === undefined || vaulting.endedBy === "expired" ? showEnd(vaulting) : redirectTo(back);
  }

  /** What the buyer sends. The first answer counts; whoever comes later is only led on. */
  async function post<Waiting extends Processing>(
    request: Request,
    link: Link<Waiting>,
    read: (form: URLSearchParams) => Reading<Waiting>,
  ): Promise<Response> {
    const form = await readForm(request);
    if (!LINK_ID.test(link.id) || !form) return deadLink();
    if (!guard.isGenuine(request.headers, link.id, form.get("token") ?? "")) return renderPage(NOT_GENUINE);
    const reading = read(form);
    if ("again" in reading) {
      const stored = await vaultings.find(link.lookup);
      if (!stored) return deadLink();
      const current = after(stored, { kind: "nothing" }, facts());
      const waiting = link.waiting(current);
      return waiting ? show(request, link, waiting, reading.again) : goOn(current);
    }
    const vaulting = await vaultings.change(link.lookup, (stored) => {
      if (!stored) return { answer: undefined };
      const waiting = link.waiting(stored);
      const next = after(stored, waiting ? reading.happening(waiting) : { kind: "nothing" }, facts());
      return next === stored ? { answer: next } : { answer: next, vaulting: next };
    });
    if (!vaulting) return deadLink();
    if (!link.waiting(vaulting)) return goOn(vaulting);
    // The page again, by a request that a reload may repeat: it would else send the same wrong code once more.
    return redirectTo(link.path);
  }

  const challenge = (id: string): Link<WaitingForChallenge> => ({
    id,
    path: pathOf(links.challenge(id)),
    lookup: { challengeId: id },
    waiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge === null ? undefined : vaulting),
  });
  const card = (id: string): Link<WaitingForCard> => ({
    id,
    path: pathOf(links.card(id)),
    lookup: { cardPageId: id },
    waiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge !== null ? undefined : vaulting),
  });
  app.get(`${CHALLENGE_PATH}:id`, ({ req }) => get(req.raw, challenge(req.param("id")), challengeView(false)));
  app.post(`${CHALLENGE_PATH}:id`, ({ req }) => post(req.raw, challenge(req.param("id")), readChallenge));
  app.get(`${CARD_PATH}:id`, ({ req }) => get(req.raw, card(req.param("id")), cardView([])));
  app.post(`${CARD_PATH}:id`, ({ req }) => post(req.raw, card(req.param("id")), readCard));
  // A router that takes these routes over would answer the rest itself, without these headers.
  for (const path of [CHALLENGE_PATH, CARD_PATH]) app.all(`${path}*`, deadLink);
  app.onError(deadLink);
  return app;
}

/** The path by which the buyer reaches a page: the sandbox may be behind another server, below a path of that one. */
const pathOf = (url: string): string => new URL(url).pathname;

interface Link<Waiting extends Processing> {
  readonly id: string;
  readonly path: string;
  readonly lookup: Lookup;
  /** The vaulting, as long as it waits for what this page requests. */
  readonly waiting: (vaulting: Vaulting) => Waiting | undefined;
}

/** What a form says has happened to a vaulting; or the page to show again, for there is something wrong with the form. */
type Reading<Waiting extends Processing> =
  | { readonly happening: (waiting: Waiting) => Happening }
  | { readonly again: FormView<Waiting> };

function readChallenge(form: URLSearchParams): Reading<WaitingForChallenge> {
  if (form.get("answer") === "cancel") return { happening: () => ({ kind: "cancelled" }) };
  const code = (form.get("code") ?? "").replace(/\s/g, "");
  if (code === "") return { again: challengeView(true) };
  const attempt = form.get("attempt");
  return {
    happening: ({ challenge: { wrongCodes } }) =>
      // The same form twice, by an impatient finger or from another tab: the second one is not looked at, so that it costs no try.
      attempt !== null && attempt !== String(wrongCodes)
        ? { kind: "nothing" }
        : { kind: "code", right: code === ONE_TIME_CODE },
  };
}

/** Whether a session asks for a challenge stands in the session, so the card is judged with it. */
function readCard(form: URLSearchParams): Reading<WaitingForCard> {
  const read = readCardForm(form);
  if (Array.isArray(read)) return { again: cardView(read) };
  return {
    happening: ({ session }) => {
      const card = judgeCard({ cardNo: read.cardNo, is3DSAuthentication: session.threeDS });
      if (!card.accepted) throw new Error("A card was judged that the form should have refused.");
      return { kind: "card", card };
    },
  };
}

const showEnd = (vaulting: Final): Promise<Response> => renderPage(endView(vaulting, locationOf(vaulting.redirectUrl)));

const deadLink = (): Promise<Response> => renderPage(DEAD_LINK);

/** A redirectUrl as a Location: as the merchant gave it, with a scheme where it has none, and in ASCII. Nothing is added. */
export function locationOf(redirectUrl: string | null): string | undefined {
  if (redirectUrl === null) return undefined;
  const text = completeUrl(redirectUrl);
  if (!URL.canParse(text)) return undefined;
  return /^[\x21-\x7E]*$/.test(text) ? text : new URL(text).href;
}
