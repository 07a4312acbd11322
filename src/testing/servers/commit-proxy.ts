/** A proxy for PostgreSQL that can close the connection during a COMMIT. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CommitProxy extends AsyncDisposable {
  readonly url: string;
  /** Forwards the next COMMIT, but closes the connection instead of forwarding the response. */
  readonly dropNextResponse: () => void;
}

/** Starts a proxy for the local PostgreSQL server at a connection URL. */
export async function startCommitProxy(targetUrl: string): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  let dropsNext = false;
  const proxy = createServer((client) => {
    const server = connect(Number(new URL(targetUrl).port), "127.0.0.1");
    let dropped = false;
    for (const [from, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => other.destroy());
    }
    client.on("data", (data) => {
      if (dropsNext && data.includes("COMMIT\0")) {
        dropsNext = false;
        dropped = true;
      }
      server.write(data);
    });
    server.on("data", (data) => {
      if (dropped) client.destroy();
      else client.write(data);
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = new URL(targetUrl);
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    dropNextResponse: () => {
      dropsNext = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
