/** The only file that knows Prism: it serves the document's examples, without its network half. */
import type { IHttpRequest } from "@stoplight/prism-http";
import { loadDependency } from "../protocol/errors.ts";

export interface PrismResponse {
  readonly status: number;
  readonly body: unknown;
}

/** What a `Prefer` header can ask Prism for. */
export interface Preference {
  /** The name of an example in the document. */
  readonly example?: string;
  /** A body made up from the schema. */
  readonly dynamic?: boolean;
}

export type Prism = (path: string, body: unknown, preference: Preference) => Promise<PrismResponse>;

/**
 * Makes Prism serve a bundled document. Its callbacks are taken out before: Prism would post them, unsigned, to whatever address a request names.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without `@stoplight/prism-http`
 */
export async function createPrism(document: object): Promise<Prism> {
  const { createInstance, getHttpOperationsFromSpec } = await loadDependency(
    "mock",
    () => import("@stoplight/prism-http"),
  );
  const operations = await getHttpOperationsFromSpec(withoutCallbacks(document));
  const config = {
    isProxy: false,
    checkSecurity: false,
    validateRequest: true,
    validateResponse: true,
    errors: false,
    mock: { dynamic: false },
    upstreamProxy: undefined,
  } as const;
  // Prism's type wants a whole pino logger. What it would say quotes bodies, so it says nothing.
  const prism = createInstance(config, { logger: createSilentLogger() as never });
  return async (path, body, { example, dynamic = false }) => {
    const request: IHttpRequest = {
      method: "post",
      url: { path },
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
    };
    const mock = { dynamic, ...(example === undefined ? {} : { exampleKey: example }) };
    const outcome = await prism.request(request, operations, { ...config, mock })();
    if (outcome._tag === "Right") return { status: outcome.right.output.statusCode, body: outcome.right.output.body };
    const { status } = outcome.left as { readonly status?: unknown };
    return { status: typeof status === "number" ? status : 500, body: undefined };
  };
}

function withoutCallbacks(document: object): object {
  return JSON.parse(JSON.stringify(document), (key, value) =>
    key === "callbacks" || key === "webhooks" ? undefined : value,
  );
}

function createSilentLogger(): object {
  const names = ["trace", "debug", "info", "warn", "error", "fatal", "success"];
  const logger: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, () => {}]));
  logger["child"] = () => logger;
  return logger;
}
