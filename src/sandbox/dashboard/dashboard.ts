/** The dashboard: pages that show what the sandbox does and has done, and let one switch what it does next. */
import { Hono } from "hono";
import { PAGE, vaultingAt, vaultingPath } from "../../control-api/sandbox-paths.ts";
import { type Markup, markup, nothing, verbatim } from "../../html/html-template.ts";
import { readGenerated } from "../../machine/generated-documents.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { readBody } from "../../protocol/http.ts";
import { BODY_LIMIT } from "../../protocol/json.ts";
import { hasStrangeName, isForeign } from "../access/access-control.ts";
import type { Sessions } from "../access/sign-in.ts";
import type { Control } from "../control/sandbox-control.ts";
import { DONE, type Done, doControls, doCredentials, doVaulting, WrongForm } from "./form-actions.ts";
import { type Asset, assetOf } from "./frame/assets.ts";
import { type Frame, goTo, type Page, respond, SAFE } from "./frame/page-layout.ts";
import { strip } from "./frame/status-bar.ts";
import { exchangePage, exchangesPage } from "./pages/calls-page.ts";
import { cardsPage, credentialsPage } from "./pages/cards-and-credentials-pages.ts";
import { controlsPage } from "./pages/controls-page.ts";
import { vaultingPage } from "./pages/vaulting-page.ts";
import { vaultingsPage } from "./pages/vaultings-page.ts";
import { openReference, type Reference } from "./reference/load-reference.ts";
import { referencePage } from "./reference/reference-page.ts";
import { isCallOfApi, type SigningMerchant } from "./reference/signed-call.ts";

export interface DashboardOptions {
  readonly control: Control;
  /** Asked for where others can reach the sandbox. */
  readonly token: string | undefined;
  readonly sessions: Sessions;
  readonly baseUrl: () => string;
  /** The first merchant, for which the sandbox signs what is tried in the reference. */
  readonly merchant: SigningMerchant;
}

const FORM_LIMIT = 4096;
/** A body of the API in a form, where every byte may take three. */
const CALL_LIMIT = 3 * BODY_LIMIT + FORM_LIMIT;

/** What is to be shown: a page, or a whole response. */
type Shown = Page | Response;

