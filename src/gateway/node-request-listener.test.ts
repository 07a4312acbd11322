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

let opened: ReturnType<typeof createTestGateway>;
let server: HttpServer;
beforeEach(async () => {
  opened = createTestGateway({ handle: async (call) => createResponseBody(call) });
  server = await startHttpServer({ answer: opened.gateway.answer });
});
afterEach(() => server.close(0));

type Line = readonly [string, string];
const CLOSE: Line = ["connection", "close"];

const exchange = (text: string) => sendRaw(server.baseUrl, (socket) => void socket.write(text));
const requestWith = async (body: string, more: readonly Line[], target = PATH, method = "POST") =>
  formatHead(target, [...(await createHeaders({ body })), ...more], method) + body;
const lengthOf = (body: string): Line => ["content-length", String(Buffer.byteLength(body))];
const idsIn = (text: string) => [...text.matchAll(/"vaultingRequestId":"([^"]*)"/g)].map(([, id]) => id);

describe("the request's target", () => {
  test.each([
    `http://gateway.example${PATH}`,
    `HTTPS://x:1${PATH}`,
  ])("%s: its path is what was signed", async (target) => {
    expect(await exchange(await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), CLOSE], target))).toMatch(
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
  ])("%s: 400 and close", async (target) => {
    expect(await exchange(await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY)], target, "OPTIONS"))).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  test("a host alone means its root", async () => {
    const request = await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), CLOSE], "http://gateway.example");
    expect(await exchange(request)).toMatch(/200 OK.*NO_INTERFACE_DEF/s);
  });

  test("CONNECT makes no tunnel", async () => {
    expect(await exchange("CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: x\r\n\r\n")).not.toMatch(/ 2\d\d /);
  });
});

describe("one connection", () => {
  test("200 requests in one write are answered in their order", async () => {
    const ids = Array.from({ length: 200 }, (_, number) => `pipelined-${number}`);
    const requests = await Promise.all(
      ids.map((id, number) => {
        const body = JSON.stringify({ ...JSON.parse(SAMPLE_BODY), vaultingRequestId: id });
        return requestWith(body, [lengthOf(body), ...(number === 199 ? [CLOSE] : [])]);
      }),
    );
    expect(idsIn(await exchange(requests.join("")))).toEqual(ids);
  });

  test("what stands behind a body that is too large is not read as a request", async () => {
    const smuggled = await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY)]);
    const large = " ".repeat(65_537) + smuggled;
    const answer = await exchange((await requestWith(large, [lengthOf(large)])) + smuggled);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer).toMatch(/connection: close.*larger than 65536 bytes/is);
  });

  test.each([
    ["of a path that leads nowhere", "POST", "/nowhere", "NO_INTERFACE_DEF"],
    ["of another method", "PUT", PATH, "METHOD_NOT_SUPPORTED"],
    ["of HEAD", "HEAD", PATH, undefined],
  ])("nor is the body %s, at which nobody looked: the connection ends with the answer", async (_, method, path, code) => {
    const smuggled = await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), CLOSE]);
    const answer = await exchange(formatHead(path, [lengthOf(smuggled)], method) + smuggled);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(1);
    expect(answer.toLowerCase()).toContain("connection: close");
    expect(/"resultCode":"(\w+)"/.exec(answer)?.[1]).toBe(code);
    expect(answer).not.toContain("PROCESS_FAIL");
  });
});

test("a body of 64 KiB that tells its length is read, one of a byte more is not", async () => {
  for (const [size, told] of [
    [65_536, /PROCESS_FAIL/],
    [65_537, /larger than 65536 bytes/],
  ] as const) {
    const body = SAMPLE_BODY.padEnd(size);
    expect(await exchange(await requestWith(body, [lengthOf(body), CLOSE]))).toMatch(told);
  }
});

