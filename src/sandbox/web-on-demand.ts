/** Loads the pages and the control API on first use. They take as long to load as the rest of the sandbox, and most sandboxes use neither. */
import type { Hono } from "hono";
import { CARD_PATH, CHALLENGE_PATH, CONTROL_PATH, isDashboardRequest } from "../control-api/sandbox-paths.ts";
import type { WebOptions } from "./web-routes.ts";

const WEB_PATHS = [CHALLENGE_PATH, CARD_PATH, `${CONTROL_PATH}/`];

export function createWebOnDemand(options: WebOptions) {
  let web: Promise<Hono> | undefined;
  return {
    matches: (path: string, method: string): boolean =>
      WEB_PATHS.some((prefix) => path.startsWith(prefix)) || isDashboardRequest(path, method),
    fetch: async (request: Request): Promise<Response> => {
      web ??= import("./web-routes.ts").then(({ createWebApp }) => createWebApp(options));
      return (await web).fetch(request);
    },
  };
}
