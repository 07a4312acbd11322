/** The dashboard of the sandbox. */
import { Hono } from "hono";
import { PAGE } from "../../control-api/sandbox-paths.ts";
import { findAsset, ICON_ASSET } from "./frame/assets.ts";
import { createGate, type GateOptions, getBasePath } from "./frame/gate.ts";
import { internalErrorResponse, notFoundPage } from "./frame/messages.ts";
import { assetResponse } from "./frame/page-layout.ts";
import { pageRoutes } from "./page-routes.ts";
import type { SigningMerchant } from "./reference/load-reference.ts";
import { referenceRoutes } from "./reference/reference-routes.ts";
import { sendRoutes } from "./send/send-routes.ts";
import { signInRoutes } from "./sign-in-routes.ts";

export interface DashboardOptions extends GateOptions {
  /** The first client, whose key signs the calls that users try out in the API reference. */
  readonly merchant: SigningMerchant;
}

export function createDashboard({ merchant, ...options }: DashboardOptions): Hono {
  const { control, sessions, address } = options;
  const gate = createGate(options);
  const app = new Hono();
  app.route("/", pageRoutes(gate, control));
  app.route("/", referenceRoutes(gate, control, merchant));
  app.route("/", sendRoutes(gate, control));
  app.route("/", signInRoutes(gate, sessions));
  app.get(
    `${PAGE.assets}:name`,
    gate.sameOrigin(({ url }) => {
      const asset = findAsset(url.pathname.slice(PAGE.assets.length));
      return asset ? assetResponse(asset) : notFoundPage();
    }),
  );
  app.get(
    "/favicon.ico",
    gate.sameOrigin(() => assetResponse(ICON_ASSET)),
  );
  app.all("*", gate.publicPage(notFoundPage));
  app.onError(() => internalErrorResponse(getBasePath(address().baseUrl)));
  return app;
}
