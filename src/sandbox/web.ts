/** What the sandbox serves beside the API: the buyer's pages and the control API. Loaded with the first request for one of them. */
import { Hono } from "hono";
import type { Control } from "./control/control.ts";
import { type ControlAccess, controlRoutes } from "./control/routes.ts";
import { createPages, type PagesOptions } from "./pages/pages.ts";

export interface WebOptions {
  readonly controlPath: string;
  readonly control: Control;
  readonly access: ControlAccess;
  readonly pages: PagesOptions;
}

export function createWeb({ controlPath, control, access, pages }: WebOptions): Hono {
  const app = new Hono();
  app.route(controlPath, controlRoutes(control, access));
  app.route("/", createPages(pages));
  return app;
}