describe("a chunked body", () => {
  const chunked = async (body: string, more: readonly Line[] = [], trailers = "") => {
    const head = formatHead(PATH, [
      ...(await createHeaders({ body })),
      ["transfer-encoding", "chunked"],
      CLOSE,
      ...more,
    ]);
    const pieces = body.match(/.{1,5000}/gs) ?? [];
    return `${head}${pieces.map((piece) => `${piece.length.toString(16)};ext="x"\r\n${piece}\r\n`).join("")}0\r\n${trailers}\r\n`;
  };

  test("of 64 KiB is read, of one byte more refused", async () => {
    expect(await exchange(await chunked(SAMPLE_BODY.padEnd(65_536)))).toMatch(/PROCESS_FAIL/);
    expect(await exchange(await chunked(SAMPLE_BODY.padEnd(65_537)))).toMatch(/larger than 65536 bytes/);
  });

  test("brings no headers behind itself", async () => {
    const answer = await exchange(
      await chunked(SAMPLE_BODY, [["trailer", "client-id"]], "client-id: somebody-else\r\nsignature: x\r\n"),
    );
    expect(answer).toMatch(/PROCESS_FAIL/);
    expect(answer).not.toContain("somebody-else");
  });
});

describe("what HTTP offers beside", () => {
  test("Expect: 100-continue", async () => {
    const answer = await exchange(
      await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), ["expect", "100-continue"], CLOSE]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*PROCESS_FAIL/s);
  });

  test("Expect: 100-continue before a body that is too large: refused without waiting for it", async () => {
    const answer = await exchange(
      formatHead(PATH, [...(await createHeaders()), ["content-length", "9999999"], ["expect", "100-continue"]]),
    );
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n.*larger than 65536 bytes/s);
  });

  test("Expect: anything else", async () => {
    expect(await exchange(await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), ["expect", "x"], CLOSE]))).toMatch(
      /^HTTP\/1\.1 417 /,
    );
  });

  test.each(["websocket", "h2c"])("Upgrade: %s changes nothing", async (protocol) => {
    const upgrade: Line[] = [
      ["connection", "upgrade, close"],
      ["upgrade", protocol],
      ["http2-settings", "AAMAAABkAAQAAP__"],
    ];
    expect(await exchange(await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY), ...upgrade]))).toMatch(
      /^HTTP\/1\.1 200 OK\r\n.*PROCESS_FAIL/s,
    );
  });

  test("HTTP/1.0, without Host and without keep-alive", async () => {
    const request = (await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY)])).replace(
      "HTTP/1.1\r\nhost: gateway.example\r\n",
      "HTTP/1.0\r\n",
    );
    expect(await exchange(request)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close.*PROCESS_FAIL/is);
  });

  test("HTTP/2 without TLS is refused", async () => {
    expect(await exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("a body that breaks off", () => {
  test.each([
    "",
    SAMPLE_BODY.slice(0, 50),
  ])("before anybody reads it, after %j: whoever asks for it later is told", async (begun) => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const read = Promise.withResolvers<unknown>();
    const slow = createServer(
      createNodeListener(async ({ body }) => {
        asked.resolve();
        await gone.promise;
        await body(9999).then(read.resolve, read.resolve);
        return { headers: {}, body: "", about: { clientId: "" } };
      }),
    );
    slow.on("request", (request) => request.once("close", () => gone.resolve()));
    slow.listen(0, "127.0.0.1");
    await once(slow, "listening");
    const socket = await openSocket(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`);
    socket.write(formatHead(PATH, [["content-length", "500"]]) + begun);
    await asked.promise;
    socket.resetAndDestroy();
    expect(String(await read.promise)).toBe("Error: The request broke off.");
    slow.close();
  });

  test("after its last byte, before the answer: what was handed on is done once, and the next caller is served", async () => {
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write(await requestWith(SAMPLE_BODY, [lengthOf(SAMPLE_BODY)]));
      socket.resetAndDestroy();
    });
    const inquiry = getSampleBody("inquireVaulting");
    const path = PATH.replace("vaultPaymentMethod", "inquireVaulting");
    const request =
      formatHead(path, [...(await createHeaders({ path, body: inquiry })), lengthOf(inquiry), CLOSE]) + inquiry;
    expect(await exchange(request)).toMatch(/200 OK.*resultCode/s);
  });
});
