import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { createTestClient, startScriptedGateway } from "../testing/servers/scripted-gateway.ts";

/** Starts a proxy that sends interim responses before each response of the target. */
async function startInterimProxy(target: string, interim: readonly string[]) {
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), "127.0.0.1");
    client.pipe(upstream);
    upstream.on("data", async (chunk) => {
      for (const text of interim) {
        client.write(text);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      client.write(chunk);
    });
    for (const socket of [client, upstream]) {
      socket.on("error", () => {});
      socket.on("close", () => [client, upstream].map((end) => end.destroy()));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

test.each([
  ["one 100 Continue response", [CONTINUE]],
  ["two 100 Continue responses in one packet", [CONTINUE + CONTINUE]],
  ["two 100 Continue responses in two packets, one with a header", [CONTINUE, "HTTP/1.1 100 \r\ndate: x\r\n\r\n"]],
  ["no 100 Continue response", []],
])("the client accepts the final response after %s, on both new and reused connections", async (_, interim) => {
  await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
  using proxy = await startInterimProxy(gateway.baseUrl, interim);
  const vault = createTestClient({ baseUrl: proxy.baseUrl, retry: false });
  for (let calls = 0; calls < 3; calls++) {
    expect(await vault.vaultPaymentMethod(messages.vaultRequest)).toMatchObject({ outcome: "vaulted" });
  }
});
