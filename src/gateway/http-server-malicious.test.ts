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

let opened: ReturnType<typeof createTestGateway>;
let server: HttpServer;
let head: readonly (readonly [string, string])[];
beforeEach(async () => {
  opened = createTestGateway();
  server = await startHttpServer(opened.gateway);
  head = [...(await createHeaders())];
});
afterEach(async () => {
  await expectAlive();
  await server.close(0);
});

const LENGTH = ["content-length", String(SAMPLE_BODY.length)] as const;

/** After whatever was done to it, the server answers the next request. */
async function expectAlive(): Promise<void> {
  const response = await fetch(server.baseUrl + PATH, {
    method: "POST",
    headers: await createHeaders(),
    body: SAMPLE_BODY,
  });
  expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
}

const exchange = (text: string) => sendRaw(server.baseUrl, (socket) => void socket.write(text));

describe("a request that two readers could read in two ways: 400 and close", () => {
  test.each([
    ["Content-Length and Transfer-Encoding", [LENGTH, ["transfer-encoding", "chunked"]], `0\r\n\r\n`],
    ["Transfer-Encoding and Content-Length", [["transfer-encoding", "chunked"], LENGTH], `0\r\n\r\n`],
    ["two Content-Lengths", [LENGTH, ["content-length", "5"]], SAMPLE_BODY],
    ["the same Content-Length twice", [LENGTH, LENGTH], SAMPLE_BODY],
    ["Content-Length with a sign", [["content-length", `+${SAMPLE_BODY.length}`]], SAMPLE_BODY],
    ["Content-Length as a list", [["content-length", "5, 5"]], SAMPLE_BODY],
    ["a bad chunk size", [["transfer-encoding", "chunked"]], `xyz\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a negative chunk size", [["transfer-encoding", "chunked"]], `-5\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a chunk longer than it says", [["transfer-encoding", "chunked"]], `5\r\n${SAMPLE_BODY}\r\n0\r\n\r\n`],
    ["a Transfer-Encoding that does not end in chunked", [["transfer-encoding", "chunked, gzip"]], SAMPLE_BODY],
    ["a folded header", [LENGTH, ["x-folded", "a\r\n b"]], SAMPLE_BODY],
    ["a NUL in a header", [LENGTH, ["x-nul", "a\0b"]], SAMPLE_BODY],
    ["a blank before the colon", [LENGTH, ["x-blank ", "a"]], SAMPLE_BODY],
    ["a header without a colon", [LENGTH, ["nonsense\r\nx", "a"]], SAMPLE_BODY],
  ] as const)("%s", async (_, more, body) => {
    const answer = await exchange(formatHead(PATH, [...head, ...more]) + body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer.toLowerCase()).toContain("connection: close");
    expect(opened.calls).toEqual([]);
  });

  test("nonsense for a request line", async () => {
    expect(await exchange("\x16\x03\x01 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await exchange(`POST ${PATH} HTTP/9.9\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await exchange("POST nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("headers", () => {
  test("of 64 KiB: 431 and close", async () => {
    const answer = await exchange(formatHead(PATH, [...head, ["x-long", "x".repeat(65_536)]]));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("2,000 of them: 431 and close", async () => {
    const many = Array.from({ length: 2000 }, (_, at) => [`x-${at}`, "x".repeat(8)] as const);
    expect(await exchange(formatHead(PATH, [...head, ...many]))).toMatch(/^HTTP\/1\.1 431 /);
  });

  test.each(["signature", "client-id", "request-time"])("%s in two lines is refused", async (name) => {
    const doubled = formatHead(PATH, [...head, LENGTH, ["connection", "close"]]).replace(
      new RegExp(`^${name}: .*\r\n`, "m"),
      "$&$&",
    );
    expect(doubled.match(new RegExp(`^${name}: `, "gm"))).toHaveLength(2);
    expect(await exchange(doubled + SAMPLE_BODY)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*INVALID_SIGNATURE/s);
    expect(opened.calls).toEqual([]);
  });

  test("Content-Type in two lines is refused", async () => {
    const doubled = formatHead(PATH, [...head, LENGTH, ["content-type", "text/plain"], ["connection", "close"]]);
    expect(await exchange(doubled + SAMPLE_BODY)).toMatch(/MEDIA_TYPE_NOT_ACCEPTABLE/);
  });
});

describe("a body over the limit", () => {
  test("of 10 MB, twenty times: answered, the connection closed, memory flat", async () => {
    const chunk = Buffer.alloc(100_000, " ");
    const large = formatHead(PATH, [...head, ["content-length", "10000000"]]);
    const send = async () =>
      sendRaw(server.baseUrl, (socket) => {
        socket.write(large);
        for (let at = 0; at < 100; at++) socket.write(chunk);
      });
    await send();
    const before = process.memoryUsage().rss;
    for (let at = 0; at < 20; at++) {
      const answer = await send();
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger than 65536 bytes/s);
      expect(answer.toLowerCase()).toContain("connection: close");
    }
    const grown = (process.memoryUsage().rss - before) / 1e6;
    console.info(`20 bodies of 10 MB: the process grew by ${grown.toFixed(0)} MB`);
    expect(grown).toBeLessThan(100);
    expect(opened.calls).toEqual([]);
  });

  test("that never ends is cut", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    let written = 0;
    const answer = await sendRaw(server.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, ["transfer-encoding", "chunked"]]));
      for (; !socket.destroyed && written < 1e9; written += chunk.length) if (!socket.write(chunk)) await setTimeout(1);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*The body is larger/s);
    expect(written).toBeLessThan(1e9);
  });
});

describe("a client that goes away", () => {
  test("in the middle of the body: nothing is handed on, whoever listens is told", async () => {
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]) + SAMPLE_BODY.slice(0, 100));
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    await expect.poll(() => opened.errors.length).toBe(1);
    expect(opened.calls).toEqual([]);
  });

  test("before the answer: what was handed on is done", async () => {
    const gate = Promise.withResolvers<void>();
    const states: string[] = [];
    const { gateway } = createTestGateway({
      handle: async (call) => {
        states.push("begun");
        await gate.promise;
        states.push("done");
        return createResponseBody(call);
      },
    });
    const slow = await startHttpServer(gateway);
    await sendRaw(slow.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]) + SAMPLE_BODY);
      await expect.poll(() => states).toEqual(["begun"]);
      socket.resetAndDestroy();
    });
    gate.resolve();
    await expect.poll(() => states).toEqual(["begun", "done"]);
    await slow.close();
  });
});

describe("time limits", () => {
  test("a slow body is cut", async () => {
    const limited = await startHttpServer(opened.gateway, { headersTimeout: 300, requestTimeout: 300 });
    const start = performance.now();
    const answer = await sendRaw(limited.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, [...head, LENGTH]));
      for (const byte of SAMPLE_BODY) {
        if (socket.destroyed) break;
        socket.write(byte);
        await setTimeout(20);
      }
    });
    expect(performance.now() - start).toBeLessThan(3000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(opened.calls).toEqual([]);
    await limited.close(0);
  });

  test("slow headers are cut", async () => {
    const limited = await startHttpServer(opened.gateway, { headersTimeout: 300 });
    const start = performance.now();
    const answer = await sendRaw(limited.baseUrl, (socket) => void socket.write("POST / HTTP/1.1\r\nhost: x\r\n"));
    expect(performance.now() - start).toBeLessThan(3000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await limited.close(0);
  });
});
