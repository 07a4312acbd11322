import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createHeaders,
  createResponseBody,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";
import { formatHead, sendRaw } from "../testing/servers/raw-socket.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";

let testGateway: ReturnType<typeof createTestGateway>;
let server: HttpServer;
let head: readonly (readonly [string, string])[];
beforeEach(async () => {
  testGateway = createTestGateway();
  server = await startHttpServer(testGateway.gateway);
  head = [...(await createHeaders())];
});
afterEach(async () => {
  await expectAlive();
  await server.close(0);
});

const LENGTH = ["content-length", String(SAMPLE_BODY.length)] as const;

/** Expects the server to respond to the next request after an attack. */
async function expectAlive(): Promise<void> {
  const response = await fetch(server.baseUrl + PATH, {
    method: "POST",
    headers: await createHeaders(),
    body: SAMPLE_BODY,
  });
  expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
}

const send = (text: string) => sendRaw(server.baseUrl, (socket) => void socket.write(text));

describe("the server responds with 400 and closes the connection for", () => {
  test.each([
    ["Content-Length and Transfer-Encoding", [LENGTH, ["transfer-encoding", "chunked"]], `0\r\n\r\n`],
    ["Transfer-Encoding and Content-Length", [["transfer-encoding", "chunked"], LENGTH], `0\r\n\r\n`],
    ["two Content-Lengths", [LENGTH, ["content-length", "5"]], SAMPLE_BODY],
    ["the same Content-Length twice", [LENGTH, LENGTH], SAMPLE_BODY],
    ["a Content-Length with a sign", [["content-length", `+${SAMPLE_BODY.length}`]], SAMPLE_BODY],
    ["a list of Content-Lengths", [["content-length", "5, 5"]], SAMPLE_BODY],
    ["an invalid chunk size", [["transfer-encoding", "chunked"]], `xyz\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a negative chunk size", [["transfer-encoding", "chunked"]], `-5\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a chunk that is longer than its size", [["transfer-encoding", "chunked"]], `5\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a Transfer-Encoding that does not end in chunked", [["transfer-encoding", "chunked, gzip"]], SAMPLE_BODY],
    ["a folded header", [LENGTH, ["x-folded", "a\r\n b"]], SAMPLE_BODY],
    ["a NUL in a header", [LENGTH, ["x-nul", "a\0b"]], SAMPLE_BODY],
    ["a space before the colon", [LENGTH, ["x-space ", "a"]], SAMPLE_BODY],
    ["a header without a colon", [LENGTH, ["nonsense\r\nx", "a"]], SAMPLE_BODY],
  ] as const)("%s", async (_, more, body) => {
    const response = await send(formatHead(PATH, [...head, ...more]) + body);
    expect(response).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(response.toLowerCase()).toContain("connection: close");
    expect(testGateway.calls).toEqual([]);
  });

  test("a malformed request line", async () => {
    expect(await send("\x16\x03\x01 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send(`POST ${PATH} HTTP/9.9\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send("POST nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("the server", () => {
  test("responds with 431 to headers of 64 KiB", async () => {
    const response = await send(formatHead(PATH, [...head, ["x-long", "x".repeat(65_536)]]));
    expect(response).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("responds with 431 to 2,000 headers", async () => {
    const many = Array.from({ length: 2000 }, (_, index) => [`x-${index}`, "x".repeat(8)] as const);
    expect(await send(formatHead(PATH, [...head, ...many]))).toMatch(/^HTTP\/1\.1 431 /);
  });

  test.each(["signature", "client-id", "request-time"])("rejects a duplicate %s header", async (name) => {
    const doubled = formatHead(PATH, [...head, LENGTH, ["connection", "close"]]).replace(
      new RegExp(`^${name}: .*\r\n`, "m"),
      "$&$&",
    );
    expect(doubled.match(new RegExp(`^${name}: `, "gm"))).toHaveLength(2);
    expect(await send(doubled + SAMPLE_BODY)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*INVALID_SIGNATURE/s);
    expect(testGateway.calls).toEqual([]);
  });

  test("rejects a duplicate Content-Type header", async () => {
    const doubled = formatHead(PATH, [...head, LENGTH, ["content-type", "text/plain"], ["connection", "close"]]);
    expect(await send(doubled + SAMPLE_BODY)).toMatch(/MEDIA_TYPE_NOT_ACCEPTABLE/);
  });
});

describe("the server responds to a body over the limit", () => {
  test("with Connection: close, and does not keep 10 MB in memory", async () => {
    const chunk = Buffer.alloc(100_000, " ");
    const large = formatHead(PATH, [...head, ["content-length", "10000000"]]);
    const sendLarge = async () =>
      sendRaw(server.baseUrl, (socket) => {
        socket.write(large);
        for (let count = 0; count < 100; count++) socket.write(chunk);
      });
    await sendLarge();
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 20; count++) {
      const response = await sendLarge();
      expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger than 65536 bytes/s);
      expect(response.toLowerCase()).toContain("connection: close");
    }
    const growth = (process.memoryUsage().rss - before) / 1e6;
    console.info(`20 bodies of 10 MB: the memory of the process grew by ${growth.toFixed(0)} MB`);
    expect(growth).toBeLessThan(100);
    expect(testGateway.calls).toEqual([]);
  });

  test("after the last byte of 200 KB, so that a client that is still sending can read the response", async () => {
    const body = SAMPLE_BODY.padEnd(200_000);
    const errors: Error[] = [];
    const response = await sendRaw(server.baseUrl, async (socket) => {
      socket.on("error", (error) => errors.push(error));
      socket.pause();
      socket.write(formatHead(PATH, [...head, ["content-length", "200000"]]) + body.slice(0, 100_000));
      await setTimeout(100);
      for (let start = 100_000; start < 200_000; start += 25_000) {
        socket.write(body.slice(start, start + 25_000));
        await setTimeout(20);
      }
      socket.resume();
    });
    expect(errors).toEqual([]);
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger than 65536 bytes/s);
  });

  test("after 1 second if the client stops sending", async () => {
    const started = performance.now();
    const response = await sendRaw(
      server.baseUrl,
      (socket) => void socket.write(formatHead(PATH, [...head, ["content-length", "200000"]])),
    );
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger than 65536 bytes/s);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test("even if the body never ends", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    let written = 0;
    const response = await sendRaw(server.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, ["transfer-encoding", "chunked"]]));
      for (; !socket.destroyed && written < 1e9; written += chunk.length) if (!socket.write(chunk)) await setTimeout(1);
    });
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger/s);
    expect(written).toBeLessThan(1e9);
  });
});

