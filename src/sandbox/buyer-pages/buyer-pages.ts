/** The pages for buyers: the 3-D Secure challenge page, and the card page of a session. */
import { Hono } from "hono";
import { html } from "hono/html";
import { ONE_TIME_CODE } from "../../cards/test-cards.ts";
import { CARD_PATH, CHALLENGE_PATH } from "../../control-api/sandbox-paths.ts";
import { findForeignHeader, type ServerAddress } from "../../gateway/index.ts";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
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
import { EXPIRED_FORM_VIEW, EXPIRED_LINK_VIEW, NOT_ALLOWED_VIEW, resultView } from "./result-view.ts";

export interface BuyerPagesOptions {
  readonly vaultings: Vaultings;
  readonly guard: CsrfGuard;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly address: () => ServerAddress;
}

const LINK_ID = /^[\w-]{22}$/;

export function createBuyerPages(options: BuyerPagesOptions): Hono {
  const { vaultings, guard, links, facts, address } = options;
  const app = createProtectedApp(address);

  /** Renders a page with a form. Sets the cookie that protects the form if the browser does not have one. */
  async function showForm<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    vaulting: Waiting,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const cookie = guard.findCookie(request.headers, link.id);
    const newCookie =
      cookie === undefined ? guard.issueCookie(link.id, link.path, address().baseUrl.startsWith("https:")) : undefined;
    const token = guard.createToken(newCookie?.cookie ?? cookie ?? "", link.id);
    const tokenField = html`<input type="hidden" name="token" value="${token}">`;
    return renderPage({
      ...view(vaulting, { now: facts().now, path: link.path, tokenField }),
      leavesSandbox: vaulting.redirectUrl !== null,
      cookie: newCookie?.header,
    });
  }

  /** Shows the form, or redirects to the page that waits for input, or shows the result. Stores nothing, even if the vaulting has expired. */
  async function handleGet<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    view: FormView<Waiting>,
  ): Promise<Response> {
    const stored = LINK_ID.test(link.id) ? await vaultings.find(link.lookup) : undefined;
    if (!stored) return renderExpiredLink();
    const current = transition(stored, { kind: "nothing" }, facts());
    const waiting = link.getWaiting(current);
    if (waiting) return showForm(request, link, waiting, view);
    // Only a browser that has opened the page before may see the result.
    if (guard.findCookie(request.headers, link.id) === undefined) return renderExpiredLink();
    return isFinal(current) ? renderResult(current) : continueTo(current);
  }

  /** Redirects to the page that waits for input or to the merchant, or renders the result. */
  function continueTo(vaulting: Vaulting): Response | Promise<Response> {
    if (!isFinal(vaulting)) return redirectTo(getPath(getNormalUrl(vaulting, links)));
    const location = toRedirectLocation(vaulting.redirectUrl);
    return location === undefined || vaulting.endedBy === "expired" ? renderResult(vaulting) : redirectTo(location);
  }

  /** Handles a submitted form. Once the page no longer waits for input, submissions change nothing. */
  async function handlePost<Waiting extends Processing>(
    request: Request,
    link: BuyerLink<Waiting>,
    parseForm: (form: URLSearchParams) => FormResult<Waiting>,
  ): Promise<Response> {
    const form = await readForm(request);
    if (!LINK_ID.test(link.id) || !form) return renderExpiredLink();
    if (!guard.isGenuine(request.headers, link.id, form.get("token") ?? "")) return renderPage(EXPIRED_FORM_VIEW);
    const result = parseForm(form);
    if ("view" in result) {
      const stored = await vaultings.find(link.lookup);
      if (!stored) return renderExpiredLink();
      const current = transition(stored, { kind: "nothing" }, facts());
      const waiting = link.getWaiting(current);
      return waiting ? showForm(request, link, waiting, result.view) : continueTo(current);
    }
    const vaulting = await vaultings.update(link.lookup, (stored) => {
      if (!stored) return { response: undefined };
      const waiting = link.getWaiting(stored);
      const next = transition(stored, waiting ? result.toEvent(waiting) : { kind: "nothing" }, facts());
      return next === stored ? { response: next } : { response: next, vaulting: next };
    });
    if (!vaulting) return renderExpiredLink();
    if (!link.getWaiting(vaulting)) return continueTo(vaulting);
    // Redirect, so that reloading the page does not submit the same code again.
    return redirectTo(link.path);
  }

  const toChallengeLink = (id: string): BuyerLink<WaitingForChallenge> => ({
    id,
    path: getPath(links.challenge(id)),
    lookup: { challengeId: id },
    getWaiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge === null ? undefined : vaulting),
  });
  const toCardLink = (id: string): BuyerLink<WaitingForCard> => ({
    id,
    path: getPath(links.card(id)),
    lookup: { cardPageId: id },
    getWaiting: (vaulting) => (isFinal(vaulting) || vaulting.challenge !== null ? undefined : vaulting),
  });
  app.get(`${CHALLENGE_PATH}:id`, ({ req }) =>
    handleGet(req.raw, toChallengeLink(req.param("id")), challengeView(false)),
  );
  app.post(`${CHALLENGE_PATH}:id`, ({ req }) =>
    handlePost(req.raw, toChallengeLink(req.param("id")), parseChallengeForm),
  );
  app.get(`${CARD_PATH}:id`, ({ req }) => handleGet(req.raw, toCardLink(req.param("id")), cardView([])));
  app.post(`${CARD_PATH}:id`, ({ req }) => handlePost(req.raw, toCardLink(req.param("id")), parseCardForm));
  // Otherwise, the router would return 404 responses without the security headers.
  for (const path of [CHALLENGE_PATH, CARD_PATH]) app.all(`${path}*`, renderExpiredLink);
  app.onError(renderExpiredLink);
  return app;
}

