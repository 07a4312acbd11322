/** The pages of the dashboard and their forms. */
import { Hono } from "hono";
import { PAGE, parseVaultingPath } from "../../control-api/sandbox-paths.ts";
import type { Markup } from "../../html/html-template.ts";
import type { Control } from "../control/sandbox-control.ts";
import { handleControlsForm, handleCredentialsForm, handleVaultingForm } from "./form-actions.ts";
import type { Gate, Visit } from "./frame/gate.ts";
import { messagePage, notFoundPage } from "./frame/messages.ts";
import { redirectTo } from "./frame/page-layout.ts";
import { callPage, callsPage } from "./pages/calls-page.ts";
import { cardsPage, credentialsPage } from "./pages/cards-and-credentials-pages.ts";
import { controlsPage } from "./pages/controls-page.ts";
import { vaultingPage } from "./pages/vaulting-page.ts";
import { vaultingsPage } from "./pages/vaultings-page.ts";

export function pageRoutes({ protectedPage, formAction }: Gate, control: Control): Hono {
  const app = new Hono();
  const page = (part: keyof typeof PAGE, title: string, body: (visit: Visit) => Markup | Promise<Markup>) =>
    app.get(
      PAGE[part],
      protectedPage(async (visit) => ({ title, section: part, body: await body(visit) })),
    );

  page("vaultings", "Vaultings", ({ url, base }) => vaultingsPage(control, url.searchParams, base));
  app.get(
    "/vaultings/*",
    protectedPage(async ({ url: { pathname }, base, tokenField }) => {
      const name = parseVaultingPath(pathname);
      const story = name && (await control.history(name.vaultingRequestId, name.clientId));
      if (!story) return pathname === "/vaultings/" ? redirectTo(`${base}/`) : notFoundPage();
      const body = vaultingPage({ control, name, history: story, base, tokenField });
      return { title: name.vaultingRequestId, section: "vaultings", body };
    }),
  );
  const onVaulting = formAction("vaultings", async (form, { url }) => {
    const name = parseVaultingPath(url.pathname);
    return name && handleVaultingForm(control, name, form);
  });
  app.post("/vaultings/*", onVaulting);

  page("calls", "Exchanges", ({ url, base }) => callsPage(control, url.searchParams, base));
  app.get(
    `${PAGE.calls}/:sequence`,
    protectedPage(({ url, base }) => {
      const sequence = url.pathname.slice(PAGE.calls.length + 1);
      const found = /^\d{1,15}$/.test(sequence) ? control.findCall(Number(sequence)) : undefined;
      if (!found) return messagePage("Not there any more", "The last thousand exchanges are kept, in memory.", 404);
      return { title: `Exchange ${sequence}`, section: "calls", body: callPage(control, found, base) };
    }),
  );

  page("controls", "Controls", (visit) => controlsPage(control, visit));
  const onControls = formAction("controls", (form) => handleControlsForm(control, form));
  app.post(PAGE.controls, onControls);

  page("cards", "Test cards", () => cardsPage(control));

  page("credentials", "Credentials", (visit) => credentialsPage(control, visit));
  const onCredentials = formAction("credentials", (form) => handleCredentialsForm(control, form));
  app.post(PAGE.credentials, onCredentials);
  return app;
}
