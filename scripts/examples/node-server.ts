/** What stands in for the example's server where its framework is not installed: the same gateway behind Node's own server. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
}

/** As the example's gateway has them. */
interface Gateway {
  readonly answer: (message: Message) => Answer;
  readonly refuse: (message: Message, resultCode: string, text: string) => Answer;
}

const BODY_LIMIT = 64 * 1024;

export async function startServer(gateway: Gateway, port = 0) {
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const bytes = await buffer(request);
    const message = { method, path, headers, bytes };
    const tooLarge = bytes.byteLength > BODY_LIMIT;
    const answer = tooLarge ? gateway.refuse(message, "PARAM_ILLEGAL", "Too large.") : gateway.answer(message);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${chosen}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close").catch(() => {});
    },
  };
}
