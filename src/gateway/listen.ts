/** A Node server in front of a handler of web requests, with the limits that a gateway needs. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AntomVaultError, missingPart } from "../errors.ts";
import { gracefulClose } from "./graceful-close.ts";

export interface Listening {
  /** `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** Stops accepting, lets requests under way end for at most `graceMs` milliseconds (default 10,000), and closes what is left. */
  readonly close: (graceMs?: number) => Promise<void>;
}

/**
 * Listens. Port 0 means any free one; a request whose headers or whose whole take longer than the limits (milliseconds) is answered 408.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without `@hono/node-server`; `CONFIGURATION_INVALID` where the address cannot be had
 */
export async function listen(
  fetch: (request: Request) => Promise<Response>,
  { host = "127.0.0.1", port = 0, headersTimeout = 5_000, requestTimeout = 10_000 } = {},
): Promise<Listening> {
  const { getRequestListener } = await loadNodeServer();
  const server = createServer(
    // Node looks for connections over their limits every 30 seconds unless told.
    { headersTimeout, requestTimeout, keepAliveTimeout: 5_000, connectionsCheckingInterval: 500 },
    // overrideGlobalObjects would put the library's own Request and Response in the place of Node's for the whole process.
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = 10_000;
  const close = gracefulClose(server);
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { baseUrl: `http://${name}:${address.port}`, close: (graceMs = 10_000) => close(graceMs) };
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const why =
      code === "EADDRINUSE"
        ? "another program listens there; take another port, or 0 for any free one"
        : (code ?? name);
    throw new AntomVaultError("CONFIGURATION_INVALID", `Cannot listen on ${host}:${port}: ${why}.`);
  }
}

async function loadNodeServer(): Promise<typeof import("@hono/node-server")> {
  try {
    return await import("@hono/node-server");
  } catch (error) {
    throw missingPart("A local server", error);
  }
}
