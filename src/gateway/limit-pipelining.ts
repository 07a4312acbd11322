import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

type Listener = (...call: Parameters<RequestListener>) => Promise<void> | void;

interface Connection {
  readonly waiting: Parameters<RequestListener>[];
  busy: boolean;
}

/**
 * Returns a listener that handles the pipelined requests of a connection one at a time, and stops reading from the connection while a request
 * waits. Otherwise, Node passes all requests to the listener immediately. The next request is handled after the listener's promise resolves and the
 * response is sent.
 */
export function limitPipelining(listener: Listener): RequestListener {
  const connections = new WeakMap<Socket, Connection>();

  function open(socket: Socket): Connection {
    const connection = { waiting: [], busy: false };
    connections.set(socket, connection);
    // Reading the body of a request resumes its connection, even if the complete body has already been received.
    socket.on("resume", () => connection.waiting.length > 0 && socket.pause());
    return connection;
  }

  function handle(connection: Connection, ...[request, response]: Parameters<RequestListener>): void {
    connection.busy = true;
    let pending = 2;
    const settle = () => {
      if (--pending > 0) return;
      connection.busy = false;
      // Lets the requests of other connections run first.
      if (connection.waiting.length > 0) setImmediate(handleNext, connection, request.socket);
    };
    response.once("close", settle);
    Promise.resolve(listener(request, response)).finally(settle);
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
