/** An HTTP server for a gateway or a fetch handler, with limits on time and connections. */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { AntomVaultError, loadDependency } from "../protocol/errors.ts";
import { findPortOwner } from "./find-port-owner.ts";
import { createGracefulClose } from "./graceful-close.ts";
import { limitPipelining } from "./limit-pipelining.ts";
import { createNodeListener, type ResponseHandler } from "./node-request-listener.ts";

export interface HttpServer {
  /** The URL of the server without a path, for example `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  readonly port: number;
  /** Stops accepting connections, waits at most `graceMs` milliseconds (default 10,000) for requests in flight, and then closes all connections. */
  readonly close: (graceMs?: number) => Promise<void>;
}

export interface HttpServerOptions {
  readonly host?: string | undefined;
  /** The port to listen on. 0, the default, selects a free port. */
  readonly port?: number | undefined;
  /** A certificate and its private key in PEM. If set, the server accepts only https. */
  readonly certificate?: string | undefined;
  /** The time limit for receiving the headers, in milliseconds. If a client exceeds the limit, the server responds with status 408. */
  readonly headersTimeout?: number;
  /** The time limit for receiving the whole request, in milliseconds. */
  readonly requestTimeout?: number;
}

type FetchHandler = (request: Request) => Promise<Response> | Response;

/** A fetch handler, or a gateway with an optional fetch handler for additional paths. */
export type ServerHandler =
  | FetchHandler
  | {
      readonly respond: ResponseHandler;
      readonly webRoutes?: {
        readonly matches: (path: string, method: string) => boolean;
        readonly fetch: FetchHandler;
      };
    };

/**
 * Starts an HTTP server.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if `handler` is a fetch handler and `@hono/node-server` is not installed.
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the server cannot listen on the address.
 */
export async function startHttpServer(
  handler: ServerHandler,
  {
    host = "127.0.0.1",
    port = 0,
    certificate,
    headersTimeout = 5_000,
    requestTimeout = 10_000,
  }: HttpServerOptions = {},
): Promise<HttpServer> {
  // By default, Node checks the time limits only every 30 seconds.
  const limits = { headersTimeout, requestTimeout, keepAliveTimeout: 5_000, connectionsCheckingInterval: 500 };
  const tls = { cert: certificate, key: certificate, handshakeTimeout: headersTimeout };
  const listener = limitPipelining(await createListener(handler));
  const server = certificate ? createHttpsServer({ ...limits, ...tls }, listener) : createServer(limits, listener);
  server.maxConnections = 10_000;
  const close = createGracefulClose(server);
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    baseUrl: `${certificate ? "https" : "http"}://${name}:${address.port}`,
    port: address.port,
    close: (graceMs = 10_000) => close(graceMs),
  };
}

async function createListener(handler: ServerHandler): Promise<RequestListener> {
  if (!("respond" in handler)) return createFetchListener(handler);
  const gatewayListener = createNodeListener(handler.respond);
  if (!handler.webRoutes) return gatewayListener;
  const { matches, fetch } = handler.webRoutes;
  let webListener: Promise<RequestListener> | undefined;
  return async (request, response) => {
    if (!matches(request.url ?? "", request.method ?? "")) return gatewayListener(request, response);
    webListener ??= createFetchListener(fetch);
    (await webListener)(request, response);
  };
}

async function createFetchListener(fetch: FetchHandler): Promise<RequestListener> {
  const { getRequestListener } = await loadDependency("sandbox", () => import("@hono/node-server"));
  // Otherwise, the library replaces Request and Response in the whole process.
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    // The library would respond with status 500 if the host is invalid.
    if (request.headers.host !== undefined && !URL.canParse(`http://${request.headers.host}`)) {
      response.writeHead(400, { connection: "close", "content-length": 0 }).end();
    } else listener(request, response);
  };
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE"
        ? `the port is in use${findPortOwner(port)}. Set a different port (--port), or 0 for any free port`
        : `${code ?? name}. Check the host and the port`;
    throw new AntomVaultError("CONFIGURATION_INVALID", `Cannot listen on ${host}:${port}: ${reason}.`);
  }
}
