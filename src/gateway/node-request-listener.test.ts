import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createHeaders,
  createResponseBody,
  createTestGateway,
  getSampleBody,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";
import { formatHead, openSocket, sendRaw } from "../testing/servers/raw-socket.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import { createNodeListener } from "./node-request-listener.ts";

let testGateway: ReturnType<typeof createTestGateway>;
let server: HttpServer;
beforeEach(async () => {
  testGateway = createTestGateway({ handle: async (call) => createResponseBody(call) });
  server = await startHttpServer({ respond: testGateway.gateway.respond });
});
afterEach(() => server.close(0));

type Line = readonly [string, string];
const CLOSE: Line = ["connection", "close"];

const send = (text: string) => sendRaw(server.baseUrl, (socket) => void socket.write(text));
const buildRequest = async (body: string, more: readonly Line[], target = PATH, method = "POST") =>
  formatHead(target, [...(await createHeaders({ body })), ...more], method) + body;
const formatLength = (body: string): Line => ["content-length", String(Buffer.byteLength(body))];
const findIds = (text: string) => [...text.matchAll(/"vaultingRequestId":"([^"]*)"/g)].map(([, id]) => id);

describe("the listener", () => {
  test.each([
    `http://gateway.example${PATH}`,
    `HTTPS://x:1${PATH}`,
  ])("verifies the signature over the path of %s", async (target) => {
    expect(await send(await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), CLOSE], target))).toMatch(
      /200 OK.*PROCESS_FAIL/s,
    );
  });

  test.each([
    "*",
    "http://gateway.example?x=1",
    "ftp://gateway.example/",
    `xhttp://gateway.example${PATH}`,
    `${PATH.slice(1)}`,
    "?x",
  ])("responds with 400 to the target %s", async (target) => {
    expect(await send(await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY)], target, "OPTIONS"))).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  test("treats a URL without a path as a request for /", async () => {
    const request = await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), CLOSE], "http://gateway.example");
    expect(await send(request)).toMatch(/200 OK.*NO_INTERFACE_DEF/s);
  });

  test("opens no tunnel for CONNECT", async () => {
    expect(await send("CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n")).not.toMatch(/ 2\d\d /);
  });
});

describe("on one connection, the listener", () => {
  test("responds to 200 pipelined requests in order", async () => {
    const ids = Array.from({ length: 200 }, (_, number) => `pipelined-${number}`);
    const requests = await Promise.all(
      ids.map((id, number) => {
        const body = JSON.stringify({ ...JSON.parse(SAMPLE_BODY), vaultingRequestId: id });
        return buildRequest(body, [formatLength(body), ...(number === 199 ? [CLOSE] : [])]);
      }),
    );
    expect(findIds(await send(requests.join("")))).toEqual(ids);
  });

  test("does not treat the rest of an oversized body as a new request", async () => {
    const smuggled = await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY)]);
    const large = " ".repeat(65_537) + smuggled;
    const response = await send((await buildRequest(large, [formatLength(large)])) + smuggled);
    expect(response.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(response).toMatch(/connection: close.*larger than 65536 bytes/is);
  });

  test.each([
    ["to an unknown path", "POST", "/nowhere", "NO_INTERFACE_DEF"],
    ["with an unsupported method", "PUT", PATH, "METHOD_NOT_SUPPORTED"],
    ["with HEAD", "HEAD", PATH, undefined],
  ])("closes the connection after a request %s, without treating its unread body as a new request", async (_, method, path, code) => {
    const smuggled = await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), CLOSE]);
    const response = await send(formatHead(path, [formatLength(smuggled)], method) + smuggled);
    expect(response.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(1);
    expect(response.toLowerCase()).toContain("connection: close");
    expect(/"resultCode":"(\w+)"/.exec(response)?.[1]).toBe(code);
    expect(response).not.toContain("PROCESS_FAIL");
  });
});

test("the listener accepts a body of 64 KiB and rejects a larger Content-Length", async () => {
  for (const [size, expected] of [
    [65_536, /PROCESS_FAIL/],
    [65_537, /larger than 65536 bytes/],
  ] as const) {
    const body = SAMPLE_BODY.padEnd(size);
    expect(await send(await buildRequest(body, [formatLength(body), CLOSE]))).toMatch(expected);
  }
});

