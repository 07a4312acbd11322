/** The routes of the dashboard's pages and forms. */
import { Hono } from "hono";
import { PAGE, parseVaultingPath } from "../../control-api/sandbox-paths.ts";
import type { Control } from "../control/sandbox-control.ts";
import {
  handleControlsForm,
  handleCredentialsForm,
  handleNotificationForm,
  handleVaultingForm,
} from "./form-actions.ts";
import type { Gate, Visit } from "./frame/gate.ts";
import { messagePage, notFoundPage } from "./frame/messages.ts";
import { type PageBody, redirectTo } from "./frame/page-layout.ts";
import { callPage, callsPage } from "./pages/calls-page.ts";
import { cardsPage, credentialsPage } from "./pages/cards-and-credentials-pages.ts";
import { controlsPage } from "./pages/controls-page.ts";
import { notificationPage } from "./pages/notification-page.ts";
import { notificationsPage } from "./pages/notifications-page.ts";
import { vaultingPage } from "./pages/vaulting-page.ts";
import { vaultingsPage } from "./pages/vaultings-page.ts";

export function pageRoutes({ protectedPage, formAction }: Gate, control: Control): Hono {
  const app = new Hono();
  const addPage = (section: keyof typeof PAGE, title: string, render: (visit: Visit) => PageBody | Promise<PageBody>) =>
    app.get(
      PAGE[section],
      protectedPage(async (visit) => {
        const body = await render(visit);
        return body instanceof Response ? body : { title, section, body };
      }),
    );

  addPage("vaultings", "Vaultings", (visit) => vaultingsPage(control, visit));
  app.get(
    "/vaultings/*",
    protectedPage(async ({ url: { pathname }, base, tokenField }) => {
      const key = parseVaultingPath(pathname);
      const history = key && (await control.history(key.vaultingRequestId, key.clientId));
      if (!history) return pathname === "/vaultings/" ? redirectTo(`${base}/`) : notFoundPage();
      const body = vaultingPage({ control, key, history, base, tokenField });
      return { title: key.vaultingRequestId, section: "vaultings", body };
    }),
  );
  app.post(
    "/vaultings/*",
    formAction("vaultings", async (form, { url }) => {
      const key = parseVaultingPath(url.pathname);
      return key && handleVaultingForm(control, key, form);
    }),
  );

  addPage("calls", "API calls", ({ url, base }) => callsPage(control, url.searchParams, base));
  app.get(
    `${PAGE.calls}/:sequence`,
    protectedPage(async ({ url, base }) => {
      const sequence = url.pathname.slice(PAGE.calls.length + 1);
      const call = /^\d{1,15}$/.test(sequence) ? await control.findCall(Number(sequence)) : undefined;
      if (!call)
        return messagePage("API call not found", "The sandbox keeps the last 10,000 API calls for up to 7 days.", 404);
      return { title: `API call ${sequence}`, section: "calls", body: await callPage(control, call, base) };
    }),
  );

  addPage("notifications", "Notifications", ({ url, base }) => notificationsPage(control, url.searchParams, base));
  const notificationPath = `${PAGE.notifications}/:sequence`;
  const findNotification = ({ url: { pathname } }: Visit) => {
    const sequence = pathname.slice(PAGE.notifications.length + 1);
    return /^\d{1,15}$/.test(sequence) ? control.findNotification(Number(sequence)) : undefined;
  };
  app.get(
    notificationPath,
    protectedPage(async (visit) => {
      const notification = await findNotification(visit);
      if (!notification) return notFoundPage();
      const body = notificationPage(control, notification, visit);
      return { title: `Notification ${notification.sequence}`, section: "notifications", body };
    }),
  );
  app.post(
    notificationPath,
    formAction("notifications", async (form, visit) => {
      const notification = await findNotification(visit);
      return notification && handleNotificationForm(control, notification, form);
    }),
  );

  addPage("controls", "Controls", (visit) => controlsPage(control, visit));
  app.post(
    PAGE.controls,
    formAction("controls", (form) => handleControlsForm(control, form)),
  );

  addPage("cards", "Test cards", (visit) => cardsPage(control, visit));

  addPage("credentials", "Credentials", (visit) => credentialsPage(control, visit));
  app.post(
    PAGE.credentials,
    formAction("credentials", (form) => handleCredentialsForm(control, form)),
  );
  return app;
}
