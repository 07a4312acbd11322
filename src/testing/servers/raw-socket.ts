/** A client that writes what no HTTP library would. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a connection, hands it over, and gives all that came back once it is closed. A reset counts as the end. */
export async function sendRaw(baseUrl: string, write: (socket: Socket) => void | Promise<void>): Promise<string> {
  const socket = await openSocket(baseUrl);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await write(socket);
  await closed;
  return answer;
}

/** A connection that says nothing yet. */
export async function openSocket(baseUrl: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(baseUrl).port), host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** The head of a request, from its request line to the blank line. */
export const formatHead = (path: string, lines: Iterable<readonly [string, string]>, method = "POST"): string =>
  [`${method} ${path} HTTP/1.1`, "host: gateway.example", ...Array.from(lines, (line) => line.join(": ")), "", ""].join(
    "\r\n",
  );
