import { once } from "node:events";
import { createServer, request as httpsRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTlsCertificates } from "../../gateway/index.ts";
import { reply, startMerchantServer } from "../../testing/servers/merchant-server.ts";
import { createPoster, type PosterOptions, type PostMessage } from "./http-post.ts";

const createTestPoster = (options: Partial<PosterOptions> = {}) =>
  createPoster({ scope: "network", ownPort: () => 1, timeoutMs: 5_000, lookup: noLookup, ...options });

const noLookup = vi.fn(async () => {
  throw new Error("Unexpected DNS lookup.");
});

const createMessage = (url: string, more: Partial<PostMessage> = {}): PostMessage => ({
  url,
  headers: { "content-type": "application/json", signature: "s" },
  body: '{"a":"ü"}',
  ...more,
});

const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

const createLookup = (...addresses: string[]) =>
  vi.fn(async (_: string) => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));

afterEach(() => {
  vi.unstubAllEnvs();
  noLookup.mockClear();
});

describe("an attempt", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.1", "localhost"],
    ["::1", "localhost"],
    ["::1", "[::1]"],
    ["127.0.0.1", "shop.localhost."],
  ])("sends a request to a listener on %s if the host in the URL is %s", async (listensOn, host) => {
    await using merchant = await startMerchantServer(reply(OK), listensOn);
    const post = createTestPoster({ scope: "loopback" });
    expect(await post(createMessage(`http://${host}:${merchant.port}/notify?a=b#c`))).toEqual({
      outcome: "RESPONSE",
      status: 200,
      body: new TextEncoder().encode("{}"),
      headers: { "content-type": "application/json", "content-length": "2" },
    });
    const [head = "", body] = merchant.getReceived().split("\r\n\r\n");
    expect(head.split("\r\n")).toEqual([
      "POST /notify?a=b HTTP/1.1",
      "content-type: application/json",
      "signature: s",
      `host: ${host}:${merchant.port}`,
      "content-length: 10",
      expect.stringMatching(/^connection: keep-alive$/i),
    ]);
    expect(Buffer.from(body ?? "", "latin1").toString()).toBe('{"a":"ü"}');
    expect(noLookup).not.toHaveBeenCalled();
    await merchant.waitUntilAllClosed();
  });

  test("reuses a connection after a complete response, and closes it when it is idle", async () => {
    await using merchant = await startMerchantServer((socket) => socket.on("data", () => socket.write(OK)));
    const post = createTestPoster();
    for (let attempt = 0; attempt < 3; attempt++) {
      const body = new Uint8Array([0, 255]);
      const result = await post(createMessage(`http://127.0.0.1:${merchant.port}`, { body }));
      expect(result).toHaveProperty("status", 200);
      await setImmediate();
    }
    expect(merchant.getConnectionCount()).toBe(1);
    await merchant.waitUntilAllClosed();
  });

  test.each<[string, (socket: Socket) => void]>([
    ["closes", (socket) => socket.end()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ])("sends a message only once if the server %s a reused connection without a response", async (_, close) => {
    const requests: number[] = [];
    await using merchant = await startMerchantServer((socket) => {
      let count = 0;
      socket.on("data", () => {
        requests.push(++count);
        if (count === 1) socket.write(OK);
        else close(socket);
      });
    });
    const post = createTestPoster();
    const url = `http://127.0.0.1:${merchant.port}`;
    expect(await post(createMessage(url))).toHaveProperty("status", 200);
    await setImmediate();
    expect(await post(createMessage(url))).toHaveProperty("outcome", "CONNECTION_FAILED");
    expect(requests).toEqual([1, 2]);
  });

  test("fails if the server closes a reused connection in the middle of a response", async () => {
    await using merchant = await startMerchantServer((socket) => {
      let count = 0;
      socket.on("data", () => (++count === 1 ? socket.write(OK) : socket.end("HTTP/1.1 2")));
    });
    const post = createTestPoster();
    const url = `http://127.0.0.1:${merchant.port}`;
    expect(await post(createMessage(url))).toHaveProperty("status", 200);
    await setImmediate();
    expect(await post(createMessage(url))).toHaveProperty("outcome", "CONNECTION_FAILED");
    expect(merchant.getConnectionCount()).toBe(1);
  });

  test("does not reuse a connection on which the server sent an unsolicited response", async () => {
    await using merchant = await startMerchantServer((socket) => {
      socket.once("data", () => {
        socket.write(OK);
        setTimeout(() => socket.write(OK.replace("{}", "[]")), 20);
      });
    });
    const post = createTestPoster();
    const url = `http://127.0.0.1:${merchant.port}`;
    for (let attempt = 0; attempt < 2; attempt++) {
      const result = await post(createMessage(url));
      expect(result.outcome === "RESPONSE" && new TextDecoder().decode(result.body)).toBe("{}");
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(merchant.getConnectionCount()).toBe(2);
  });

  test("accepts a response without Content-Type and Content-Length", async () => {
    await using merchant = await startMerchantServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 500 No\r\n\r\nabc"));
    });
    const result = await createTestPoster()(createMessage(`http://127.0.0.1:${merchant.port}`));
    expect(result).toEqual({
      outcome: "RESPONSE",
      status: 500,
      body: new TextEncoder().encode("abc"),
      headers: {},
    });
  });

  test("fails if no server listens on the port", async () => {
    const merchant = await startMerchantServer(() => {});
    await merchant[Symbol.asyncDispose]();
    for (const url of [`http://127.0.0.1:${merchant.port}`, `http://localhost:${merchant.port}`]) {
      expect(await createTestPoster()(createMessage(url))).toEqual({
        outcome: "CONNECTION_FAILED",
        detail: "Connection failed (ECONNREFUSED).",
      });
    }
  });

  test("sends nothing, and resolves with CONNECTION_FAILED, if a header is invalid", async () => {
    await using merchant = await startMerchantServer(reply(OK));
    const result = await createTestPoster()(
      createMessage(`http://127.0.0.1:${merchant.port}`, { headers: { a: "b\r\nc: d" } }),
    );
    expect(result).toEqual({ outcome: "CONNECTION_FAILED", detail: expect.stringContaining("Nothing was sent") });
    expect(merchant.getConnectionCount()).toBe(0);
  });
});

