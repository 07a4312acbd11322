/** The pages and the control API, loaded with the first request for one of them: it takes as long as all the rest, and most sandboxes need none. */
import { isDashboards } from "../control-api/sandbox-paths.ts";
import type { GatewayKeys } from "../gateway/index.ts";
import { createForgeryGuard } from "./access/csrf-guard.ts";
import { CARD_PATH, CHALLENGE_PATH } from "./buyer-pages/paths.ts";
import type { Control } from "./control/sandbox-control.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { deriveKey } from "./vaulting/random-values.ts";
import type { Links } from "./vaulting/responses.ts";
import type { Facts } from "./vaulting/state-machine.ts";

export interface WebOnDemandOptions {
  readonly keys: GatewayKeys;
  readonly control: Control;
  readonly controlToken: string | undefined;
  readonly vaultings: Vaultings;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly baseUrl: () => string;
}

export type WebOnDemand = Readonly<ReturnType<typeof createWebOnDemand>>;

const CONTROL_PATH = "/_sandbox";
const OWN_PATHS = [CHALLENGE_PATH, CARD_PATH, `${CONTROL_PATH}/`];

export function createWebOnDemand(options: WebOnDemandOptions) {
  const { keys, control, controlToken, vaultings, links, facts, baseUrl } = options;
  const [{ privateKey }] = keys.versions;
  const load = async () => {
    const { createWeb } = await import("./web-routes.ts");
    const guard = createForgeryGuard(deriveKey(privateKey, "forms"));
    const pages = { vaultings, links, facts, guard, secure: () => baseUrl().startsWith("https:") };
    const secret = deriveKey(privateKey, "dashboard");
    const dashboard = { control, token: controlToken, secret, baseUrl, merchant: keys };
    return createWeb({ controlPath: CONTROL_PATH, control, dashboard, pages });
  };
  let web: ReturnType<typeof load> | undefined;
  return {
    owns: (path: string, method: string): boolean =>
      OWN_PATHS.some((own) => path.startsWith(own)) || isDashboards(path, method),
    fetch: async (request: Request): Promise<Response> => {
      web ??= load();
      return (await web).fetch(request);
    },
  };
}