export function createDashboard({ control, token, sessions, baseUrl, merchant }: DashboardOptions): Hono {
  const app = new Hono();
  const access = { token };
  /** The path below which the browser reaches the sandbox, which may be behind another server. */
  const base = () => new URL(baseUrl()).pathname.replace(/\/$/, "");
  const tokenField = (request: Request): Markup =>
    markup`<input type="hidden" name="token" value="${sessions.formToken(request.headers)}">`;

  async function frameOf(request: Request): Promise<Frame> {
    if (!sessions.isSignedIn(request.headers)) return { base: base() };
    const signOut = sessions.asked
      ? markup`<form method="post" action="${verbatim(base() + PAGE.signIn)}">${tokenField(request)}<button name="action" value="sign-out">Sign out</button></form>`
      : nothing;
    const renewal = request.headers.get("sec-fetch-dest") === "empty";
    return { base: base(), strip: await strip(control, base()), signOut, renewal };
  }

  async function show(request: Request, shown: Shown): Promise<Response> {
    if (shown instanceof Response) return shown;
    const done = new URL(request.url).searchParams.get("done");
    const said = done !== null && Object.hasOwn(DONE, done) ? DONE[done as Done] : undefined;
    const body = said ? markup`<p class="said" role="status">${said}</p>${shown.body}` : shown.body;
    return respond({ ...shown, body }, await frameOf(request));
  }

  /** A page for whoever may see it. */
  async function get(request: Request, page: (url: URL) => Shown | Promise<Shown>): Promise<Response> {
    if (isStrange(request, access)) return refused();
    if (!sessions.isSignedIn(request.headers)) return goTo(`${base()}${PAGE.signIn}`);
    return show(request, await page(new URL(request.url)));
  }

  /** What was sent by a page of this dashboard, from whoever may send it. */
  async function take(
    request: Request,
    limit: number,
    work: (form: URLSearchParams) => Promise<Shown>,
  ): Promise<Response> {
    if (isForeign(request, access)) return refused();
    if (!sessions.isSignedIn(request.headers)) return goTo(`${base()}${PAGE.signIn}`);
    const form = await readForm(request, limit);
    if (!form || !sessions.isGenuine(request.headers, form.get("token") ?? "")) return notGenuine();
    return show(request, await work(form));
  }

  /** A form: what it does, and where it leads. */
  const post = (
    request: Request,
    part: NonNullable<Page["part"]>,
    work: (form: URLSearchParams) => Promise<{ readonly done: Done | undefined; readonly to: string }>,
  ): Promise<Response> =>
    take(request, FORM_LIMIT, async (form) => {
      try {
        const { done, to } = await work(form);
        return done === undefined ? notFound() : goTo(`${base()}${to}?done=${done}`);
      } catch (error) {
        if (!(error instanceof WrongForm || error instanceof AntomVaultError)) throw error;
        return { ...message("This was not done", error.message, 422), part };
      }
    });

  app.get(PAGE.vaultings, ({ req }) =>
    get(req.raw, async ({ searchParams }) => ({
      title: "Vaultings",
      part: "vaultings",
      body: await vaultingsPage(control, searchParams, base()),
    })),
  );

  app.get("/vaultings/*", ({ req }) =>
    get(req.raw, async ({ pathname }) => {
      const name = vaultingAt(pathname);
      const story = name && (await control.story(name.vaultingRequestId, name.clientId));
      if (!story) return pathname === "/vaultings/" ? goTo(`${base()}/`) : notFound();
      const body = vaultingPage({ control, name, story, base: base(), token: tokenField(req.raw) });
      return { title: name.vaultingRequestId, part: "vaultings", body };
    }),
  );
  app.post("/vaultings/*", ({ req }) =>
    post(req.raw, "vaultings", async (form) => {
      const name = vaultingAt(new URL(req.url).pathname);
      return name
        ? { done: await doVaulting(control, name, form), to: vaultingPath(name) }
        : { done: undefined, to: "" };
    }),
  );

  app.get(PAGE.exchanges, ({ req }) =>
    get(req.raw, ({ searchParams }) => ({
      title: "Exchanges",
      part: "exchanges",
      body: exchangesPage(control, searchParams, base()),
    })),
  );
  app.get(`${PAGE.exchanges}/:sequence`, ({ req }) =>
    get(req.raw, () => {
      const sequence = req.param("sequence");
      const found = /^\d{1,15}$/.test(sequence) ? control.exchange(Number(sequence)) : undefined;
      if (!found) return message("Not there any more", "The last thousand exchanges are kept, in memory.", 404);
      return { title: `Exchange ${sequence}`, part: "exchanges", body: exchangePage(control, found, base()) };
    }),
  );

  app.get(PAGE.controls, ({ req }) =>
    get(req.raw, async () => ({
      title: "Controls",
      part: "controls",
      body: await controlsPage({ control, base: base(), token: tokenField(req.raw) }),
    })),
  );
  app.post(PAGE.controls, ({ req }) =>
    post(req.raw, "controls", async (form) => ({ done: await doControls(control, form), to: PAGE.controls })),
  );

  app.get(PAGE.cards, ({ req }) =>
    get(req.raw, () => ({ title: "Test cards", part: "cards", body: cardsPage(control) })),
  );
  app.get(PAGE.credentials, ({ req }) =>
    get(req.raw, async () => ({
      title: "Credentials",
      part: "credentials",
      body: await credentialsPage({ control, base: base(), token: tokenField(req.raw) }),
    })),
  );
  app.post(PAGE.credentials, ({ req }) =>
    post(req.raw, "credentials", async (form) => ({ done: await doCredentials(control, form), to: PAGE.credentials })),
  );

  let opened: Promise<Reference> | undefined;
  const reference = () => (opened ??= openReference(merchant));
  app.get(PAGE.reference, ({ req }) =>
    get(req.raw, async () => {
      const { baseUrl: url, file } = control.configuration();
      const { renderer, sign, styles, scripts } = await reference();
      const formToken = sessions.formToken(req.raw.headers);
      const body = referencePage({ renderer, place: { baseUrl: url, file }, base: base(), sign, formToken });
      return { title: "API reference", part: "reference", body, assets: { styles, scripts } };
    }),
  );
  app.get(`${PAGE.reference}/openapi.json`, ({ req }) => get(req.raw, async () => json(readGenerated("openapi.json"))));
  app.post(`${PAGE.reference}/sign`, ({ req }) =>
    take(req.raw, CALL_LIMIT, async (form) => {
      const path = form.get("path") ?? "";
      if (!isCallOfApi(path)) return notFound();
      const { sign } = await reference();
      return json(JSON.stringify(sign(path, form.get("body") ?? "").headers));
    }),
  );

  app.get(PAGE.signIn, ({ req }) => {
    if (isStrange(req.raw, access)) return refused();
    if (sessions.isSignedIn(req.raw.headers)) return goTo(`${base()}/`);
    return show(req.raw, signInPage(base()));
  });
  app.post(PAGE.signIn, async ({ req }) => {
    if (isForeign(req.raw, access)) return refused();
    const form = await readForm(req.raw, FORM_LIMIT);
    if (form?.get("action") === "sign-out" && sessions.isGenuine(req.raw.headers, form.get("token") ?? "")) {
      return goTo(`${base()}${PAGE.signIn}`, sessions.signOut());
    }
    const cookie = sessions.signIn(form?.get("controlToken") ?? "");
    return cookie === undefined ? show(req.raw, signInPage(base(), true)) : goTo(`${base()}/`, cookie);
  });

  app.get(`${PAGE.assets}:name`, ({ req }) => asset(req.raw, req.param("name")));
  app.get("/favicon.ico", ({ req }) => asset(req.raw, "icon.svg"));

  async function asset(request: Request, name: string): Promise<Response> {
    if (isForeign(request, access)) return refused();
    const known = assetOf(name) ?? (await referenceAsset(name));
    if (!known) return show(request, notFound());
    const { type, text } = known;
    const forEver = name === "icon.svg" ? "max-age=3600" : "max-age=31536000, immutable";
    return new Response(text, { headers: { ...SAFE, "content-type": type, "cache-control": forEver } });
  }

  /** Whoever asks for any other name does not wait for it. */
  async function referenceAsset(name: string): Promise<Asset | undefined> {
    if (!/^(?:reference|swagger-ui)-/.test(name)) return undefined;
    const { styles, scripts } = await reference();
    return [...styles, ...scripts].find((each) => each.name === name);
  }

  app.all("*", ({ req }) => (isStrange(req.raw, access) ? refused() : show(req.raw, notFound())));
  app.onError(() =>
    respond(message("This went wrong", "The sandbox could not do this. Try again.", 404), { base: base() }),
  );
  return app;

  function refused(): Response {
    const words = "Open the sandbox by the address that it prints: a page of another site may not use it.";
    return respond(message("Not from there", words, 403), { base: base() });
  }
  function notGenuine(): Response {
    const words = "What was sent did not come from a page of this sandbox as it is now. Nothing was done.";
    return respond(message("Please open the page again", words, 403), { base: base() });
  }
}

