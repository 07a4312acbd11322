import { once } from "node:events";
import { createServer, request as requestHttp, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { formatHead, openSocket, sendRaw } from "../../testing/servers/raw-socket.ts";
import type { ProxiedExchange } from "./inspect-exchange.ts";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";

const PATH = "/ams/sandbox/api/v1/vaults/inquireVaulting";
const closeFunctions: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closeFunctions.splice(0).reverse()) await close();
});

const listen = async (server: Server | TcpServer): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closeFunctions.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Starts a raw TCP target that can violate HTTP. Calls `respond` when the target has received the headers. */
async function startRawTarget(respond: (socket: Socket, received: () => string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      const hadCompleteHead = text.includes("\r\n\r\n");
      text += chunk.toString("latin1");
      if (!hadCompleteHead && text.includes("\r\n\r\n")) respond(socket, () => text);
    });
  });
  const target = await listen(server);
  closeFunctions.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return target;
}

interface WatchedProxy extends RecordingProxy {
  readonly exchanges: ProxiedExchange[];
  readonly next: () => Promise<ProxiedExchange>;
}

async function startProxy(target: string, idleTimeoutMs?: number): Promise<WatchedProxy> {
  const exchanges: ProxiedExchange[] = [];
  const waiting: ((exchange: ProxiedExchange) => void)[] = [];
  const proxy = await startRecordingProxy({
    target,
    port: 0,
    onExchange: async (exchange) => {
      exchanges.push(exchange);
      waiting.shift()?.(exchange);
    },
    onError: (error) => {
      throw error;
    },
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
  });
  closeFunctions.push(() => proxy.close(0));
  return { ...proxy, exchanges, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

const decodeText = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test("the proxy forwards bodies byte for byte and preserves the order, case, and duplicates of end-to-end headers", async () => {
  const sentResponse =
    "HTTP/1.1 200 Fine \xe4\r\nX-Two: a\r\nx-two: b\r\nsignature: s=%2B\r\nContent-Length: 4\r\n\r\n\r\n{\xff";
  let received = "";
  const target = await startRawTarget((socket, text) => {
    received = text();
    socket.end(sentResponse, "latin1");
  });
  const { baseUrl, next } = await startProxy(target);
  const exchange = next();
  const head = formatHead(`${PATH}?a=%2f&b`, [
    ["X-Two", "1"],
    ["SIGNATURE", "algorithm=RSA256,signature=a%2Fb"],
    ["x-two", "2"],
    ["Keep-Alive", "5"],
    ["Connection", "X-Gone, Content-Length, close"],
    ["x-gone", "1"],
    ["content-length", "3"],
  ]);
  const receivedResponse = await sendRaw(baseUrl, (socket) => void socket.write(`${head}{\r\n`));
  expect(received).toBe(
    `POST ${PATH}?a=%2f&b HTTP/1.1\r\nHost: ${target.slice(7)}\r\nX-Two: 1\r\n` +
      "SIGNATURE: algorithm=RSA256,signature=a%2Fb\r\nx-two: 2\r\ncontent-length: 3\r\nConnection: close\r\n\r\n{\r\n",
  );
  expect(receivedResponse).toBe(
    sentResponse.replace("Content-Length: 4\r\n", "Content-Length: 4\r\nConnection: close\r\n"),
  );
  const { request, response } = await exchange;
  expect({ path: request.path, body: decodeText(request.body.bytes) }).toEqual({
    path: `${PATH}?a=%2f&b`,
    body: "{\r\n",
  });
  expect(response).toMatchObject({
    status: 200,
    body: { length: 4, bytes: Uint8Array.from([0x0d, 0x0a, 0x7b, 0xff]) },
  });
});

test("the proxy forwards chunked bodies with any method, and does not capture large bodies", async () => {
  const server = createServer((request, response) => {
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.byteLength;
    });
    request.on("end", () => response.end(`${request.method} ${length} ${"x".repeat(100_000)}`));
  });
  const { baseUrl, next } = await startProxy(await listen(server));
  for (const method of ["POST", "GET"]) {
    const exchange = next();
    const call = requestHttp(baseUrl + PATH, { method, headers: { "transfer-encoding": "chunked" }, agent: false });
    call.end("y".repeat(200_000));
    const [response] = await once(call, "response");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    expect(text).toBe(`${method} 200000 ${"x".repeat(100_000)}`);
    expect(await exchange).toMatchObject({
      request: { body: { bytes: undefined, length: 200_000 } },
      response: { body: { bytes: undefined, length: text.length } },
    });
  }
});

test("the proxy forwards redirects and unknown API paths, but does not report calls to unknown paths", async () => {
  const server = createServer((request, response) => {
    response.writeHead(302, { location: "http://192.0.2.1/", "set-cookie": ["a=1", "b=2"] }).end(request.url);
  });
  const { baseUrl, exchanges } = await startProxy(await listen(server));
  const response = await fetch(`${baseUrl}/ams/api/v1/vaults/unknown?x`, { redirect: "manual" });
  expect({ status: response.status, text: await response.text() }).toEqual({
    status: 302,
    text: "/ams/api/v1/vaults/unknown?x",
  });
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(exchanges).toEqual([]);
});

