import { expect, test } from "vitest";
import { startNodeServer } from "../../testing/servers/node-server.ts";
import { fetchResponse } from "./send-request.ts";

const request = {
  method: "POST",
  path: "/x?y",
  bytes: new TextEncoder().encode("{}"),
  expect: "accepted",
  isBodyRead: true,
  reusesId: false,
} as const;

test("fetchResponse sends the lines of a header separately, and returns the response", async () => {
  let received: readonly string[] = [];
  await using server = await startNodeServer((incoming, response) => {
    received = incoming.rawHeaders;
    response.writeHead(307, { location: "/elsewhere", "x-two": ["a", "b"] }).end(`${incoming.method} ${incoming.url}`);
  });
  const response = await fetchResponse({
    ...request,
    baseUrl: server.baseUrl,
    headers: new Headers({ "client-id": "c", "content-type": "a, b" }),
    headerLines: { "content-type": ["a", "b"] },
  });
  const pairs = received.flatMap((name, index) => (index % 2 === 0 ? [[name, received[index + 1]]] : []));
  expect(pairs).toEqual(
    expect.arrayContaining([
      ["client-id", "c"],
      ["content-type", "a"],
      ["content-type", "b"],
      ["content-length", "2"],
    ]),
  );
  expect(pairs).not.toContainEqual(["content-type", "a, b"]);
  expect(response.status).toBe(307);
  expect(response.headers.get("x-two")).toBe("a, b");
  expect(new TextDecoder().decode(response.bytes)).toBe("POST /x?y");
});

test("fetchResponse sends a request again if the target closes a reused connection", async () => {
  const used = new WeakSet<object>();
  let closed = 0;
  await using server = await startNodeServer((incoming, response) => {
    const { socket } = incoming;
    if (used.has(socket)) {
      closed += 1;
      socket.destroy();
    } else response.end("{}");
    used.add(socket);
  });
  const sent = { ...request, baseUrl: server.baseUrl, headers: new Headers() };
  for (let call = 0; call < 2; call++) expect((await fetchResponse(sent)).status).toBe(200);
  expect(closed).toBe(1);
});

test("fetchResponse rejects if the target closes every connection", async () => {
  await using server = await startNodeServer((incoming) => incoming.socket.destroy());
  const sent = { ...request, baseUrl: server.baseUrl, headers: new Headers() };
  await expect(fetchResponse(sent)).rejects.toThrow("No response: connection failed.");
});

test("fetchResponse rejects if the target does not accept the connection", async () => {
  const sent = {
    ...request,
    baseUrl: "http://127.0.0.1:9",
    headers: new Headers(),
    headerLines: { "x-two": ["a", "b"] },
  };
  await expect(fetchResponse(sent)).rejects.toThrow("No response: connection failed.");
});

test("fetchResponse sends a split body in 2 parts, the first of which ends within a character", async () => {
  const parts: Buffer[] = [];
  await using server = await startNodeServer(async (incoming, response) => {
    for await (const part of incoming) parts.push(part);
    response.end();
  });
  const bytes = new TextEncoder().encode('{"name":"Zo\u00eb"}');
  await fetchResponse({ ...request, bytes, isSplit: true, baseUrl: server.baseUrl, headers: new Headers() });
  expect(parts).toHaveLength(2);
  expect(parts[0]?.at(-1)).toBe(0xc3);
  expect(Buffer.concat(parts)).toEqual(Buffer.from(bytes));
});

test("fetchResponse returns a response that arrives before the second part of the body is sent", async () => {
  await using server = await startNodeServer((_, response) => response.writeHead(307).end("early"));
  const sent = { ...request, baseUrl: server.baseUrl, headers: new Headers(), isSplit: true };
  const { status, bytes } = await fetchResponse(sent);
  expect([status, new TextDecoder().decode(bytes)]).toEqual([307, "early"]);
});

test("fetchResponse rejects if the connection fails between the parts of the body", async () => {
  await using server = await startNodeServer((incoming) => incoming.socket.destroy());
  const sent = { ...request, baseUrl: server.baseUrl, headers: new Headers(), isSplit: true };
  await expect(fetchResponse(sent)).rejects.toThrow("No response: connection failed.");
});
