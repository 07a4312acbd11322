import { once } from "node:events";
import { createServer } from "node:net";

/** Returns a port on 127.0.0.1 that is not in use. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === "object" && address) return address.port;
  throw new Error("No port is free.");
}
