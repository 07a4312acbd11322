/** A server on a free port, and a client that can send requests that no HTTP library sends. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** Starts a server that runs until it is disposed: `await using server = await startNodeServer(listener)`. */
export async function startNodeServer(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Formats the head of a POST request, including the empty line after it. */
export const formatHead = (path: string, headers: Readonly<Record<string, string>> | readonly string[]): string => {
  const lines = Array.isArray(headers) ? headers : Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${path} HTTP/1.1`, "host: merchant.example", ...lines, "", ""].join("\r\n");
};

/** Opens a connection, passes it to `write`, and returns everything received until it is closed or reset. */
export async function sendRaw(port: number, write: (socket: Socket) => void | Promise<void>): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  await write(socket);
  await closed;
  return received;
}
