/** A Node server in front of a handler of web requests, with the limits that a gateway needs. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AntomVaultError } from "../errors.ts";

export interface Listening {
  /** `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** Stops accepting, lets requests under way end for at most `graceMs` milliseconds (default 10,000), then closes what is left. */
  readonly close: (graceMs?: number) => Promise<void>;
}

/**
 * Listens. Port 0 means any free one.
 *
 * @throws AntomVaultError `DEPENDENCY_MISSING` without `@hono/node-server`; `CONFIGURATION_INVALID` where the address cannot be had
 */
export async function listen(
  fetch: (request: Request) => Promise<Response>,
  { host = "127.0.0.1", port = 0 } = {},
): Promise<Listening> {
  const { getRequestListener } = await loadNodeServer();
  // overrideGlobalObjects would put the library's own Request and Response in the place of Node's for the whole process.
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
    getRequestListener(fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = 10_000;
  await bound(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    baseUrl: `http://${name}:${address.port}`,
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE"
          ? "another program listens there; take another port, or 0 for any free one"
          : (error.code ?? error.name);
      reject(new AntomVaultError("CONFIGURATION_INVALID", `Cannot listen on ${host}:${port}: ${why}.`));
    });
    server.listen({ host, port }, () => resolve());
  });
}

async function loadNodeServer(): Promise<typeof import("@hono/node-server")> {
  try {
    return await import("@hono/node-server");
  } catch (error) {
    throw new AntomVaultError(
      "DEPENDENCY_MISSING",
      "A local server needs @hono/node-server and hono. Run: npm install --save-dev hono@4 @hono/node-server@2",
      { cause: error },
    );
  }
}
