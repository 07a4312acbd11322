/** A Node server in front of a gateway, or of a handler of web requests, with the limits that a gateway needs. */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AntomVaultError, loadDependency } from "../protocol/errors.ts";
import { createGracefulClose } from "./graceful-close.ts";
import { createNodeListener, type ResponseHandler } from "./node-request-listener.ts";

export interface HttpServer {
  /** `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** Stops accepting, lets requests under way end for at most `graceMs` milliseconds (default 10,000), and closes what is left. */
  readonly close: (graceMs?: number) => Promise<void>;
}

export interface HttpServerOptions {
  readonly host?: string | undefined;
  /** 0, the default, means any free one. */
  readonly port?: number | undefined;
  /** Milliseconds; a request whose headers, or whose whole, take longer is answered 408. */
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
}

type FetchHandler = (request: Request) => Promise<Response> | Response;

/** What is served: a handler of web requests, or a gateway, beside which a handler of web requests may have paths of its own. */
export type ServerHandler =
  | FetchHandler
  | {
      readonly answer: ResponseHandler;
      readonly beside?: { readonly owns: (path: string, method: string) => boolean; readonly fetch: FetchHandler };
    };

/**
 * Listens.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without `@hono/node-server` where web requests are served; `CONFIGURATION_INVALID` where the
 * address cannot be had
 */
export async function startHttpServer(
  served: ServerHandler,
  { host = "127.0.0.1", port = 0, headersTimeout = 5_000, requestTimeout = 10_000 }: HttpServerOptions = {},
): Promise<HttpServer> {
  const server = createServer(
    // Node looks for connections over their limits every 30 seconds unless told.
    { headersTimeout, requestTimeout, keepAliveTimeout: 5_000, connectionsCheckingInterval: 500 },
    await createListener(served),
  );
  server.maxConnections = 10_000;
  const close = createGracefulClose(server);
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { baseUrl: `http://${name}:${address.port}`, close: (graceMs = 10_000) => close(graceMs) };
}

async function createListener(served: ServerHandler): Promise<RequestListener> {
  if (!("answer" in served)) return createFetchListener(served);
  const answering = createNodeListener(served.answer);
  if (!served.beside) return answering;
  const { owns, fetch } = served.beside;
  let others: Promise<RequestListener> | undefined;
  return async (request, response) => {
    if (!owns(request.url ?? "", request.method ?? "")) return answering(request, response);
    others ??= createFetchListener(fetch);
    (await others)(request, response);
  };
}

async function createFetchListener(fetch: FetchHandler): Promise<RequestListener> {
  const { getRequestListener } = await loadDependency("sandbox", () => import("@hono/node-server"));
  // overrideGlobalObjects would put the library's own Request and Response in the place of Node's for the whole process.
  return getRequestListener(fetch, { overrideGlobalObjects: false });
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const why =
      code === "EADDRINUSE"
        ? "another program listens there; take another (--port), or 0 for any free one"
        : (code ?? name);
    throw new AntomVaultError("CONFIGURATION_INVALID", `Cannot listen on ${host}:${port}: ${why}.`);
  }
}
