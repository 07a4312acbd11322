import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createHeaders, createTestGateway, PATH, SAMPLE_BODY } from "../testing/servers/gateway.ts";
import { formatHead, openSocket, sendRaw } from "../testing/servers/raw-socket.ts";
import { startHttpServer } from "./http-server.ts";

const GET = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const LAST = "GET /last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Starts a server that records the handled paths and the maximum number of concurrent requests. */
async function startServer(handle: (path: string) => Promise<Response> | Response) {
  const handled: string[] = [];
  let current = 0;
  let most = 0;
  const server = await startHttpServer(async (request) => {
    const { pathname } = new URL(request.url);
    current += 1;
    most = Math.max(most, current);
    handled.push(pathname);
    await request.arrayBuffer();
    const response = await handle(pathname);
    current -= 1;
    return response;
  });
  cleanUps.push(() => server.close(0));
  return { baseUrl: server.baseUrl, handled, most: () => most };
}

describe("a server with pipelined requests on one connection", () => {
  test("handles the requests one at a time, and responds to all of them in order", async () => {
    const { baseUrl, handled, most } = await startServer(async (path) => {
      await setTimeout(1);
      return new Response(`response to ${path};`);
    });
    const formatPost = (index: number) => `POST /${index} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello`;
    const sent = Array.from({ length: 200 }, (_, index) => formatPost(index));
    const received = await sendRaw(baseUrl, (socket) => void socket.write(sent.join("") + LAST));
    const expected = [...sent.map((_, index) => `/${index}`), "/last"];
    expect(handled).toEqual(expected);
    expect([...received.matchAll(/response to (\S+);/g)].map(([, path]) => path)).toEqual(expected);
    expect(most()).toBe(1);
  });

  test("reads a body that arrives while its request waits", async () => {
    const { baseUrl, handled } = await startServer(async () => {
      await setTimeout(30);
      return new Response();
    });
    await sendRaw(baseUrl, async (socket) => {
      socket.write(`${GET}POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 200000\r\n\r\nhello`);
      await setTimeout(10);
      socket.write(`${"x".repeat(199_995)}${LAST}`);
    });
    expect(handled).toEqual(["/", "/body", "/last"]);
  });

  test("stops reading while a request is in flight", async () => {
    const gate = Promise.withResolvers<void>();
    const { baseUrl, handled } = await startServer(async () => {
      await gate.promise;
      return new Response();
    });
    const socket = await openSocket(baseUrl);
    cleanUps.unshift(() => void socket.destroy(), gate.resolve);
    // More than the buffers of both sockets can contain.
    socket.write(GET.repeat(1_000_000));
    await setTimeout(500);
    expect(socket.writableLength).toBeGreaterThan(0);
    expect(handled).toEqual(["/"]);
  });

  test("drops the waiting requests if the client disconnects", async () => {
    const gate = Promise.withResolvers<void>();
    const { baseUrl, handled } = await startServer(async () => {
      await gate.promise;
      return new Response();
    });
    await sendRaw(baseUrl, async (socket) => {
      socket.write(GET.repeat(100));
      await expect.poll(() => handled).toEqual(["/"]);
      socket.resetAndDestroy();
    });
    gate.resolve();
    await setTimeout(50);
    expect(handled).toEqual(["/"]);
  });

  test("drops the requests after a request that closes the connection", async () => {
    const { baseUrl, handled } = await startServer(() => new Response());
    await sendRaw(baseUrl, (socket) => void socket.write(LAST + GET));
    expect(handled).toEqual(["/last"]);
  });

  test("responds to requests on other connections in between", async () => {
    const server = await startHttpServer(createTestGateway().gateway);
    cleanUps.push(() => server.close(0));
    const headers = [...(await createHeaders())];
    const one = formatHead(PATH, [...headers, ["content-length", String(SAMPLE_BODY.length)]]) + SAMPLE_BODY;
    const flood = await openSocket(server.baseUrl);
    cleanUps.unshift(() => void flood.destroy());
    let responses = 0;
    flood.on("data", (chunk) => {
      responses += chunk.toString("latin1").split("HTTP/1.1 200").length - 1;
    });
    flood.write(one.repeat(500));
    await expect.poll(() => responses).toBeGreaterThan(0);
    await fetch(server.baseUrl + PATH);
    expect(responses).toBeLessThan(500);
  });
});