test("the proxy forwards a compressed response unchanged, and reports the decoded body", async () => {
  const compressed = gzipSync('{"a":1}');
  const server = createServer((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(compressed));
  const { baseUrl, next } = await startProxy(await listen(server));
  const exchange = next();
  const response = await fetch(baseUrl + PATH, { method: "POST", body: "{}" });
  expect(await response.json()).toEqual({ a: 1 });
  expect(decodeText((await exchange).response?.body.bytes)).toBe('{"a":1}');
});

describe("a target", () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ["that closes the connection", (socket) => socket.destroy(), "Connection failed (ECONNRESET)."],
    ["that does not use HTTP", (socket) => socket.end("SSH-2.0-x\r\n"), "Connection failed (HPE_INVALID_CONSTANT)."],
    [
      "that switches protocols",
      (socket) => socket.end("HTTP/1.1 101 No\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
      "Target closed",
    ],
    ["that sends nothing", () => {}, "Target sent no data for 0.2 s."],
    ["that sends an invalid status", (socket) => socket.end("HTTP/1.1 042 No\r\nContent-Length: 0\r\n\r\n"), ""],
  ])("%s causes a 502 response", async (_, respond, reason) => {
    const target = await startRawTarget(respond);
    const { baseUrl, next } = await startProxy(target, 200);
    const exchange = next();
    const response = await fetch(baseUrl + PATH, { method: "POST", body: "{}" });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const { detail, status } = (await response.json()) as { readonly detail: string; readonly status: number };
    expect({ status: response.status, bodyStatus: status }).toEqual({ status: 502, bodyStatus: 502 });
    expect(detail).toContain(`could not forward a response from ${target}: ${reason}`);
    expect(detail).toContain("This response is not from the gateway.");
    const { missingResponse, response: none } = await exchange;
    expect({ by: missingResponse?.by, none }).toEqual({ by: "target", none: undefined });
  });

  test("that is not running causes a 502 response, and a call succeeds after the target starts", async () => {
    const server = createServer((_, response) => response.end("{}"));
    const target = await listen(server);
    const { baseUrl, next } = await startProxy(target);
    await new Promise((resolve) => server.close(resolve));
    const exchange = next();
    expect((await fetch(baseUrl + PATH, { method: "POST", body: "{}" })).status).toBe(502);
    expect((await exchange).missingResponse).toEqual({ by: "target", why: "Connection failed (ECONNREFUSED)." });
    server.listen(Number(new URL(target).port), "127.0.0.1");
    await once(server, "listening");
    expect((await fetch(baseUrl + PATH, { method: "POST", body: "{}" })).status).toBe(200);
  });

  test("that closes the connection during the response causes the proxy to close the client's connection", async () => {
    const target = await startRawTarget((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", () => socket.destroy());
    });
    const { baseUrl, next } = await startProxy(target);
    const exchange = next();
    const call = fetch(baseUrl + PATH, { method: "POST", body: "{}" }).then((response) => response.text());
    await expect(call).rejects.toThrow();
    expect((await exchange).missingResponse).toEqual({
      by: "target",
      why: "Target closed the connection before the response was complete.",
    });
  });
});

test("the proxy closes the connection to the target when the client disconnects", async () => {
  const received = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const target = await startRawTarget((socket) => {
    socket.once("close", () => closed.resolve());
    received.resolve();
  });
  const { baseUrl, next } = await startProxy(target);
  const exchange = next();
  const controller = new AbortController();
  const call = fetch(baseUrl + PATH, { method: "POST", body: "{}", signal: controller.signal });
  await received.promise;
  controller.abort();
  await expect(call).rejects.toThrow();
  await closed.promise;
  expect((await exchange).missingResponse).toEqual({
    by: "client",
    why: "Client disconnected before it received the response.",
  });
});

test.each([
  ["data that is not HTTP", "\u0000\u0001\r\n\r\n", /^HTTP\/1\.1 400 /],
  ["an invalid Content-Length", formatHead(PATH, [["content-length", "x"]]), /^HTTP\/1\.1 400 /],
  [
    "both Content-Length and Transfer-Encoding",
    formatHead(PATH, [
      ["content-length", "3"],
      ["transfer-encoding", "chunked"],
    ]),
    /^HTTP\/1\.1 400 /,
  ],
  ["endless headers", `POST ${PATH} HTTP/1.1\r\nx: ${"y".repeat(100_000)}`, /^HTTP\/1\.1 431 /],
  ["a request target that is not a path", "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n", /^HTTP\/1\.1 400 /],
  ["a CONNECT request", "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n", /^$/],
])("the proxy rejects a malicious client that sends %s, and serves the next client", async (_, text, expected) => {
  const server = createServer((_request, response) => response.end("{}"));
  const { baseUrl } = await startProxy(await listen(server));
  expect(await sendRaw(baseUrl, (socket) => void socket.write(text))).toMatch(expected);
  const idle = await openSocket(baseUrl);
  expect((await fetch(baseUrl + PATH, { method: "POST", body: "{}" })).status).toBe(200);
  idle.destroy();
});

