/** A merchant's website for browser tests. @module */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Shop = Awaited<ReturnType<typeof startShop>>;

/** Starts a website with the pages `/done` and `/old`. `/old` redirects to `/done` on a different host name. */
export async function startShop() {
  const visits: { readonly path: string; readonly referer: string | undefined }[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    if (url.startsWith("/old")) {
      response.writeHead(302, { location: `http://localhost:${port}/done?came=old` }).end();
      return;
    }
    if (url.startsWith("/done")) visits.push({ path: url, referer: headers.referer });
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Shop</title><h1>Thank you</h1>");
  });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    visits,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
