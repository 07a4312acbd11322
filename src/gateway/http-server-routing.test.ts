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

const NODES_OWN = [globalThis.Request, globalThis.Response];

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close(0)));
});

async function serving(served: ServerHandler, options?: Parameters<typeof startHttpServer>[1]): Promise<HttpServer> {
  const listening = await startHttpServer(served, options);
  open.push(listening);
  return listening;
}

describe("a handler of web requests beside the gateway", () => {
  test("has the paths that it owns, and the gateway all others", async () => {
    const { gateway, calls } = createTestGateway();
    const asked: string[] = [];
    const beside = {
      owns: (path: string) => path.startsWith("/_own"),
      fetch: async (request: Request) => {
        asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
        return new Response("mine", { status: 201 });
      },
    };
    const { baseUrl } = await serving({ answer: gateway.answer, beside });
    for (const path of ["/_own/a", "/_own/b?x=/ams"]) {
      const response = await fetch(baseUrl + path, { method: "POST", body: "x" });
      expect([response.status, await response.text()]).toEqual([201, "mine"]);
    }
    expect(asked).toEqual(["POST /_own/a x", "POST /_own/b x"]);
    const response = await fetch(baseUrl + PATH, { method: "POST", headers: await createHeaders(), body: SAMPLE_BODY });
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
    expect([calls.length, asked.length]).toEqual([1, 2]);
  });
});

test("a handler of web requests leaves Node's own Request and Response what they are", async () => {
  const { baseUrl } = await serving(async () => new Response("hello"));
  expect(await (await fetch(baseUrl)).text()).toBe("hello");
  expect([globalThis.Request, globalThis.Response]).toEqual(NODES_OWN);
  expect(globalThis.Request === NODES_OWN[0] && globalThis.Response === NODES_OWN[1]).toBe(true);
});

test("a header that comes in several lines is read with all of its values", async () => {
  const names = ["x-two", "x-one", "x-none", "x-tw"];
  const answer = async ({ headers }: GatewayRequest) => ({
    headers: {},
    body: JSON.stringify(names.map((name) => headers.get(name))),
    about: { clientId: "" },
  });
  const { baseUrl } = await serving({ answer });
  const lines = [
    ["X-Two", " a "],
    ["x-one", "b"],
    ["x-TWO", "c"],
    ["connection", "close"],
  ] as const;
  const text = await sendRaw(baseUrl, (socket) => void socket.write(formatHead("/", lines, "GET")));
  expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toEqual(["a, c", "b", null, null]);
});

test("closing leaves no timer behind that would keep the process alive", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const { close } = await startHttpServer({ answer: createTestGateway().gateway.answer });
  const before = timers();
  await close(60_000);
  expect(timers()).toBeLessThanOrEqual(before);
});

describe("an answer that is to be cut off", () => {
  const BODY = `{"a":"${"é".repeat(1000)}"}`;
  const exchangeCut = async (cut?: Truncation) => {
    const answer = { headers: { "content-type": "application/json" }, body: BODY, about: { clientId: "" } };
    const { baseUrl } = await serving({
      answer: async () => (cut === undefined ? answer : { ...answer, truncation: cut }),
    });
    return sendRaw(baseUrl, (socket) => void socket.write(formatHead("/", [["connection", "close"]])));
  };

  test("is not: all of it comes, with its length in bytes", async () => {
    const text = await exchangeCut();
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\n/);
    expect(head).toContain(`\r\ncontent-length: ${Buffer.byteLength(BODY)}`);
    expect(Buffer.from(body, "latin1").toString()).toBe(BODY);
  });

  test("with nothing sent", async () => {
    expect(await exchangeCut("nothing-sent")).toBe("");
  });

  test("with half of it sent, under the length of the whole", async () => {
    const [head = "", body = ""] = (await exchangeCut("half-sent")).split("\r\n\r\n");
    expect(head).toContain(`content-length: ${Buffer.byteLength(BODY)}`);
    expect(Buffer.from(body, "latin1").toString()).toBe(BODY.slice(0, BODY.length / 2));
  });
});

describe("an address", () => {
  const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));

  test.skipIf(!hasIPv6)("of IPv6 stands in brackets", async () => {
    const { baseUrl } = await serving(async () => new Response("hello"), { host: "::1" });
    expect(baseUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(baseUrl)).text()).toBe("hello");
  });

  test("is the one that is asked for", async () => {
    const free = await startHttpServer(async () => new Response());
    const port = Number(new URL(free.baseUrl).port);
    await free.close();
    expect((await serving(async () => new Response(), { port })).baseUrl).toBe(`http://127.0.0.1:${port}`);
  });

  test("in use is told with what to do", async () => {
    const { baseUrl } = await serving(async () => new Response());
    const port = Number(new URL(baseUrl).port);
    await expect(startHttpServer(async () => new Response(), { port })).rejects.toMatchObject({
      message: `Cannot listen on 127.0.0.1:${port}: another program listens there; take another (--port), or 0 for any free one.`,
    });
    await expect(startHttpServer(async () => new Response(), { port: 70_000 })).rejects.toMatchObject({
      message: "Cannot listen on 127.0.0.1:70000: ERR_SOCKET_BAD_PORT.",
    });
  });
});

test("without the package that serves web requests it says which to install", async () => {
  vi.doMock("@hono/node-server", () => {
    throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
  });
  try {
    await expect(startHttpServer(async () => new Response())).rejects.toMatchObject({ code: "DEPENDENCY_MISSING" });
  } finally {
    vi.doUnmock("@hono/node-server");
  }
});
