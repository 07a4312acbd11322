/** Sends bytes over TCP, for requests that HTTP libraries cannot create. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a connection, passes it to `write`, and returns everything received until it is closed or reset. */
export async function sendRaw(baseUrl: string, write: (socket: Socket) => void | Promise<void>): Promise<string> {
  const socket = await openSocket(baseUrl);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await write(socket);
  await closed;
  return received;
}

/** Opens a connection without sending anything. */
export async function openSocket(baseUrl: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(baseUrl).port), host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Formats the head of a request, including the empty line after it. */
export const formatHead = (path: string, lines: Iterable<readonly [string, string]>, method = "POST"): string =>
  [`${method} ${path} HTTP/1.1`, "host: 127.0.0.1", ...Array.from(lines, (line) => line.join(": ")), "", ""].join(
    "\r\n",
  );
