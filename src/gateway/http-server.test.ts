import { once } from "node:events";
import { Agent, request } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import {
  createHeaders,
  createRequest,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";
import { formatHead, openSocket, sendRaw } from "../testing/servers/raw-socket.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import { createTlsCertificates } from "./tls-certificates.ts";

const NODE_GLOBALS = [globalThis.Request, globalThis.Response];

const openServers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(openServers.splice(0).map(({ close }) => close(0)));
});

async function startServer(...args: Parameters<typeof startHttpServer>): Promise<HttpServer> {
  const server = await startHttpServer(...args);
  openServers.push(server);
  return server;
}

/** Returns how long a promise takes to resolve, in milliseconds. */
async function measureDuration(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe("a gateway behind an HTTP server", () => {
  test("sends a signed response to a signed request", async () => {
    const { gateway, calls } = createTestGateway();
    const { baseUrl } = await startServer(gateway);
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(baseUrl + PATH, { method: "POST", headers: await createHeaders(), body: SAMPLE_BODY });
    expect(response.headers.get("content-length")).not.toBeNull();
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL", signed: true });
    expect(calls).toHaveLength(1);
  });

  test("accepts a chunked body", async () => {
    const { gateway } = createTestGateway();
    const { baseUrl } = await startServer(gateway);
    const { headers, body } = await createRequest();
    const response = await fetch(baseUrl + PATH, { method: "POST", headers, body, duplex: "half" });
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
  });

  test("responds to GET, HEAD, and TRACE in the API's format", async () => {
    const { gateway } = createTestGateway();
    const { baseUrl } = await startServer(gateway);
    const headers = await createHeaders();
    expect(await expectValidResponse(await fetch(baseUrl + PATH, { headers }))).toMatchObject({
      resultCode: "METHOD_NOT_SUPPORTED",
      signed: true,
    });
    const head = await fetch(baseUrl + PATH, { method: "HEAD", headers });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const trace = formatHead(PATH, [["connection", "close"]], "TRACE");
    expect(await sendRaw(baseUrl, (socket) => void socket.write(trace))).toMatch(
      /^HTTP\/1\.1 200 .*METHOD_NOT_SUPPORTED/s,
    );
  });

  test("does not replace Node's Request and Response", async () => {
    await startServer(createTestGateway().gateway);
    expect(globalThis.Request).toBe(NODE_GLOBALS[0]);
    expect(globalThis.Response).toBe(NODE_GLOBALS[1]);
  });

  test("accepts 100 requests on one connection", async () => {
    const { gateway, calls } = createTestGateway();
    const { baseUrl } = await startServer(gateway);
    const headers = await createHeaders();
    const one = formatHead(PATH, [...headers, ["content-length", String(SAMPLE_BODY.length)]]) + SAMPLE_BODY;
    const last = one.replace("host:", "connection: close\r\nhost:");
    const responses = await sendRaw(baseUrl, (socket) => void socket.write(one.repeat(99) + last));
    expect(responses.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(100);
    expect(calls).toHaveLength(100);
  });
});

describe("startHttpServer throws CONFIGURATION_INVALID for", () => {
  test("a port in use", async () => {
    const { baseUrl } = await startServer(createTestGateway().gateway);
    const port = Number(new URL(baseUrl).port);
    const expected = {
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(`127\\.0\\.0\\.1:${port}: the port is in use`),
    };
    await expect(startHttpServer(createTestGateway().gateway, { port })).rejects.toMatchObject(expected);
  });

  test.each([
    ["a port that is out of range", { port: 70_000 }, /:70000: /],
    ["a negative port", { port: -1 }, /:-1: /],
    ["a host that is not local", { host: "192.0.2.1" }, /192\.0\.2\.1:0: EADDRNOTAVAIL/],
    ["a host that does not exist", { host: "nowhere.invalid" }, /nowhere\.invalid:0: /],
  ])("%s", async (_, address, message) => {
    const expected = { code: "CONFIGURATION_INVALID", message: expect.stringMatching(message) };
    await expect(startServer(createTestGateway().gateway, address)).rejects.toMatchObject(expected);
  });
});

describe("close", () => {
  test("waits for a request in flight and then resolves immediately", async () => {
    const gate = Promise.withResolvers<Response>();
    const { baseUrl, close } = await startServer(() => gate.promise);
    const response = fetch(baseUrl, { method: "POST", body: "x" });
    await setTimeout(50);
    let closed = false;
    const closing = close().then(() => {
      closed = true;
    });
    await setTimeout(50);
    expect(closed).toBe(false);
    gate.resolve(new Response("done"));
    expect(await (await response).text()).toBe("done");
    expect(await measureDuration(closing)).toBeLessThan(1000);
  });

  test("accepts no new connections while it waits", async () => {
    const gate = Promise.withResolvers<Response>();
    const { baseUrl, close } = await startServer(() => gate.promise);
    const response = fetch(baseUrl);
    await setTimeout(50);
    const closing = close();
    await expect(fetch(baseUrl)).rejects.toThrow();
    gate.resolve(new Response("done"));
    await Promise.all([response, closing]);
  });

  test("closes the remaining connections after the grace period", async () => {
    const { baseUrl, close } = await startServer(() => new Promise(() => {}));
    const response = fetch(baseUrl).catch(() => "closed");
    await setTimeout(50);
    const duration = await measureDuration(close(200));
    expect(duration).toBeGreaterThan(150);
    expect(duration).toBeLessThan(1000);
    expect(await response).toBe("closed");
  });

  test("does not wait for idle keep-alive connections", async () => {
    const { baseUrl, close } = await startServer(async () => new Response("hello"));
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(request(baseUrl, { agent }).end(), "response");
    response.resume();
    await once(response, "end");
    expect(await measureDuration(close())).toBeLessThan(500);
    agent.destroy();
  });

  test("does not wait for a connection without a request", async () => {
    const { baseUrl, close } = await startServer(async () => new Response("hello"));
    const socket = await openSocket(baseUrl);
    await setTimeout(20);
    expect(await measureDuration(close())).toBeLessThan(500);
    socket.destroy();
  });

  test("completes the received requests of clients that send one request after another", async () => {
    let received = 0;
    const { baseUrl, close } = await startServer(async () => {
      // The delays differ, so that a request is always in flight.
      await setTimeout(5 + (received++ % 7) * 5);
      return new Response("done");
    });
    const agent = new Agent({ keepAlive: true });
    const send = () =>
      new Promise<string>((resolve) => {
        const sent = request(baseUrl, { agent }, (response) => response.resume().on("end", () => resolve("done")));
        sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "an error")).end();
      });
    const results: string[] = [];
    const clients = Array.from({ length: 16 }, async () => {
      for (let result = "done"; result === "done"; results.push(result)) result = await send();
    });
    await setTimeout(200);
    expect(await measureDuration(close())).toBeLessThan(1000);
    await Promise.all(clients);
    agent.destroy();
    // Only the last request of each client failed. All other requests received a response.
    expect(results).toHaveLength(received + 16);
    expect(results.filter((result) => result === "done")).toHaveLength(received);
  });

  test("can be called several times", async () => {
    const { close } = await startServer(async () => new Response("hello"));
    await Promise.all([close(), close()]);
    await close();
  });
});

