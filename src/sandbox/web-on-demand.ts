/** The pages and the control API, loaded with the first request for one of them: it takes as long as all the rest, and most sandboxes need none. */
import type { Hono } from "hono";
import { CARD_PATH, CHALLENGE_PATH, CONTROL_PATH, isDashboardRequest } from "../control-api/sandbox-paths.ts";
import type { WebOptions } from "./web-routes.ts";

const WEB_PATHS = [CHALLENGE_PATH, CARD_PATH, `${CONTROL_PATH}/`];

export function createWebOnDemand(options: WebOptions) {
  let web: Promise<Hono> | undefined;
  return {
    matches: (path: string, method: string): boolean =>
      WEB_PATHS.some((own) => path.startsWith(own)) || isDashboardRequest(path, method),
    fetch: async (request: Request): Promise<Response> => {
      web ??= import("./web-routes.ts").then(({ createWeb }) => createWeb(options));
      return (await web).fetch(request);
    },
  };
}
