/** What the sandbox serves beside the API: the buyer's pages, the control API and the dashboard. Loaded with the first request for one of them. */
import { Hono } from "hono";
import { createSessions } from "./access/sign-in.ts";
import { createPages, type PagesOptions } from "./buyer-pages/buyer-pages.ts";
import { controlRoutes } from "./control/routes.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { DashboardOptions } from "./dashboard/dashboard.ts";

export interface WebOptions {
  readonly controlPath: string;
  readonly control: Control;
  readonly dashboard: Omit<DashboardOptions, "sessions"> & { readonly secret: Buffer };
  readonly pages: PagesOptions;
}

export function createWeb({ controlPath, control, dashboard, pages }: WebOptions): Hono {
  const app = new Hono();
  const sessions = createSessions(dashboard);
  app.route(controlPath, controlRoutes(control, { token: dashboard.token, signedIn: sessions.isSignedIn }));
  app.route("/", createPages(pages));
  let pagesOfDashboard: Promise<Hono> | undefined;
  app.all("*", async ({ req }) => {
    // Who uses the control API alone does not wait for it.
    pagesOfDashboard ??= import("./dashboard/dashboard.ts").then(({ createDashboard }) =>
      createDashboard({ ...dashboard, sessions }),
    );
    return (await pagesOfDashboard).fetch(req.raw);
  });
  return app;
}
