/** A network between a test and its PostgreSQL that fails at the worst moment. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CommitProxy extends AsyncDisposable {
  readonly url: string;
  /** Hands on the next COMMIT, and cuts the connection in the place of its answer. */
  readonly dropNextResponse: () => void;
}

/** Hands everything on between a client and the server of a URL. */
export async function startCommitProxy(to: string): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  let losing = false;
  const proxy = createServer((client) => {
    const server = connect(Number(new URL(to).port), "127.0.0.1");
    let lost = false;
    for (const [from, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => other.destroy());
    }
    client.on("data", (data) => {
      if (losing && data.includes("COMMIT\0")) {
        losing = false;
        lost = true;
      }
      server.write(data);
    });
    server.on("data", (data) => {
      if (lost) client.destroy();
      else client.write(data);
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = new URL(to);
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    dropNextResponse: () => {
      losing = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
