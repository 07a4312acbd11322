/** Starts HTTP servers on free ports, and formats the heads of requests. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

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