describe("blocked addresses", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://[::ffff:127.0.0.1]/",
    "http://127.0.0.1:22/",
    "http://user@127.0.0.1/",
    "http://127.0.0.1/\tx",
    "file:///etc/passwd",
  ])("%s is blocked without a DNS lookup", async (url) => {
    expect(await createTestPoster()(createMessage(url))).toEqual({
      outcome: "ADDRESS_BLOCKED",
      detail: expect.stringMatching(/\. It/),
    });
    expect(noLookup).not.toHaveBeenCalled();
  });

  test.each([
    "loopback",
    "network",
    "public",
  ] as const)("169.254.169.254.nip.io is blocked in %s scope", async (scope) => {
    const lookup = createLookup("169.254.169.254");
    const result = await createTestPoster({ scope, lookup })(createMessage("http://169.254.169.254.nip.io/"));
    expect(result).toHaveProperty("outcome", "ADDRESS_BLOCKED");
    expect(lookup).toHaveBeenCalledTimes(scope === "loopback" ? 0 : 1);
  });

  test.each([
    ["network", ["127.0.0.1", "169.254.169.254"]],
    ["network", ["::1", "::ffff:127.0.0.1"]],
    ["network", ["127.0.0.1", "fe80::1%lo"]],
    ["network", ["127.0.0.1", "x"]],
    ["public", ["127.0.0.1"]],
    ["public", ["93.184.216.34", "10.0.0.1"]],
    ["public", ["93.184.216.34", "::1"]],
  ] as const)("in %s scope, a host name with the addresses %j is blocked", async (scope, addresses) => {
    await using merchant = await startMerchantServer(reply(OK));
    const result = await createTestPoster({ scope, lookup: createLookup(...addresses) })(
      createMessage(`http://m.example:${merchant.port}`),
    );
    expect(result).toHaveProperty("outcome", "ADDRESS_BLOCKED");
    expect(merchant.getConnectionCount()).toBe(0);
  });

  test("the sandbox's own port is blocked on each host that resolves to this computer", async () => {
    await using sandbox = await startMerchantServer(reply(OK));
    const post = createTestPoster({ lookup: createLookup("127.0.0.1"), ownPort: () => sandbox.port });
    for (const host of ["m.example", "127.1", "localhost"]) {
      expect(await post(createMessage(`http://${host}:${sandbox.port}`))).toHaveProperty("outcome", "ADDRESS_BLOCKED");
    }
    expect(sandbox.getConnectionCount()).toBe(0);
  });

  test("a host name that does not resolve is reported as HOST_NOT_FOUND", async () => {
    const failing = vi.fn(async () => Promise.reject(new Error("getaddrinfo ENOTFOUND m.example")));
    for (const lookup of [createLookup(), failing]) {
      expect(await createTestPoster({ lookup })(createMessage("https://m.example"))).toEqual({
        outcome: "HOST_NOT_FOUND",
        detail: "The host name does not resolve to an IP address.",
      });
    }
  });
});