describe("a server with a certificate", async () => {
  const { authority, server: certificate } = await createTlsCertificates(["127.0.0.1"]);
  const get = async (url: string): Promise<string> => {
    const [response] = await once(requestHttps(url, { ca: authority, agent: false }).end(), "response");
    return text(response);
  };

  test("has an https URL, and sends nothing to a client that uses http", async () => {
    const { baseUrl, port } = await startServer(({ url }) => new Response(url), { certificate });
    expect(baseUrl).toBe(`https://127.0.0.1:${port}`);
    expect(await get(`${baseUrl}/a`)).toBe(`${baseUrl}/a`);
    await expect(fetch(baseUrl)).rejects.toThrow();
    expect(await sendRaw(baseUrl, (socket) => void socket.write(formatHead("/", [])))).toBe("");
    await expect(fetch(baseUrl.replace("https:", "http:"))).rejects.toThrow();
  });

  test("sends a response in flight completely before it closes", async () => {
    const size = 8_000_000;
    const gate = Promise.withResolvers<Response>();
    const { baseUrl, close } = await startServer(() => gate.promise, { certificate });
    const response = get(baseUrl);
    await setTimeout(100);
    const closing = close();
    gate.resolve(new Response("x".repeat(size)));
    expect(await response).toHaveLength(size);
    expect(await measureDuration(closing)).toBeLessThan(1000);
  });

  test("closes immediately if a client has not completed the TLS handshake", async () => {
    const { baseUrl, close } = await startServer(() => new Response(), { certificate });
    await openSocket(baseUrl);
    expect(await measureDuration(close())).toBeLessThan(500);
  });

  test("closes a connection whose TLS handshake exceeds the time limit for headers", async () => {
    const { baseUrl } = await startServer(() => new Response(), { certificate, headersTimeout: 200 });
    expect(await measureDuration(sendRaw(baseUrl, () => {}))).toBeLessThan(1500);
  });
});
