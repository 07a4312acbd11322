/** The pages of the dashboard and their forms. */
import { Hono } from "hono";
import { PAGE, vaultingAt } from "../../control-api/sandbox-paths.ts";
import type { Markup } from "../../html/html-template.ts";
import type { Control } from "../control/sandbox-control.ts";
import { doControls, doCredentials, doVaulting } from "./form-actions.ts";
import type { Gate, Visit } from "./frame/gate.ts";
import { message, notFound } from "./frame/messages.ts";
import { goTo } from "./frame/page-layout.ts";
import { exchangePage, exchangesPage } from "./pages/calls-page.ts";
import { cardsPage, credentialsPage } from "./pages/cards-and-credentials-pages.ts";
import { controlsPage } from "./pages/controls-page.ts";
import { vaultingPage } from "./pages/vaulting-page.ts";
import { vaultingsPage } from "./pages/vaultings-page.ts";

export function pageRoutes({ get, post }: Gate, control: Control): Hono {
  const app = new Hono();
  const page = (part: keyof typeof PAGE, title: string, body: (visit: Visit) => Markup | Promise<Markup>) =>
    app.get(
      PAGE[part],
      get(async (visit) => ({ title, part, body: await body(visit) })),
    );

  page("vaultings", "Vaultings", ({ url, base }) => vaultingsPage(control, url.searchParams, base));
  app.get(
    "/vaultings/*",
    get(async ({ url: { pathname }, base, token }) => {
      const name = vaultingAt(pathname);
      const story = name && (await control.story(name.vaultingRequestId, name.clientId));
      if (!story) return pathname === "/vaultings/" ? goTo(`${base}/`) : notFound();
      const body = vaultingPage({ control, name, story, base, token });
      return { title: name.vaultingRequestId, part: "vaultings", body };
    }),
  );
  const onVaulting = post("vaultings", async (form, { url }) => {
    const name = vaultingAt(url.pathname);
    return name && doVaulting(control, name, form);
  });
  app.post("/vaultings/*", onVaulting);

  page("exchanges", "Exchanges", ({ url, base }) => exchangesPage(control, url.searchParams, base));
  app.get(
    `${PAGE.exchanges}/:sequence`,
    get(({ url, base }) => {
      const sequence = url.pathname.slice(PAGE.exchanges.length + 1);
      const found = /^\d{1,15}$/.test(sequence) ? control.exchange(Number(sequence)) : undefined;
      if (!found) return message("Not there any more", "The last thousand exchanges are kept, in memory.", 404);
      return { title: `Exchange ${sequence}`, part: "exchanges", body: exchangePage(control, found, base) };
    }),
  );

  page("controls", "Controls", (visit) => controlsPage(control, visit));
  const onControls = post("controls", (form) => doControls(control, form));
  app.post(PAGE.controls, onControls);

  page("cards", "Test cards", () => cardsPage(control));

  page("credentials", "Credentials", (visit) => credentialsPage(control, visit));
  const onCredentials = post("credentials", (form) => doCredentials(control, form));
  app.post(PAGE.credentials, onCredentials);
  return app;
}
