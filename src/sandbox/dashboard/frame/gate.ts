/** Access checks for the pages and forms of the dashboard, and the layout around each page. */
import type { Context } from "hono";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { findForeignHeader, type ServerAddress } from "../../../gateway/index.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { AntomVaultError } from "../../../protocol/errors.ts";
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
  readonly sessions: Sessions;
  readonly address: () => ServerAddress;
}

/** A request from a browser, with the values that pages need. */
export interface Visit {
  readonly request: Request;
  readonly url: URL;
  /** The path prefix of the sandbox behind a reverse proxy, without a trailing slash. */
  readonly base: string;
  readonly formToken: string;
  /** The hidden field with the form token, which every form must contain. */
  readonly tokenField: Markup;
}

type PageResult = Page | Response;
type PageHandler = (visit: Visit) => PageResult | Promise<PageResult>;
type Handler = (context: Context) => Promise<Response>;

/** Functions that wrap page handlers with access checks. */
export type Gate = Readonly<ReturnType<typeof createGate>>;

/** An error in a submitted form. Its message is shown to the user. */
export class FormError extends Error {}

export function createGate({ control, sessions, address }: GateOptions) {
  function createVisit(request: Request): Visit {
    const formToken = sessions.createFormToken(request.headers);
    return {
      request,
      url: new URL(request.url),
      base: getBasePath(address().baseUrl),
      formToken,
      tokenField: markup`<input type="hidden" name="token" value="${formToken}">`,
    };
  }

  const createHandler =
    (kind: "link" | "call", handle: PageHandler): Handler =>
    async ({ req }) => {
      const visit = createVisit(req.raw);
      if (findForeignHeader(req.raw, address(), kind)) return crossOriginResponse(visit.base);
      const result = await handle(visit);
      return result instanceof Response ? result : renderPage(withFlash(result, visit.url), await createFrame(visit));
    };

  async function createFrame({ request: { headers }, base, tokenField }: Visit): Promise<Frame> {
    if (!sessions.isSignedIn(headers)) return { base };
    const signOut = sessions.isRequired
      ? markup`<form method="post" action="${exactAttribute(base + PAGE.signIn)}">${tokenField}<button name="action" value="sign-out">Sign out</button></form>`
      : nothing;
    const isRefresh = headers.get("sec-fetch-dest") === "empty";
    return { base, statusBar: await statusBar(control, base), signOut, isRefresh };
  }

  const requireSignIn =
    (handle: PageHandler): PageHandler =>
    (visit) =>
      sessions.isSignedIn(visit.request.headers) ? handle(visit) : redirectTo(visit.base + PAGE.signIn);

  /** Requires no sign-in. Other sites can only link to the page. */
  const publicPage = (handle: PageHandler) => createHandler("link", handle);
  /** Requires no sign-in. Rejects requests from other origins, including links. */
  const sameOrigin = (handle: PageHandler) => createHandler("call", handle);
  /** Accepts the dashboard's forms from signed-in browsers. */
  const acceptForm = (
    limit: number,
    handle: (form: URLSearchParams, visit: Visit) => PageResult | Promise<PageResult>,
  ) =>
    sameOrigin(
      requireSignIn(async (visit) => {
        const form = await readForm(visit.request, limit);
        const isGenuine = form && sessions.isGenuine(visit.request.headers, form.get("token") ?? "");
        return isGenuine ? handle(form, visit) : expiredFormResponse(visit.base);
      }),
    );
  return {
    publicPage,
    sameOrigin,
    /** Allows requests from signed-in browsers. Redirects other browsers to the sign-in page. */
    protectedPage: (handle: PageHandler) => publicPage(requireSignIn(handle)),
    acceptForm,
    /**
     * Handles a form, then redirects to its page, which shows the flash message. Returns 404 if `handle` returns `undefined`, and 422 if `handle`
     * throws a `FormError` or an `AntomVaultError`.
     */
    formAction: (
      section: NonNullable<Page["section"]>,
      handle: (form: URLSearchParams, visit: Visit) => Promise<FlashKey | undefined>,
    ) =>
      acceptForm(FORM_LIMIT, async (form, visit) => {
        try {
          const done = await handle(form, visit);
          return done === undefined ? notFoundPage() : redirectTo(`${visit.base}${visit.url.pathname}?done=${done}`);
        } catch (error) {
          if (!(error instanceof FormError || error instanceof AntomVaultError)) throw error;
          return { ...messagePage("Action failed", error.message, 422), section };
        }
      }),
  };
}

/** Returns the path of a URL without a trailing slash. */
export const getBasePath = (url: string): string => new URL(url).pathname.replace(/\/$/, "");

/** Adds a flash message to the page that follows a submitted form. */
function withFlash(page: Page, { searchParams }: URL): Page {
  const done = searchParams.get("done");
  if (done === null || !Object.hasOwn(FLASH_MESSAGES, done)) return page;
  return { ...page, body: markup`<p class="flash" role="status">${FLASH_MESSAGES[done as FlashKey]}</p>${page.body}` };
}