/**
 * Whether a page is asked for by whom it is not meant for. A link on another site may lead here, because nothing changes by it and that site
 * sees nothing of it; a page of another site may not load it in any other way.
 */
function isStrange(request: Request, access: { readonly token: string | undefined }): boolean {
  const { headers } = request;
  const followed = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  return followed ? hasStrangeName(request, access) : isForeign(request, access);
}

async function readForm(request: Request, limit: number): Promise<URLSearchParams | undefined> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) return undefined;
  const bytes = await readBody(request.body, limit);
  return bytes && new URLSearchParams(new TextDecoder().decode(bytes));
}

const json = (text: string): Response =>
  new Response(text, { headers: { ...SAFE, "content-type": "application/json; charset=utf-8" } });

const message = (title: string, words: string, status: NonNullable<Page["status"]>): Page => ({
  title,
  status,
  body: markup`<h1>${title}</h1><p class="lead">${words}</p>`,
});

const notFound = (): Page => message("There is no such page", "Nothing is known of what this address names.", 404);

const signInPage = (base: string, wrong = false): Page => ({
  title: "Sign in",
  status: wrong ? 403 : 200,
  body: markup`<h1>Sign in</h1>
<p class="lead">Others can reach this sandbox, so the dashboard asks for its control token. It is in the file control-token of the data folder.</p>
<form class="panel narrow" method="post" action="${verbatim(base + PAGE.signIn)}">
<label>Control token<input name="controlToken" type="password" autocomplete="current-password" required autofocus${wrong ? markup` aria-invalid="true" aria-describedby="wrong"` : nothing}></label>
${wrong ? markup`<p class="wrong" id="wrong" role="alert">That is not the token.</p>` : nothing}
<button>Sign in</button>
</form>`,
});
