/** The routes of the buyer pages, the control API, and the dashboard. */
import { Hono } from "hono";
import { CONTROL_PATH } from "../control-api/sandbox-paths.ts";
import type { GatewayKeys, ServerAddress } from "../gateway/index.ts";
import { createCsrfGuard } from "./access/csrf-guard.ts";
import { createSessions } from "./access/sign-in.ts";
import { createBuyerPages } from "./buyer-pages/buyer-pages.ts";
import { controlRoutes } from "./control/routes.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { deriveKey } from "./vaulting/random-values.ts";
import type { Links } from "./vaulting/responses.ts";
import type { Facts } from "./vaulting/state-machine.ts";

export interface WebOptions {
  readonly keys: GatewayKeys;
  readonly control: Control;
  readonly token: string | undefined;
  readonly vaultings: Vaultings;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly address: () => ServerAddress;
}

export function createWebApp({ keys, control, token, vaultings, links, facts, address }: WebOptions): Hono {
  const baseUrl = () => address().baseUrl;
  const [{ privateKey }] = keys.versions;
  const guard = createCsrfGuard(deriveKey(privateKey, "forms"));
  const sessions = createSessions({ token, secret: deriveKey(privateKey, "dashboard"), baseUrl });
  const app = new Hono();
  app.route(CONTROL_PATH, controlRoutes(control, { token, address, isSignedIn: sessions.isSignedIn }));
  app.route("/", createBuyerPages({ vaultings, links, facts, guard, address }));
  let dashboard: Promise<Hono> | undefined;
  app.all("*", async ({ req }) => {
    // Programs that use only the control API do not wait for the dashboard to load.
    dashboard ??= import("./dashboard/dashboard.ts").then(({ createDashboard }) =>
      createDashboard({ control, sessions, address, merchant: keys }),
    );
    return (await dashboard).fetch(req.raw);
  });
  return app;
}