/** Creates an app that rejects requests from other sites, which may only link to the pages. */
function createProtectedApp(address: () => ServerAddress): Hono {
  const app = new Hono();
  for (const path of [CHALLENGE_PATH, CARD_PATH]) {
    app.use(`${path}*`, async ({ req }, next) => {
      const foreign = findForeignHeader(req.raw, address(), req.method === "POST" ? "form" : "link");
      return foreign ? renderPage(NOT_ALLOWED_VIEW) : next();
    });
  }
  return app;
}

/** Returns the path of a page, including the prefix of a reverse proxy. */
const getPath = (url: string): string => new URL(url).pathname;

interface BuyerLink<Waiting extends Processing> {
  readonly id: string;
  readonly path: string;
  readonly lookup: Lookup;
  /** Returns the vaulting if it is waiting for input on this page. */
  readonly getWaiting: (vaulting: Vaulting) => Waiting | undefined;
}

/** The event that a valid form causes, or the page that shows the errors in an invalid form. */
type FormResult<Waiting extends Processing> =
  | { readonly toEvent: (waiting: Waiting) => VaultingEvent }
  | { readonly view: FormView<Waiting> };

function parseChallengeForm(form: URLSearchParams): FormResult<WaitingForChallenge> {
  if (form.get("action") === "cancel") return { toEvent: () => ({ kind: "cancelled" }) };
  const code = (form.get("code") ?? "").replace(/\s/g, "");
  if (code === "") return { view: challengeView(true) };
  const attempt = form.get("attempt");
  return {
    toEvent: ({ challenge: { wrongCodes } }) =>
      // A form that is submitted twice, or from a stale tab, must not use up a second attempt.
      attempt !== null && attempt !== String(wrongCodes)
        ? { kind: "nothing" }
        : { kind: "code", correct: code === ONE_TIME_CODE },
  };
}

function parseCardForm(form: URLSearchParams): FormResult<WaitingForCard> {
  const result = readCardForm(form);
  if (Array.isArray(result)) return { view: cardView(result) };
  return {
    toEvent: ({ session }) => {
      const card = decideCard({ cardNo: result.cardNo, is3DSAuthentication: session.threeDS });
      if (!card.accepted) throw new Error("The card form accepted an invalid card number.");
      return { kind: "card", card };
    },
  };
}

const renderResult = (vaulting: Final): Promise<Response> =>
  renderPage(resultView(vaulting, toRedirectLocation(vaulting.redirectUrl)));

const renderExpiredLink = (): Promise<Response> => renderPage(EXPIRED_LINK_VIEW);

/**
 * Converts a redirectUrl to the value of a Location header: adds a missing scheme, and encodes characters that a header cannot contain. Returns
 * `undefined` for `null` and for an invalid URL.
 */
export function toRedirectLocation(redirectUrl: string | null): string | undefined {
  if (redirectUrl === null) return undefined;
  const text = addDefaultScheme(redirectUrl);
  if (!URL.canParse(text)) return undefined;
  return /^[\x21-\x7E]*$/.test(text) ? text : new URL(text).href;
}
