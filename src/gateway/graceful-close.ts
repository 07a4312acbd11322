/** Ends a server without cutting an answer short. */
import type { Server, ServerResponse } from "node:http";

/**
 * Watches a server's requests. The function that it gives stops accepting, lets requests under way end for at most `graceMs` milliseconds
 * and closes what is left: at once where none is under way.
 *
 * Node's own `close` waits for connections that are kept alive after an answer, and for those on which nothing was ever said.
 */
export function createGracefulClose(server: Server): (graceMs: number) => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  const closeUnused = () => {
    if (closing && inFlight.size === 0) server.closeAllConnections();
  };
  server.on("request", (_, response) => {
    // A client that always has a next request would else keep its connection.
    response.shouldKeepAlive &&= !closing;
    inFlight.add(response);
    response.once("close", () => {
      inFlight.delete(response);
      closeUnused();
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
      closeUnused();
    });
}
