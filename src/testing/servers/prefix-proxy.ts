/** A server that stands before a sandbox and has it below a path of its own. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface PrefixProxy extends AsyncDisposable {
  /** With the prefix, without a slash at its end. */
  readonly url: string;
}

/** `to` is the port on this machine that it passes everything on to, the prefix taken off. */
export async function startPrefixProxy(prefix: string, to: number): Promise<PrefixProxy> {
  const server = createServer((asked, answer) => {
    if (!asked.url?.startsWith(`${prefix}/`)) return answer.writeHead(404).end();
    const path = asked.url.slice(prefix.length);
    const { method, headers } = asked;
    const passed = request({ hostname: "127.0.0.1", port: to, path, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.once("error", () => answer.destroy());
    return asked.pipe(passed);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // Always an address and a port, as it listens on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
