/** Decides which requests may see a page or send a form, and puts each page into its frame. */
import type { Context } from "hono";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { type Markup, markup, nothing, verbatim } from "../../../html/html-template.ts";
import { AntomVaultError } from "../../../protocol/errors.ts";
import { type ControlAccess, hasStrangeName, isForeign } from "../../access/access-control.ts";
import { FORM_LIMIT, readForm } from "../../access/read-form.ts";
import type { Sessions } from "../../access/sign-in.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { DONE, type Done, message, notFound, notGenuine, refused } from "./messages.ts";
import { type Frame, goTo, type Page, respond } from "./page-layout.ts";
import { strip } from "./status-bar.ts";

export interface GateOptions {
  readonly control: Control;
  /** Asked for where others can reach the sandbox. */
  readonly token: string | undefined;
  readonly sessions: Sessions;
  readonly baseUrl: () => string;
}

/** One request of a browser. */
export interface Visit {
  readonly request: Request;
  readonly url: URL;
  /** The path below which the browser reaches the sandbox, which may be behind another server. */
  readonly base: string;
  readonly formToken: string;
  /** The hidden field that each form carries. */
  readonly token: Markup;
}

/** What is to be shown: a page, or a whole response. */
type Shown = Page | Response;
type Show = (visit: Visit) => Shown | Promise<Shown>;
type Handler = (context: Context) => Promise<Response>;

/** Each of its functions makes a handler out of what is to be shown. */
export type Gate = Readonly<ReturnType<typeof createGate>>;

/** Something in a form that is not as it should be, in words. */
export class WrongForm extends Error {}

export function createGate({ control, token, sessions, baseUrl }: GateOptions) {
  function visitOf(request: Request): Visit {
    const formToken = sessions.formToken(request.headers);
    return {
      request,
      url: new URL(request.url),
      base: pathOf(baseUrl()),
      formToken,
      token: markup`<input type="hidden" name="token" value="${formToken}">`,
    };
  }

  const handler =
    (isRefused: typeof isForeign, show: Show): Handler =>
    async ({ req }) => {
      const visit = visitOf(req.raw);
      if (isRefused(req.raw, { token })) return refused(visit.base);
      const shown = await show(visit);
      return shown instanceof Response ? shown : respond(withFlash(shown, visit.url), await frameOf(visit));
    };

  async function frameOf({ request: { headers }, base, token: field }: Visit): Promise<Frame> {
    if (!sessions.isSignedIn(headers)) return { base };
    const signOut = sessions.asked
      ? markup`<form method="post" action="${verbatim(base + PAGE.signIn)}">${field}<button name="action" value="sign-out">Sign out</button></form>`
      : nothing;
    const renewal = headers.get("sec-fetch-dest") === "empty";
    return { base, strip: await strip(control, base), signOut, renewal };
  }

  const signedIn =
    (show: Show): Show =>
    (visit) =>
      sessions.isSignedIn(visit.request.headers) ? show(visit) : goTo(visit.base + PAGE.signIn);

  /** For every browser, also by a link on another site. */
  const open = (show: Show) => handler(isStrange, show);
  /** For every browser, from a page of this sandbox alone. */
  const own = (show: Show) => handler(isForeign, show);
  /** What was sent by a page of this dashboard from a browser that is signed in. */
  const take = (limit: number, work: (form: URLSearchParams, visit: Visit) => Shown | Promise<Shown>) =>
    own(
      signedIn(async (visit) => {
        const form = await readForm(visit.request, limit);
        const isGenuine = form && sessions.isGenuine(visit.request.headers, form.get("token") ?? "");
        return isGenuine ? work(form, visit) : notGenuine(visit.base);
      }),
    );
  return {
    open,
    own,
    /** A page for a browser that is signed in. */
    get: (show: Show) => open(signedIn(show)),
    take,
    /** A form that leads back to its page, which says what was done. `undefined`: there is no such page. */
    post: (part: NonNullable<Page["part"]>, work: (form: URLSearchParams, visit: Visit) => Promise<Done | undefined>) =>
      take(FORM_LIMIT, async (form, visit) => {
        try {
          const done = await work(form, visit);
          return done === undefined ? notFound() : goTo(`${visit.base}${visit.url.pathname}?done=${done}`);
        } catch (error) {
          if (!(error instanceof WrongForm || error instanceof AntomVaultError)) throw error;
          return { ...message("This was not done", error.message, 422), part };
        }
      }),
  };
}

/** The path of an address, without a slash at its end. */
export const pathOf = (url: string): string => new URL(url).pathname.replace(/\/$/, "");

/** A page that says what the form did from which the browser comes. */
function withFlash(page: Page, { searchParams }: URL): Page {
  const done = searchParams.get("done");
  if (done === null || !Object.hasOwn(DONE, done)) return page;
  return { ...page, body: markup`<p class="said" role="status">${DONE[done as Done]}</p>${page.body}` };
}

/**
 * Whether a page is asked for by whom it is not meant for. A link on another site may lead here, because nothing changes by it and that site
 * sees nothing of it; a page of another site may not load it in any other way.
 */
function isStrange(request: Request, access: ControlAccess): boolean {
  const { headers } = request;
  const followed = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  return followed ? hasStrangeName(request, access) : isForeign(request, access);
}