describe("a host name that changes its address", () => {
  test("is looked up once for each attempt, which connects only to an address from that lookup", async () => {
    await using merchant = await startMerchantServer(reply(OK));
    const lookup = vi
      .fn<(hostname: string) => Promise<{ address: string; family: number }[]>>(async () => [
        { address: "169.254.169.254", family: 4 },
      ])
      .mockResolvedValueOnce([{ address: "127.0.0.1", family: 4 }]);
    const url = `http://merchant.example:${merchant.port}/`;
    expect(
      await createTestPoster({ lookup })(createMessage(url, { headers: { Host: "other.example" } })),
    ).toHaveProperty("status", 200);
    expect(lookup.mock.calls).toEqual([["merchant.example"]]);
    expect(merchant.getReceived()).toContain(`host: merchant.example:${merchant.port}\r\n`);
    expect(merchant.getReceived()).not.toContain("other.example");
    expect(await createTestPoster({ lookup })(createMessage(url))).toHaveProperty("outcome", "ADDRESS_BLOCKED");
    expect(merchant.getConnectionCount()).toBe(1);
  });

  test("is reached at the second address of the same lookup if the first address fails", async () => {
    await using merchant = await startMerchantServer(reply(OK));
    const lookup = createLookup("::1", "127.0.0.1");
    expect(await createTestPoster({ lookup })(createMessage(`http://m.example:${merchant.port}`))).toHaveProperty(
      "status",
      200,
    );
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  test.each([
    "http",
    "https",
  ])("is blocked before data is sent over %s if the connection has a different address", async (scheme) => {
    await using merchant = await startMerchantServer(reply(OK), "127.0.0.1");
    let reads = 0;
    const changingAddress = {
      family: 6,
      // Passes the check as ::1, then connects to a different address. A bug could do this; a resolver cannot.
      get address() {
        return reads++ === 0 ? "::1" : "::ffff:127.0.0.1";
      },
    };
    const url = `${scheme}://m.example:${merchant.port}`;
    const result = await createTestPoster({ lookup: async () => [changingAddress] })(createMessage(url));
    expect(result).toEqual({ outcome: "ADDRESS_BLOCKED", detail: expect.stringContaining("embeds an IPv4") });
    await merchant.waitUntilAllClosed();
    expect([merchant.getConnectionCount(), merchant.getReceived()]).toEqual([1, ""]);
  });
});

describe("an HTTPS attempt", async () => {
  const { authority, server: certificate } = await createTlsCertificates(["merchant.example", "127.0.0.1"]);

  async function startTlsServer() {
    const seen = { names: [] as string[], hosts: [] as (string | undefined)[] };
    const server = createServer({ cert: certificate, key: certificate }, (request, response) => {
      seen.hosts.push(request.headers.host);
      response.end("{}");
    });
    server.on("tlsClientError", () => {});
    server.on("secureConnection", (socket) => seen.names.push(String(socket.servername)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return {
      port,
      seen,
      [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
  }
  const rejected = { outcome: "TLS_FAILED", detail: "TLS handshake failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)." };

  test("rejects an untrusted certificate, even if NODE_TLS_REJECT_UNAUTHORIZED is 0", async () => {
    await using server = await startTlsServer();
    const post = createTestPoster({ lookup: createLookup("127.0.0.1") });
    const urls = [`https://127.0.0.1:${server.port}`, `https://merchant.example:${server.port}`];
    for (const url of urls) expect(await post(createMessage(url))).toEqual(rejected);
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    for (const url of urls) expect(await post(createMessage(url))).toEqual(rejected);
    expect(server.seen.hosts).toEqual([]);
    // This request shows that the environment variable affects other requests.
    const unsafeRequest = httpsRequest({ host: "127.0.0.1", port: server.port, agent: false }).end();
    const [response] = await once(unsafeRequest, "response");
    expect(response.statusCode).toBe(200);
    response.resume();
    await once(response, "close");
  });

  test("sends the host name as Host and SNI, and requires a matching certificate", async () => {
    await using server = await startTlsServer();
    const before = getCACertificates("default");
    setDefaultCACertificates([authority]);
    try {
      const lookup = createLookup("127.0.0.1");
      const post = createTestPoster({ lookup });
      for (const host of ["merchant.example", "merchant.example.", "127.0.0.1"]) {
        expect(await post(createMessage(`https://${host}:${server.port}`))).toHaveProperty("status", 200);
      }
      expect(server.seen.names).toEqual(["merchant.example", "merchant.example", "false"]);
      expect(server.seen.hosts).toEqual(
        ["merchant.example", "merchant.example.", "127.0.0.1"].map((host) => `${host}:${server.port}`),
      );
      expect(await post(createMessage(`https://other.example:${server.port}`))).toEqual({
        outcome: "TLS_FAILED",
        detail: "TLS handshake failed (ERR_TLS_CERT_ALTNAME_INVALID).",
      });
    } finally {
      setDefaultCACertificates(before);
    }
  });

  test.each([
    ["plain HTTP", OK],
    ["invalid data", "\0\x01\x02".repeat(100)],
  ])("fails if the server returns %s instead of TLS", async (_, response) => {
    await using merchant = await startMerchantServer(reply(response));
    const result = await createTestPoster()(createMessage(`https://127.0.0.1:${merchant.port}`));
    expect(result).toEqual({ outcome: "TLS_FAILED", detail: expect.stringMatching(/^TLS handshake failed/) });
    await merchant.waitUntilAllClosed();
  });

  test("fails if the connection closes during the handshake", async () => {
    await using merchant = await startMerchantServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const result = await createTestPoster()(createMessage(`https://127.0.0.1:${merchant.port}`));
    expect(result).toEqual({ outcome: "TLS_FAILED", detail: "TLS handshake failed (ECONNRESET)." });
  });
});
