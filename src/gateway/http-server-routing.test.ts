import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createHeaders,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";
import { formatHead, sendRaw } from "../testing/servers/raw-socket.ts";
import { type HttpServer, type ServerHandler, startHttpServer } from "./http-server.ts";
import type { GatewayRequest } from "./index.ts";
import type { Truncation } from "./node-request-listener.ts";

const NODE_GLOBALS = [globalThis.Request, globalThis.Response];

const openServers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(openServers.splice(0).map(({ close }) => close(0)));
});

async function startServer(
  handler: ServerHandler,
  options?: Parameters<typeof startHttpServer>[1],
): Promise<HttpServer> {
  const server = await startHttpServer(handler, options);
  openServers.push(server);
  return server;
}

describe("a fetch handler next to a gateway", () => {
  test("receives the requests that match, and the gateway receives all other requests", async () => {
    const { gateway, calls } = createTestGateway();
    const requests: string[] = [];
    const webRoutes = {
      matches: (path: string) => path.startsWith("/_own"),
      fetch: async (request: Request) => {
        requests.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
        return new Response("web", { status: 201 });
      },
    };
    const { baseUrl } = await startServer({ respond: gateway.respond, webRoutes });
    for (const path of ["/_own/a", "/_own/b?x=/ams"]) {
      const response = await fetch(baseUrl + path, { method: "POST", body: "x" });
      expect([response.status, await response.text()]).toEqual([201, "web"]);
    }
    expect(requests).toEqual(["POST /_own/a x", "POST /_own/b x"]);
    const response = await fetch(baseUrl + PATH, { method: "POST", headers: await createHeaders(), body: SAMPLE_BODY });
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
    expect([calls.length, requests.length]).toEqual([1, 2]);
  });

  test.each([
    "127.0.0.999",
    "[::zz]",
    "a b",
    "localhost:99999",
    "",
  ])("receives no request with the invalid Host %j", async (host) => {
    const webRoutes = { matches: () => true, fetch: () => new Response("web") };
    const { baseUrl } = await startServer({ respond: createTestGateway().gateway.respond, webRoutes });
    const response = await sendRaw(baseUrl, (socket) => void socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`));
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test("a fetch handler does not replace Node's Request and Response", async () => {
  const { baseUrl } = await startServer(async () => new Response("hello"));
  expect(await (await fetch(baseUrl)).text()).toBe("hello");
  expect([globalThis.Request, globalThis.Response]).toEqual(NODE_GLOBALS);
  expect(globalThis.Request === NODE_GLOBALS[0] && globalThis.Response === NODE_GLOBALS[1]).toBe(true);
});

test("a gateway receives all values of a header that is sent on several lines", async () => {
  const names = ["x-two", "x-one", "x-none", "x-tw"];
  const respond = async ({ headers }: GatewayRequest) => ({
    headers: {},
    body: JSON.stringify(names.map((name) => headers.get(name))),
    about: { clientId: "" },
  });
  const { baseUrl } = await startServer({ respond });
  const lines = [
    ["X-Two", " a "],
    ["x-one", "b"],
    ["x-TWO", "c"],
    ["connection", "close"],
  ] as const;
  const text = await sendRaw(baseUrl, (socket) => void socket.write(formatHead("/", lines, "GET")));
  expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toEqual(["a, c", "b", null, null]);
});

test("closing a server leaves no timer that keeps the process alive", async () => {
  const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const { close } = await startHttpServer({ respond: createTestGateway().gateway.respond });
  const before = countTimers();
  await close(60_000);
  expect(countTimers()).toBeLessThanOrEqual(before);
});

describe("a response", () => {
  const BODY = `{"a":"${"é".repeat(1000)}"}`;
  const fetchTruncated = async (truncation?: Truncation) => {
    const response = { headers: { "content-type": "application/json" }, body: BODY, about: { clientId: "" } };
    const { baseUrl } = await startServer({
      respond: async () => ({ ...response, ...(truncation ? { truncation } : {}) }),
    });
    return sendRaw(baseUrl, (socket) => void socket.write(formatHead("/", [["connection", "close"]])));
  };

  test("is sent completely by default, with its length in bytes", async () => {
    const text = await fetchTruncated();
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\n/);
    expect(head).toContain(`\r\ncontent-length: ${Buffer.byteLength(BODY)}`);
    expect(Buffer.from(body, "latin1").toString()).toBe(BODY);
  });

  test("that is truncated to nothing is not sent", async () => {
    expect(await fetchTruncated("nothing-sent")).toBe("");
  });

  test("that is truncated to half keeps the Content-Length of the complete body", async () => {
    const [head = "", body = ""] = (await fetchTruncated("half-sent")).split("\r\n\r\n");
    expect(head).toContain(`content-length: ${Buffer.byteLength(BODY)}`);
    expect(Buffer.from(body, "latin1").toString()).toBe(BODY.slice(0, BODY.length / 2));
  });
});

describe("startHttpServer", () => {
  const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === "::1"),
  );

  test.skipIf(!hasIPv6)("puts brackets around an IPv6 address in baseUrl", async () => {
    const { baseUrl } = await startServer(async () => new Response("hello"), { host: "::1" });
    expect(baseUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(baseUrl)).text()).toBe("hello");
  });

  test("listens on the requested port", async () => {
    const free = await startHttpServer(async () => new Response());
    const port = Number(new URL(free.baseUrl).port);
    await free.close();
    expect((await startServer(async () => new Response(), { port })).baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  test("reports a port that is in use or out of range, with advice", async () => {
    const { baseUrl } = await startServer(async () => new Response());
    const port = Number(new URL(baseUrl).port);
    await expect(startHttpServer(async () => new Response(), { port })).rejects.toMatchObject({
      message: expect.stringMatching(
        `^Cannot listen on 127\\.0\\.0\\.1:${port}: the port is in use${process.platform === "linux" ? ` by process ${process.pid} \\(.+\\)` : ""}\\. Set a different port \\(--port\\), or 0 for any free port\\.$`,
      ),
    });
    await expect(startHttpServer(async () => new Response(), { port: 70_000 })).rejects.toMatchObject({
      message: "Cannot listen on 127.0.0.1:70000: ERR_SOCKET_BAD_PORT. Check the host and the port.",
    });
  });
});

test("startHttpServer rejects a fetch handler if @hono/node-server is not installed", async () => {
  vi.doMock("@hono/node-server", () => {
    throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
  });
  try {
    await expect(startHttpServer(async () => new Response())).rejects.toMatchObject({ code: "DEPENDENCY_MISSING" });
  } finally {
    vi.doUnmock("@hono/node-server");
  }
});
