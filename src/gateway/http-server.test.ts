import { once } from "node:events";
import { Agent, request } from "node:http";
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

const NODES_OWN = [globalThis.Request, globalThis.Response];

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close(0)));
});

async function serving(...args: Parameters<typeof startHttpServer>): Promise<HttpServer> {
  const listening = await startHttpServer(...args);
  open.push(listening);
  return listening;
}

/** How long something takes, in milliseconds. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe("over a real socket", () => {
  test("a signed request is answered, signed", async () => {
    const { gateway, calls } = createTestGateway();
    const { baseUrl } = await serving(gateway);
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(baseUrl + PATH, { method: "POST", headers: await createHeaders(), body: SAMPLE_BODY });
    expect(response.headers.get("content-length")).not.toBeNull();
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL", signed: true });
    expect(calls).toHaveLength(1);
  });

  test("chunked", async () => {
    const { gateway } = createTestGateway();
    const { baseUrl } = await serving(gateway);
    const { headers, body } = await createRequest();
    const response = await fetch(baseUrl + PATH, { method: "POST", headers, body, duplex: "half" });
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
  });

  test("GET, HEAD and TRACE are answered in the API's own form", async () => {
    const { gateway } = createTestGateway();
    const { baseUrl } = await serving(gateway);
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

  test("Node's own Request and Response stay what they are", async () => {
    await serving(createTestGateway().gateway);
    expect(globalThis.Request).toBe(NODES_OWN[0]);
    expect(globalThis.Response).toBe(NODES_OWN[1]);
  });

  test("100 requests use one connection after the other", async () => {
    const { gateway, calls } = createTestGateway();
    const { baseUrl } = await serving(gateway);
    const headers = await createHeaders();
    const one = formatHead(PATH, [...headers, ["content-length", String(SAMPLE_BODY.length)]]) + SAMPLE_BODY;
    const last = one.replace("host:", "connection: close\r\nhost:");
    const answer = await sendRaw(baseUrl, (socket) => void socket.write(one.repeat(99) + last));
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(100);
    expect(calls).toHaveLength(100);
  });
});

describe("an address that cannot be had is told as CONFIGURATION_INVALID", () => {
  test("a port in use, by its number", async () => {
    const { baseUrl } = await serving(createTestGateway().gateway);
    const port = Number(new URL(baseUrl).port);
    const told = {
      code: "CONFIGURATION_INVALID",
      message: expect.stringMatching(`127\\.0\\.0\\.1:${port}: another program`),
    };
    await expect(startHttpServer(createTestGateway().gateway, { port })).rejects.toMatchObject(told);
  });

  test.each([
    ["a port that is none", { port: 70_000 }, /:70000: /],
    ["a negative port", { port: -1 }, /:-1: /],
    ["a host that is not this machine's", { host: "192.0.2.1" }, /192\.0\.2\.1:0: EADDRNOTAVAIL/],
    ["a host that does not exist", { host: "nowhere.invalid" }, /nowhere\.invalid:0: /],
  ])("%s", async (_, address, message) => {
    const told = { code: "CONFIGURATION_INVALID", message: expect.stringMatching(message) };
    await expect(serving(createTestGateway().gateway, address)).rejects.toMatchObject(told);
  });
});

describe("close", () => {
  test("waits for a request under way, and then ends at once", async () => {
    const gate = Promise.withResolvers<Response>();
    const { baseUrl, close } = await serving(() => gate.promise);
    const answer = fetch(baseUrl, { method: "POST", body: "x" });
    await setTimeout(50);
    let closed = false;
    const closing = close().then(() => {
      closed = true;
    });
    await setTimeout(50);
    expect(closed).toBe(false);
    gate.resolve(new Response("done"));
    expect(await (await answer).text()).toBe("done");
    expect(await timeOf(closing)).toBeLessThan(1000);
  });

  test("takes no new connection meanwhile", async () => {
    const gate = Promise.withResolvers<Response>();
    const { baseUrl, close } = await serving(() => gate.promise);
    const answer = fetch(baseUrl);
    await setTimeout(50);
    const closing = close();
    await expect(fetch(baseUrl)).rejects.toThrow();
    gate.resolve(new Response("done"));
    await Promise.all([answer, closing]);
  });

  test("cuts what is left when the time of grace is over", async () => {
    const { baseUrl, close } = await serving(() => new Promise(() => {}));
    const answer = fetch(baseUrl).catch(() => "cut");
    await setTimeout(50);
    const took = await timeOf(close(200));
    expect(took).toBeGreaterThan(150);
    expect(took).toBeLessThan(1000);
    expect(await answer).toBe("cut");
  });

  test("does not wait for connections that are kept alive", async () => {
    const { baseUrl, close } = await serving(async () => new Response("hello"));
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(request(baseUrl, { agent }).end(), "response");
    response.resume();
    await once(response, "end");
    expect(await timeOf(close())).toBeLessThan(500);
    agent.destroy();
  });

  test("does not wait for a connection on which nothing was said", async () => {
    const { baseUrl, close } = await serving(async () => new Response("hello"));
    const socket = await openSocket(baseUrl);
    await setTimeout(20);
    expect(await timeOf(close())).toBeLessThan(500);
    socket.destroy();
  });

  test("lets clients that always have a next request end theirs, and none is lost", async () => {
    let asked = 0;
    const { baseUrl, close } = await serving(async () => {
      // Not all alike, so that there is always a request under way.
      await setTimeout(5 + (asked++ % 7) * 5);
      return new Response("done");
    });
    const agent = new Agent({ keepAlive: true });
    const ask = () =>
      new Promise<string>((resolve) => {
        const sent = request(baseUrl, { agent }, (response) => response.resume().on("end", () => resolve("done")));
        sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "an error")).end();
      });
    const answers: string[] = [];
    const clients = Array.from({ length: 16 }, async () => {
      for (let answer = "done"; answer === "done"; answers.push(answer)) answer = await ask();
    });
    await setTimeout(200);
    expect(await timeOf(close())).toBeLessThan(1000);
    await Promise.all(clients);
    agent.destroy();
    // Each client's last found nobody; whatever was begun was answered.
    expect(answers).toHaveLength(asked + 16);
    expect(answers.filter((answer) => answer === "done")).toHaveLength(asked);
  });

  test("may be called twice", async () => {
    const { close } = await serving(async () => new Response("hello"));
    await Promise.all([close(), close()]);
    await close();
  });
});
