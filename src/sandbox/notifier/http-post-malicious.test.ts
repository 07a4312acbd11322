import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { reply, replyForever, replySlowly, startMerchantServer } from "../../testing/servers/merchant-server.ts";
import { createPoster, type PosterOptions } from "./http-post.ts";

const LIMIT = 65_536;
const MIB = 1_048_576;
const HEAD = "HTTP/1.1 200 OK\r\n";
const OK = `${HEAD}content-length: 2\r\n\r\n{}`;

const noLookup = vi.fn(async () => {
  throw new Error("Unexpected DNS lookup.");
});
const createTestPoster = (options: Partial<PosterOptions> = {}) =>
  createPoster({ scope: "network", ownPort: () => 1, timeoutMs: 5_000, lookup: noLookup, ...options });
const createMessage = (port: number, scheme = "http") => ({
  url: `${scheme}://127.0.0.1:${port}`,
  headers: {},
  body: "{}",
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])("with status %i is returned, not followed", async (status) => {
    await using sandbox = await startMerchantServer(reply(OK));
    for (const location of ["http://169.254.169.254/latest", `http://127.0.0.1:${sandbox.port}/`, "/again"]) {
      await using merchant = await startMerchantServer(
        reply(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`),
      );
      const result = await createTestPoster({ ownPort: () => sandbox.port })(createMessage(merchant.port));
      expect(result).toEqual({ outcome: "RESPONSE", status, body: new Uint8Array(), headers: expect.anything() });
      await merchant.waitUntilAllClosed();
      expect(merchant.getConnectionCount()).toBe(1);
    }
    expect(sandbox.getConnectionCount()).toBe(0);
  });
});

describe("an attempt", () => {
  const SLOW: [string, string, (socket: Socket) => void][] = [
    ["never responds", "http", () => {}],
    ["never responds to the handshake", "https", () => {}],
    ["responds to the handshake one byte at a time", "https", replySlowly("\x16\x03\x03\x40\x00", "\x02")],
    ["sends the status line one byte at a time", "http", replySlowly("", HEAD)],
    ["sends headers one byte at a time", "http", replySlowly(HEAD, "a: b\r\n")],
    ["sends the body one byte at a time", "http", replySlowly(`${HEAD}content-length: 1000\r\n\r\n`, "{}")],
    ["sends chunks one byte at a time", "http", replySlowly(`${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\na\r\n")],
    ["sends interim responses one byte at a time", "http", replySlowly("", "HTTP/1.1 100 Continue\r\n\r\n")],
    ["stops in the middle of the body", "http", reply(`${HEAD}content-length: 10\r\n\r\n{}`)],
  ];

  test.each(SLOW)("times out when the listener %s", async (_, scheme, behave) => {
    await using merchant = await startMerchantServer(behave);
    const started = performance.now();
    const result = await createTestPoster({ timeoutMs: 400 })(createMessage(merchant.port, scheme));
    expect(result).toEqual({ outcome: "TIMEOUT", detail: expect.stringContaining("400 ms") });
    expect(performance.now() - started).toBeGreaterThan(390);
    expect(performance.now() - started).toBeLessThan(1_500);
    await merchant.waitUntilAllClosed();
  });

  test("times out when the listener does not read the request", async () => {
    const { promise: paused, resolve } = Promise.withResolvers<Socket>();
    await using merchant = await startMerchantServer((socket) => resolve(socket.pause()));
    const body = new Uint8Array(32 * MIB);
    const result = await createTestPoster({ timeoutMs: 400 })({ ...createMessage(merchant.port), body });
    expect(result).toEqual({ outcome: "TIMEOUT", detail: expect.stringContaining("400 ms") });
    (await paused).resume();
    await merchant.waitUntilAllClosed();
    expect(merchant.getReceived().length).toBeLessThan(body.length);
  });

  test("times out during a slow DNS lookup", async () => {
    await using merchant = await startMerchantServer(reply(OK));
    const late = Promise.withResolvers<{ address: string; family: number }[]>();
    const post = createTestPoster({ timeoutMs: 50, lookup: () => late.promise });
    const result = await post({ ...createMessage(1), url: `http://m.example:${merchant.port}` });
    expect(result).toEqual({ outcome: "TIMEOUT", detail: expect.stringContaining("while resolving the host name") });
    late.resolve([{ address: "127.0.0.1", family: 4 }]);
    expect(await createTestPoster()(createMessage(merchant.port))).toHaveProperty("status", 200);
    expect(merchant.getConnectionCount()).toBe(1);
  });

  test("to reach a slow listener does not delay other attempts", async () => {
    const servers = await Promise.all(SLOW.map(([, , behave]) => startMerchantServer(behave)));
    await using good = await startMerchantServer((socket) => socket.on("data", () => socket.write(OK)));
    const post = createTestPoster({ timeoutMs: 1_500 });
    let slowDone = 0;
    const slow = servers.map((server) => post(createMessage(server.port)).finally(() => slowDone++));
    for (let count = 0; count < 50; count++) expect(await post(createMessage(good.port))).toHaveProperty("status", 200);
    expect(slowDone).toBeLessThan(servers.length);
    await Promise.all(slow);
    for (const server of servers) await server[Symbol.asyncDispose]();
  });
});

describe("a large response", () => {
  test.each([
    ["data in a body with a length", `${HEAD}content-length: 10737418240\r\n\r\n`, "a"],
    ["data in a body without a length", `${HEAD}\r\n`, "a"],
    ["chunks", `${HEAD}transfer-encoding: chunked\r\n\r\n`, "8\r\naaaaaaaa\r\n"],
    ["chunks of 1 byte", `${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\na\r\n"],
    ["extensions of one chunk", `${HEAD}transfer-encoding: chunked\r\n\r\n1;`, "a"],
    ["chunks with long extensions", `${HEAD}transfer-encoding: chunked\r\n\r\n`, `1;${"a".repeat(8_000)}\r\na\r\n`],
    ["trailers", `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\n`, "a: b\r\n"],
    ["text in one header", `${HEAD}a: `, "a"],
    ["headers", HEAD, "a: b\r\n"],
    ["text in the reason phrase", "HTTP/1.1 200 ", "a"],
    ["interim responses", "", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"],
  ])("is aborted if it contains endless %s", async (_, head, block) => {
    await using merchant = await startMerchantServer(replyForever(head, block));
    const result = await createTestPoster({ timeoutMs: 3_000 })(createMessage(merchant.port));
    expect(result).toMatchObject({ outcome: "RESPONSE_TOO_LARGE", detail: "The response is too large." });
    await merchant.waitUntilAllClosed();
    // Bytes above the limit are in socket buffers when the connection closes.
    expect(merchant.getSentByteCount()).toBeLessThan(16 * MIB);
  });

  test("is accepted up to the limit, and rejected above it", async () => {
    for (const [length, outcome] of [
      [LIMIT, "RESPONSE"],
      [LIMIT + 1, "RESPONSE_TOO_LARGE"],
    ] as const) {
      for (const head of [`content-length: ${length}`, "connection: close"]) {
        await using merchant = await startMerchantServer((socket) =>
          socket.once("data", () => socket.end(`${HEAD}${head}\r\n\r\n${"a".repeat(length)}`)),
        );
        const result = await createTestPoster()(createMessage(merchant.port));
        expect(result).toHaveProperty("outcome", outcome);
        if (result.outcome === "RESPONSE") expect(Buffer.from(result.body).toString()).toBe("a".repeat(length));
      }
    }
  });

  test("in many chunks is reassembled", async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => String(index % 10)).join("");
    const chunks = Array.from(text, (digit) => `1\r\n${digit}\r\n`).join("");
    await using merchant = await startMerchantServer(
      reply(`${HEAD}transfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`),
    );
    const result = await createTestPoster()(createMessage(merchant.port));
    expect(result.outcome === "RESPONSE" && Buffer.from(result.body).toString()).toBe(text);
  });

  test("is rejected above a custom limit", async () => {
    await using merchant = await startMerchantServer(reply(OK));
    expect(await createTestPoster({ responseLimit: 2 })(createMessage(merchant.port))).toHaveProperty(
      "outcome",
      "RESPONSE",
    );
    expect(await createTestPoster({ responseLimit: 1 })(createMessage(merchant.port))).toHaveProperty(
      "outcome",
      "RESPONSE_TOO_LARGE",
    );
  });
});

describe("a listener that closes early or sends invalid data", () => {
  const CANARY = "canary";
  const respond = (text: string) => (socket: Socket) => socket.once("data", () => socket.end(text));

  test.each<[string, (socket: Socket) => void]>([
    ["closes the connection immediately", (socket) => socket.end()],
    ["closes the connection without a response", respond("")],
    ["resets the connection immediately", (socket) => socket.resetAndDestroy()],
    ["resets the connection after the request", (socket) => socket.once("data", () => socket.resetAndDestroy())],
    ["closes the connection in the middle of the headers", respond(`${HEAD}x: ${CANARY}`)],
    [
      "closes the connection in the middle of a body with a length",
      respond(`${HEAD}content-length: 10\r\n\r\n${CANARY}`),
    ],
    [
      "closes the connection in the middle of a chunked body",
      respond(`${HEAD}transfer-encoding: chunked\r\n\r\n6\r\n${CANARY}\r\n`),
    ],
    ["responds with a different protocol", respond(`SSH-2.0-${CANARY}\r\n`)],
    ["responds with binary data", respond("\0\xff\0\xff")],
    ["responds with an invalid header", respond(`${HEAD}${CANARY}\r\n\r\n`)],
    ["responds with two lengths", respond(`${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nab`)],
    ["responds with an invalid chunk", respond(`${HEAD}transfer-encoding: chunked\r\n\r\n${CANARY}\r\n`)],
    ["changes the protocol", respond(`HTTP/1.1 101 ${CANARY}\r\nconnection: upgrade\r\nupgrade: ${CANARY}\r\n\r\nx`)],
  ])("causes CONNECTION_FAILED when it %s", async (_, behave) => {
    await using merchant = await startMerchantServer(behave);
    const result = await createTestPoster()(createMessage(merchant.port));
    expect(result).toEqual({ outcome: "CONNECTION_FAILED", detail: expect.stringMatching(/^[A-Z].+\.$/) });
    expect(JSON.stringify(result)).not.toContain(CANARY);
    await merchant.waitUntilAllClosed();
  });
});

describe("an aborted attempt", () => {
  test("makes no DNS lookup if the signal is already aborted", async () => {
    const lookup = vi.fn(noLookup);
    const result = await createTestPoster({ lookup })(
      { ...createMessage(1), url: "http://m.example" },
      AbortSignal.abort(),
    );
    expect(result).toEqual({ outcome: "ABORTED", detail: "The attempt was aborted." });
    expect(lookup).not.toHaveBeenCalled();
  });

  test("removes its listeners from a shared signal", async () => {
    const warning = vi.fn();
    process.on("warning", warning);
    const stop = new AbortController();
    let received = 0;
    const { promise: allReceived, resolve } = Promise.withResolvers<void>();
    await using silent = await startMerchantServer((socket) =>
      socket.once("data", () => ++received === 40 && resolve()),
    );
    await using good = await startMerchantServer(reply(OK));
    const post = createTestPoster();
    expect(await post(createMessage(good.port), stop.signal)).toHaveProperty("status", 200);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
    const results = Promise.all(Array.from({ length: 40 }, () => post(createMessage(silent.port), stop.signal)));
    await allReceived;
    stop.abort();
    expect(new Set((await results).map(({ outcome }) => outcome))).toEqual(new Set(["ABORTED"]));
    await silent.waitUntilAllClosed();
    process.off("warning", warning);
    expect(warning).not.toHaveBeenCalled();
  });

  test("ends if the signal is aborted during a DNS lookup", async () => {
    const stop = new AbortController();
    const lookup = () => {
      stop.abort();
      return Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    };
    await using merchant = await startMerchantServer(reply(OK));
    const url = `http://m.example:${merchant.port}`;
    expect(await createTestPoster({ lookup })({ ...createMessage(1), url }, stop.signal)).toHaveProperty(
      "outcome",
      "ABORTED",
    );
    expect(await createTestPoster()(createMessage(merchant.port))).toHaveProperty("status", 200);
    expect(merchant.getConnectionCount()).toBe(1);
  });
});
