/** A server on a free port, and a client that writes what no HTTP library would. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** Serves until it is disposed of: `await using server = await serving(listener)`. */
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

/** The head of a POST, from its request line to the blank line. */
export const formatHead = (path: string, headers: Readonly<Record<string, string>> | readonly string[]): string => {
  const lines = Array.isArray(headers) ? headers : Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${path} HTTP/1.1`, "host: merchant.example", ...lines, "", ""].join("\r\n");
};

/** Opens a connection, hands it over, and gives all that came back once it is closed. A reset counts as the end. */
export async function sendRaw(port: number, write: (socket: Socket) => void | Promise<void>): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  await write(socket);
  await closed;
  return answer;
}
