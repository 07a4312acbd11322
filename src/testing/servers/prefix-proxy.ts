/** A reverse proxy that serves a sandbox under a path prefix. */
import { request } from "node:http";
import { startNodeServer } from "./node-server.ts";

/**
 * Starts a proxy that removes the prefix from paths and forwards the requests to a local port. The response for other paths is 404. `url` includes
 * the prefix, without a trailing slash.
 */
export async function startPrefixProxy(prefix: string, targetPort: number) {
  const server = await startNodeServer((incoming, outgoing) => {
    if (!incoming.url?.startsWith(`${prefix}/`)) return outgoing.writeHead(404).end();
    const path = incoming.url.slice(prefix.length);
    const { method, headers } = incoming;
    const forwarded = request({ hostname: "127.0.0.1", port: targetPort, path, method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    forwarded.once("error", () => outgoing.destroy());
    return incoming.pipe(forwarded);
  });
  return { url: server.baseUrl + prefix, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
