import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Returns a function that closes the server. The function stops accepting connections, waits at most `graceMs` milliseconds so that responses in
 * flight are not truncated, and then closes all connections. If no requests are in flight, it closes the connections immediately.
 *
 * Node's own `close` also waits for keep-alive connections that become idle later, and for connections without a request.
 */
export function createGracefulClose(server: Server): (graceMs: number) => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let closing = false;
  const closeConnections = () => {
    server.closeAllConnections();
    // The remaining connections have not completed the TLS handshake.
    for (const socket of sockets) socket.destroy();
  };
  const closeIfIdle = () => {
    if (closing && inFlight.size === 0) closeConnections();
  };
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
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
      const timer = setTimeout(closeConnections, graceMs);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      closeIfIdle();
    });
}