describe("while an exchange is being reported, the proxy", () => {
  async function startBusyProxy() {
    const server = createServer((_, response) => response.end("{}"));
    let requests = 0;
    server.on("request", () => {
      requests += 1;
    });
    const reports: (() => void)[] = [];
    const proxy = await startRecordingProxy({
      target: await listen(server),
      port: 0,
      onExchange: () => new Promise((resolve) => reports.push(resolve)),
      onError: (error) => {
        throw error;
      },
    });
    closeFunctions.push(() => proxy.close(0));
    const call = (signal?: AbortSignal) =>
      fetch(proxy.baseUrl + PATH, { method: "POST", body: "{}", ...(signal ? { signal } : {}) });
    const waitForReports = (count: number) => expect.poll(() => reports.length).toBe(count);
    return { call, reports, waitForReports, countRequests: () => requests };
  }

  test("forwards no other request, and reports no other exchange", async () => {
    const { call, reports, waitForReports, countRequests } = await startBusyProxy();
    await Promise.all([call(), call()]);
    await waitForReports(1);
    const third = call();
    await sleep(50);
    expect(reports).toHaveLength(1);
    expect(countRequests()).toBe(2);
    reports[0]?.();
    await waitForReports(2);
    reports[1]?.();
    expect((await third).status).toBe(200);
    await waitForReports(3);
    reports[2]?.();
  });

  test("discards a request whose client disconnects", async () => {
    const { call, reports, waitForReports, countRequests } = await startBusyProxy();
    await call();
    await waitForReports(1);
    await expect(call(AbortSignal.timeout(50))).rejects.toThrow("timeout");
    await sleep(20);
    reports[0]?.();
    expect((await call()).status).toBe(200);
    expect(countRequests()).toBe(2);
    await waitForReports(2);
    reports[1]?.();
  });
});

test("the proxy forwards the path of an absolute URL in the request line", async () => {
  const server = createServer((request, response) => response.end(request.url));
  const { baseUrl } = await startProxy(await listen(server));
  const text = `GET http://gateway.example${PATH}?q HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`;
  expect(await sendRaw(baseUrl, (socket) => void socket.write(text))).toMatch(new RegExp(`${PATH}\\?q`));
});

describe("the proxy forwards nothing", () => {
  test.each([
    ["for a foreign host", { host: "rebound.example" }],
    ["for a host that starts with 127.0.0.1", { host: "127.0.0.1.evil.example" }],
    ["from a page on a different site", { origin: "https://evil.example" }],
    ["from a page on a different port", { origin: "http://127.0.0.1" }],
    ["from a page with an opaque origin", { origin: "null" }],
    ["from a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    [
      "from a link on a different site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
  ])("%s", async (_, headers) => {
    const { forwarded, send } = await startCountedProxy();
    expect(await send(PATH, headers)).toBe(403);
    expect(forwarded).toEqual([]);
  });

  test.each([
    "/",
    "/_sandbox/reset",
    "/_sandbox/reset#/v1/vaults/inquireVaulting",
    "/_sandbox/reset?/v1/vaults/inquireVaulting",
    "/_sandbox/v1/vaults/inquireVaulting",
    "http://x/_sandbox/reset",
    "/controls",
    "/3ds/AAAAAAAAAAAAAAAAAAAAAA",
    "/card/AAAAAAAAAAAAAAAAAAAAAA",
    `${PATH}/../../../../../../_sandbox/reset`,
    `/x${PATH}/`,
  ])("to %s", async (path) => {
    const { forwarded, send } = await startCountedProxy();
    expect(await send(path)).toBe(404);
    expect(forwarded).toEqual([]);
  });
});

test("the proxy forwards API paths with an unknown operation, version, or base path", async () => {
  const { forwarded, send } = await startCountedProxy();
  const paths = [PATH, "/v1/vaults/inquireVaulting?a=/_sandbox/", "/any/base/v9/vaults/unknown"];
  for (const path of paths) expect(await send(path)).toBe(200);
  expect(forwarded).toEqual(paths);
});

/** Starts a proxy, and a target that lists the paths of the requests that it receives. */
async function startCountedProxy() {
  const forwarded: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    forwarded.push(request.url);
    response.end("{}");
  });
  const { baseUrl } = await startProxy(await listen(server));
  const send = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const { port } = new URL(baseUrl);
    const sent = requestHttp({ hostname: "127.0.0.1", port, path, method: "POST", headers, agent: false }).end("{}");
    const [response] = await once(sent, "response");
    response.resume();
    return response.statusCode;
  };
  return { forwarded, send };
}

test("the proxy reports that a port is in use", async () => {
  const { baseUrl } = await startProxy("http://127.0.0.1:1");
  const port = Number(new URL(baseUrl).port);
  const start = startRecordingProxy({
    target: "http://127.0.0.1:1",
    port,
    onExchange: async () => {},
    onError: () => {},
  });
  await expect(start).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port}: EADDRINUSE. Set a different port (--port), or 0 for any free port.`,
  );
});