describe("a chunked body", () => {
  const buildChunked = async (body: string, more: readonly Line[] = [], trailers = "") => {
    const head = formatHead(PATH, [
      ...(await createHeaders({ body })),
      ["transfer-encoding", "chunked"],
      CLOSE,
      ...more,
    ]);
    const pieces = body.match(/.{1,5000}/gs) ?? [];
    return `${head}${pieces.map((piece) => `${piece.length.toString(16)};ext="x"\r\n${piece}\r\n`).join("")}0\r\n${trailers}\r\n`;
  };

  test("of 64 KiB is accepted, and a larger body is rejected", async () => {
    expect(await send(await buildChunked(SAMPLE_BODY.padEnd(65_536)))).toMatch(/PROCESS_FAIL/);
    expect(await send(await buildChunked(SAMPLE_BODY.padEnd(65_537)))).toMatch(/larger than 65536 bytes/);
  });

  test("does not add its trailers to the headers", async () => {
    const response = await send(
      await buildChunked(SAMPLE_BODY, [["trailer", "client-id"]], "client-id: different-client\r\nsignature: x\r\n"),
    );
    expect(response).toMatch(/PROCESS_FAIL/);
    expect(response).not.toContain("different-client");
  });
});

describe("the listener", () => {
  test("sends 100 Continue to a client that expects it, and then responds", async () => {
    const response = await send(
      await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), ["expect", "100-continue"], CLOSE]),
    );
    expect(response).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*PROCESS_FAIL/s);
  });

  test("rejects a body that is too large without waiting for it if the client expects 100 Continue", async () => {
    const response = await send(
      formatHead(PATH, [...(await createHeaders()), ["content-length", "9999999"], ["expect", "100-continue"]]),
    );
    expect(response).toMatch(/HTTP\/1\.1 200 OK\r\n.*larger than 65536 bytes/s);
  });

  test("responds with 417 to an unknown Expect header", async () => {
    expect(await send(await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), ["expect", "x"], CLOSE]))).toMatch(
      /^HTTP\/1\.1 417 /,
    );
  });

  test.each(["websocket", "h2c"])("responds normally to Upgrade: %s", async (protocol) => {
    const upgrade: Line[] = [
      ["connection", "upgrade, close"],
      ["upgrade", protocol],
      ["http2-settings", "AAMAAABkAAQAAP__"],
    ];
    expect(await send(await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY), ...upgrade]))).toMatch(
      /^HTTP\/1\.1 200 OK\r\n.*PROCESS_FAIL/s,
    );
  });

  test("responds to HTTP/1.0 without Host and closes the connection", async () => {
    const request = (await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY)])).replace(
      "HTTP/1.1\r\nhost: 127.0.0.1\r\n",
      "HTTP/1.0\r\n",
    );
    expect(await send(request)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close.*PROCESS_FAIL/is);
  });

  test("responds with 400 to HTTP/2 without TLS", async () => {
    expect(await send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("the listener, after a client disconnects,", () => {
  test.each([
    "",
    SAMPLE_BODY.slice(0, 50),
  ])("rejects a read of the incomplete body, of which %j was received", async (start) => {
    const called = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const read = Promise.withResolvers<unknown>();
    const slow = createServer(
      createNodeListener(async ({ body }) => {
        called.resolve();
        await closed.promise;
        await body(9999).then(read.resolve, read.resolve);
        return { headers: {}, body: "", about: { clientId: "" } };
      }),
    );
    slow.on("request", (request) => request.once("close", () => closed.resolve()));
    slow.listen(0, "127.0.0.1");
    await once(slow, "listening");
    const socket = await openSocket(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`);
    socket.write(formatHead(PATH, [["content-length", "500"]]) + start);
    await called.promise;
    socket.resetAndDestroy();
    expect(String(await read.promise)).toBe(
      "AntomVaultError: The client closed the connection before the request was complete.",
    );
    slow.close();
  });

  test("reports no error if the request was incomplete", async () => {
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write((await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY)])).slice(0, -5));
      socket.end();
    });
    expect(testGateway.errors).toEqual([]);
  });

  test("responds to the next request", async () => {
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write(await buildRequest(SAMPLE_BODY, [formatLength(SAMPLE_BODY)]));
      socket.resetAndDestroy();
    });
    const inquiry = getSampleBody("inquireVaulting");
    const path = PATH.replace("vaultPaymentMethod", "inquireVaulting");
    const request =
      formatHead(path, [...(await createHeaders({ path, body: inquiry })), formatLength(inquiry), CLOSE]) + inquiry;
    expect(await send(request)).toMatch(/200 OK.*resultCode/s);
  });
});
