import { afterEach, describe, expect, test } from "vitest";
import { startNodeServer } from "../testing/servers/node-server.ts";
import { createControlClient } from "./control-client.ts";

type Listener = Parameters<typeof startNodeServer>[0];

describe("the control API client rejects", () => {
  const started: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
  });

  test.each<[string, Listener, string]>([
    [
      "a response that ends early",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("{", () => response.destroy());
      },
      "CONNECTION_FAILED",
    ],
    ["a response that is not JSON", (_, response) => response.end("<html>"), "CONFIGURATION_INVALID"],
    ["an error response", (_, response) => response.writeHead(500).end("no"), "CONFIGURATION_INVALID"],
  ])("%s", async (_, listener, code) => {
    const server = await startNodeServer(listener);
    started.push(server);
    await expect(createControlClient(server.baseUrl).get("/health")).rejects.toMatchObject({ code });
  });
});