describe("a client that disconnects", () => {
  test("in the middle of the body causes neither a call to the handler nor an error", async () => {
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]) + SAMPLE_BODY.slice(0, 100));
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    await setTimeout(50);
    expect([testGateway.errors, testGateway.calls]).toEqual([[], []]);
  });

  test("before the response does not interrupt the handler", async () => {
    const gate = Promise.withResolvers<void>();
    const states: string[] = [];
    const { gateway } = createTestGateway({
      handle: async (call) => {
        states.push("started");
        await gate.promise;
        states.push("done");
        return createResponseBody(call);
      },
    });
    const slow = await startHttpServer(gateway);
    await sendRaw(slow.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]) + SAMPLE_BODY);
      await expect.poll(() => states).toEqual(["started"]);
      socket.resetAndDestroy();
    });
    gate.resolve();
    await expect.poll(() => states).toEqual(["started", "done"]);
    await slow.close();
  });
});

describe("the server responds with 408 to", () => {
  test("a slow body", async () => {
    const limited = await startHttpServer(testGateway.gateway, { headersTimeout: 300, requestTimeout: 300 });
    const start = performance.now();
    const response = await sendRaw(limited.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]));
      for (const byte of SAMPLE_BODY) {
        if (socket.destroyed) break;
        socket.write(byte);
        await setTimeout(20);
      }
    });
    expect(performance.now() - start).toBeLessThan(3000);
    expect(response).toMatch(/^HTTP\/1\.1 408 /);
    expect(testGateway.calls).toEqual([]);
    await limited.close(0);
  });

  test("slow headers", async () => {
    const limited = await startHttpServer(testGateway.gateway, { headersTimeout: 300 });
    const start = performance.now();
    const response = await sendRaw(limited.baseUrl, (socket) => void socket.write("POST / HTTP/1.1\r\nhost: x\r\n"));
    expect(performance.now() - start).toBeLessThan(3000);
    expect(response).toMatch(/^HTTP\/1\.1 408 /);
    await limited.close(0);
  });
});
