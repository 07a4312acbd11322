import type { Server, ServerResponse } from "node:http";

/**
 * Returns a function that closes the server without truncating responses. It stops accepting connections, waits at most `graceMs` milliseconds for requests in flight, and
 * then closes all connections. Without requests in flight, it closes them immediately.
 *
 * Node's own `close` also waits for idle keep-alive connections and for connections without a request.
 */
export function createGracefulClose(server: Server): (graceMs: number) => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  const closeIfIdle = () => {
    if (closing && inFlight.size === 0) server.closeAllConnections();
  };
  server.on("request", (_, response) => {
    // Otherwise, a client that sends one request after another keeps its connection open.
    response.shouldKeepAlive &&= !closing;
    inFlight.add(response);
    response.once("close", () => {
      inFlight.delete(response);
      closeIfIdle();
    });
  });
  return (graceMs) =>
    new Promise((resolve) => {
      closing = true;
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      closeIfIdle();
    });
}
