/** Decides which requests may see a page or send a form, and puts each page into its frame. */
import type { Context } from "hono";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { AntomVaultError } from "../../../protocol/errors.ts";
import { type ControlAccess, hasUntrustedHost, isCrossOrigin } from "../../access/access-control.ts";
import { FORM_LIMIT, readForm } from "../../access/read-form.ts";
import type { Sessions } from "../../access/sign-in.ts";
import type { Control } from "../../control/sandbox-control.ts";
import {
  crossOriginResponse,
  expiredFormResponse,
  FLASH_MESSAGES,
  type FlashKey,
  messagePage,
  notFoundPage,
} from "./messages.ts";
import { type Frame, type Page, redirectTo, renderPage } from "./page-layout.ts";
import { statusBar } from "./status-bar.ts";

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
  readonly tokenField: Markup;
}

/** What is to be shown: a page, or a whole response. */
type PageResult = Page | Response;
type PageHandler = (visit: Visit) => PageResult | Promise<PageResult>;
type Handler = (context: Context) => Promise<Response>;

/** Each of its functions makes a handler out of what is to be shown. */
export type Gate = Readonly<ReturnType<typeof createGate>>;

/** Something in a form that is not as it should be, in words. */
export class FormError extends Error {}

export function createGate({ control, token, sessions, baseUrl }: GateOptions) {
  function visitOf(request: Request): Visit {
    const formToken = sessions.formToken(request.headers);
    return {
      request,
      url: new URL(request.url),
      base: getBasePath(baseUrl()),
      formToken,
      tokenField: markup`<input type="hidden" name="token" value="${formToken}">`,
    };
  }

  const handler =
    (isRefused: typeof isCrossOrigin, show: PageHandler): Handler =>
    async ({ req }) => {
      const visit = visitOf(req.raw);
      if (isRefused(req.raw, { token })) return crossOriginResponse(visit.base);
      const shown = await show(visit);
      return shown instanceof Response ? shown : renderPage(withFlash(shown, visit.url), await frameOf(visit));
    };

  async function frameOf({ request: { headers }, base, tokenField: field }: Visit): Promise<Frame> {
    if (!sessions.isSignedIn(headers)) return { base };
    const signOut = sessions.isRequired
      ? markup`<form method="post" action="${exactAttribute(base + PAGE.signIn)}">${field}<button name="action" value="sign-out">Sign out</button></form>`
      : nothing;
    const renewal = headers.get("sec-fetch-dest") === "empty";
    return { base, statusBar: await statusBar(control, base), signOut, isRefresh: renewal };
  }

  const signedIn =
    (show: PageHandler): PageHandler =>
    (visit) =>
      sessions.isSignedIn(visit.request.headers) ? show(visit) : redirectTo(visit.base + PAGE.signIn);

  /** For every browser, also by a link on another site. */
  const publicPage = (show: PageHandler) => handler(isUntrusted, show);
  /** For every browser, from a page of this sandbox alone. */
  const sameOrigin = (show: PageHandler) => handler(isCrossOrigin, show);
  /** What was sent by a page of this dashboard from a browser that is signed in. */
  const acceptForm = (limit: number, work: (form: URLSearchParams, visit: Visit) => PageResult | Promise<PageResult>) =>
    sameOrigin(
      signedIn(async (visit) => {
        const form = await readForm(visit.request, limit);
        const isGenuine = form && sessions.isGenuine(visit.request.headers, form.get("token") ?? "");
        return isGenuine ? work(form, visit) : expiredFormResponse(visit.base);
      }),
    );
  return {
    publicPage: publicPage,
    sameOrigin: sameOrigin,
    /** A page for a browser that is signed in. */
    protectedPage: (show: PageHandler) => publicPage(signedIn(show)),
    acceptForm: acceptForm,
    /** A form that leads back to its page, which says what was done. `undefined`: there is no such page. */
    formAction: (
      part: NonNullable<Page["section"]>,
      work: (form: URLSearchParams, visit: Visit) => Promise<FlashKey | undefined>,
    ) =>
      acceptForm(FORM_LIMIT, async (form, visit) => {
        try {
          const done = await work(form, visit);
          return done === undefined ? notFoundPage() : redirectTo(`${visit.base}${visit.url.pathname}?done=${done}`);
        } catch (error) {
          if (!(error instanceof FormError || error instanceof AntomVaultError)) throw error;
          return { ...messagePage("This was not done", error.message, 422), section: part };
        }
      }),
  };
}

/** The path of an address, without a slash at its end. */
export const getBasePath = (url: string): string => new URL(url).pathname.replace(/\/$/, "");

/** A page that says what the form did from which the browser comes. */
function withFlash(page: Page, { searchParams }: URL): Page {
  const done = searchParams.get("done");
  if (done === null || !Object.hasOwn(FLASH_MESSAGES, done)) return page;
  return { ...page, body: markup`<p class="said" role="status">${FLASH_MESSAGES[done as FlashKey]}</p>${page.body}` };
}

/**
 * Whether a page is asked for by whom it is not meant for. A link on another site may lead here, because nothing changes by it and that site
 * sees nothing of it; a page of another site may not load it in any other way.
 */
function isUntrusted(request: Request, access: ControlAccess): boolean {
  const { headers } = request;
  const followed = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  return followed ? hasUntrustedHost(request, access) : isCrossOrigin(request, access);
}
