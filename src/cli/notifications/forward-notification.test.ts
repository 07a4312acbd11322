import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { startNodeServer } from "../../testing/servers/node-server.ts";
import { forwardNotification, getForwardPath, parseForwardUrl } from "./forward-notification.ts";

const ACKNOWLEDGEMENT = '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}';
const BODY = new TextEncoder().encode('{"a": 1 }\n');
const headers = new Headers({
  "client-id": "SANDBOX_A",
  "request-time": "2026-12-01T00:00:00Z",
  signature: "algorithm=RSA256,keyVersion=1,signature=a%2Bb",
  "content-type": "application/json; charset=UTF-8",
  cookie: "a=b",
});

/** Forwards a notification to a server with this listener, at the path `/hook`. */
async function forwardTo(listener: RequestListener, path = "/hook", timeoutMs?: number) {
  await using server = await startNodeServer(listener);
  const target = new URL(`${server.baseUrl}/hook`);
  const { response, forwarded } = await forwardNotification(target, { path, headers, body: BODY }, timeoutMs);
  return { response, text: await response.text(), forwarded };
}

const respond =
  (status: number, body = "", responseHeaders: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json", ...responseHeaders }).end(body);

describe("forwardNotification", () => {
  test("sends the exact bytes and only the headers that the signature needs, and returns the response unchanged", async () => {
    let received: Pick<IncomingMessage, "method" | "url" | "rawHeaders"> | undefined;
    let bytes: Uint8Array | undefined;
    const { response, text, forwarded } = await forwardTo(async (request, reply) => {
      received = request;
      bytes = await buffer(request);
      reply.writeHead(200, { "content-type": "application/json", "x-handler": "mine", "set-cookie": ["a=1", "b=2"] });
      reply.end(ACKNOWLEDGEMENT);
    });
    expect(received).toMatchObject({ method: "POST", url: "/hook" });
    expect(new Uint8Array(bytes ?? [])).toEqual(BODY);
    const names = (received?.rawHeaders ?? []).filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.sort()).toEqual(
      ["client-id", "connection", "content-length", "content-type", "host", "request-time", "signature"].sort(),
    );
    expect(received?.rawHeaders).toContain("algorithm=RSA256,keyVersion=1,signature=a%2Bb");
    expect({ status: response.status, text }).toEqual({ status: 200, text: ACKNOWLEDGEMENT });
    expect(response.headers.get("x-handler")).toBe("mine");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(forwarded).toMatchObject({ status: 200, acknowledged: true });
    expect(forwarded).not.toHaveProperty("problem");
  });

  test.each<[string, RequestListener, number, RegExp]>([
    ["a redirect", respond(307, "", { location: "http://127.0.0.1:1/" }), 307, /^Redirects are not followed/],
    ["an error", respond(500, "TypeError: x\n  at y"), 500, /^Body: TypeError: x at y$/],
    ["an error without a body", respond(503), 503, /^Return status 200\.$/],
    ["an error with a card number, which is masked", respond(400, "card 4054695723100768"), 400, /\*{12}0768/],
    ["a body that is not JSON", respond(200, "OK"), 200, /^The body is not JSON/],
    [
      "a different media type",
      respond(200, ACKNOWLEDGEMENT, { "content-type": "text/html" }),
      200,
      /^The Content-Type/,
    ],
    ["a different result", respond(200, '{"result":{}}'), 200, /^The body is not the acknowledgement: .*resultCode/],
    ["a large body", respond(200, "x".repeat(70_000)), 502, /^The response is larger than 64 KiB/],
    ["no response", (request) => request.socket.destroy(), 502, /^The server closed the connection/],
  ])("says why the notification is not acknowledged if the endpoint returns %s", async (_, listener, status, problem) => {
    const { response, forwarded } = await forwardTo(listener);
    expect(response.status).toBe(status);
    expect(forwarded).toMatchObject({ acknowledged: false, problem: expect.stringMatching(problem) });
    expect(forwarded.problem).not.toContain("4054695723100768");
  });

  test("says which path the receiver must verify if it rejects a notification that was signed for a different path", async () => {
    const { forwarded } = await forwardTo(respond(401), "/antom/notifications");
    expect(forwarded.problem).toContain("covers the path /antom/notifications. Set your receiver's `path` option");
    expect((await forwardTo(respond(401))).forwarded.problem).toBe("Return status 200.");
  });

  test("times out if the endpoint does not respond, or never ends its response", async () => {
    for (const listener of [
      () => {},
      (_request: unknown, reply: Parameters<RequestListener>[1]) => void reply.write("x"),
    ]) {
      const { response, forwarded } = await forwardTo(listener, "/hook", 50);
      expect(response.status).toBe(502);
      expect(forwarded.problem).toMatch(/^The server did not respond within 0\.05 s/);
    }
  });

  test("says what to do if no server is listening", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const request = { path: "/n", headers, body: BODY };
    const { response, forwarded } = await forwardNotification(new URL(`http://127.0.0.1:${port}/`), request);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("Start your server");
    expect(forwarded).toMatchObject({ url: `http://127.0.0.1:${port}/n`, acknowledged: false });
    expect(forwarded.problem).toBe(
      "No server is listening at this URL. Start your server. The gateway resends the notification.",
    );
  });
});

describe("parseForwardUrl", () => {
  test.each([
    ["localhost:3000/hook"],
    ["ftp://127.0.0.1/"],
    ["http://user:secret@127.0.0.1/"],
    [""],
  ])("rejects %j", (text) => {
    expect(() => parseForwardUrl(text)).toThrow(/^--forward-to must be a URL(?!.*secret)/);
  });
});

test.each([
  ["http://localhost:3000/hook?a=1", "/hook?a=1"],
  ["http://localhost:3000", undefined],
  ["http://localhost:3000/", undefined],
])("getForwardPath for %s returns %s", (text, path) => {
  expect(getForwardPath(parseForwardUrl(text))).toBe(path);
});
