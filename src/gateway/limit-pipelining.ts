import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

interface Connection {
  readonly waiting: Parameters<RequestListener>[];
  busy: boolean;
}

/**
 * Handles the pipelined requests of a connection one after the other, and stops reading from the connection while one waits. Otherwise, Node passes
 * all of them to the listener immediately.
 */
export function limitPipelining(listener: RequestListener): RequestListener {
  const connections = new WeakMap<Socket, Connection>();

  function open(socket: Socket): Connection {
    const connection = { waiting: [], busy: false };
    connections.set(socket, connection);
    // The body of a request resumes its connection, even after all of it was received.
    socket.on("resume", () => connection.waiting.length > 0 && socket.pause());
    return connection;
  }

  function handle(connection: Connection, ...[request, response]: Parameters<RequestListener>): void {
    connection.busy = true;
    response.once("close", () => {
      connection.busy = false;
      // Lets the requests of other connections run first.
      if (connection.waiting.length > 0) setImmediate(handleNext, connection, request.socket);
    });
    listener(request, response);
  }

  function handleNext(connection: Connection, socket: Socket): void {
    const next = connection.waiting.shift();
    // A response that closes the connection is the last one.
    if (!next || !socket.writable) return;
    handle(connection, ...next);
    if (connection.waiting.length === 0) socket.resume();
  }

  return (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket) ?? open(socket);
    if (!connection.busy && connection.waiting.length === 0) return handle(connection, request, response);
    connection.waiting.push([request, response]);
    socket.pause();
  };
}
