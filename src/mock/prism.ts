/** Returns examples of the OpenAPI document through Prism, without its HTTP server. No other file depends on Prism. */
import type { IHttpRequest } from "@stoplight/prism-http";
import { loadDependency } from "../protocol/errors.ts";

export interface PrismResponse {
  readonly status: number;
  readonly body: unknown;
}

/** The options that select the response that Prism returns. */
export interface Preference {
  /** The name of an example in the OpenAPI document. */
  readonly example?: string;
  /** Whether to generate the body from the schema. */
  readonly dynamic?: boolean;
}

export type Prism = (path: string, body: unknown, preference: Preference) => Promise<PrismResponse>;

/**
 * Creates a function that returns examples of a bundled OpenAPI document. Removes the document's callbacks and webhooks first, because Prism would
 * send the callbacks, unsigned, to the URLs in a request.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if `@stoplight/prism-http` is not installed.
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
  // Discard Prism's log messages, because they quote bodies. The type of `logger` requires a complete pino logger.
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
  const methods = ["trace", "debug", "info", "warn", "error", "fatal", "success"];
  const logger: Record<string, unknown> = Object.fromEntries(methods.map((method) => [method, () => {}]));
  logger["child"] = () => logger;
  return logger;
}
