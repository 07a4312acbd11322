/** Tests the Node adapter with HTTP/2 over real sockets. */
import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import Fastify from "fastify";
import { describe, expect, test } from "vitest";
import {
  CLIENT_ID,
  createSignedHeaders,
  createTestReceiver,
  expectAcknowledged,
  expectRejected,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { type NodeRequest, toNodeHandler } from "./node.ts";

const HEADERS = await createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED_BODY });

function openSession(baseUrl: string): ClientHttp2Session {
  const session = connect(baseUrl);
  session.on("error", () => {});
  return session;
}

/** Starts a server and opens a session with it. */
async function startServer(handler: Parameters<typeof createServer>[1]) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = openSession(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    session,
    [Symbol.asyncDispose]: async () => {
      session.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const openStream = (session: ClientHttp2Session, changes: Readonly<Record<string, string>> = {}) =>
  session.request({ ":method": "POST", ":path": PATH, ...HEADERS, ...changes });

async function send(session: ClientHttp2Session, body = VAULTED_BODY, changes: Readonly<Record<string, string>> = {}) {
  const stream = openStream(session, changes);
  stream.end(body);
  const [headers] = await once(stream, "response");
  const status = Number(headers[constants.HTTP2_HEADER_STATUS]);
  const entries = Object.entries(headers).filter(([name]) => !name.startsWith(":"));
  return new Response(await text(stream), { status, headers: entries.map(([name, value]) => [name, String(value)]) });
}

describe("toNodeHandler with HTTP/2", () => {
  test("acknowledges a notification", async () => {
    const { receive, events } = createTestReceiver();
    await using server = await startServer(toNodeHandler(receive));
    await expectAcknowledged(await send(server.session));
    expect(events).toMatchObject([{ outcome: "vaulted" }]);
  });

  test("acknowledges 15 of 20 concurrent notifications and rejects the 5 that are forged", async () => {
    const { receive, rejections } = createTestReceiver();
    await using server = await startServer(toNodeHandler(receive));
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => send(server.session, index % 4 === 0 ? "{}" : VAULTED_BODY)),
    );
    expect(responses.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(15);
    expect(rejections).toHaveLength(5);
  });

  test("rejects the method PUT", async () => {
    const { receive } = createTestReceiver();
    await using server = await startServer(toNodeHandler(receive));
    await expectRejected(await send(server.session, "", { ":method": "PUT" }), 405, "METHOD_NOT_SUPPORTED");
  });

  test("responds with 413 to a body over the limit, and keeps the connection open", async () => {
    const { receive } = createTestReceiver();
    await using server = await startServer(toNodeHandler(receive));
    for (let index = 0; index < 5; index++) {
      const stream = openStream(server.session);
      stream.on("error", () => {});
      stream.write(VAULTED_BODY.padEnd(1_000_000));
      const [headers] = await once(stream, "response");
      expect(headers).toMatchObject({ ":status": 413 });
      expect(headers).not.toHaveProperty("connection");
      await expect.poll(() => stream.closed).toBe(true);
      stream.destroy();
    }
    await expectAcknowledged(await send(server.session));
  });

  test("reports nothing if the sender cancels the stream during the body, and acknowledges the next notification", async () => {
    const { receive, events, rejections } = createTestReceiver();
    await using server = await startServer(toNodeHandler(receive));
    const stream = openStream(server.session);
    stream.on("error", () => {});
    stream.write(VAULTED_BODY.slice(0, 50));
    await setTimeout(20);
    stream.destroy(new Error("cancelled"));
    await setTimeout(20);
    await expectAcknowledged(await send(server.session));
    expect([events.length, rejections]).toEqual([1, []]);
  });

  test("acknowledges the next notification if the sender cancels the stream while the handler runs", async () => {
    const gate = Promise.withResolvers<void>();
    const { receive } = createTestReceiver({ onVaulting: () => gate.promise });
    await using server = await startServer(toNodeHandler(receive));
    const stream = openStream(server.session);
    stream.end(VAULTED_BODY);
    await setTimeout(20);
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, "close");
    gate.resolve();
    await expectAcknowledged(await send(server.session));
  });

  test("responds with 500 to a request that it cannot read, and reports the error", async () => {
    const { receive, rejections } = createTestReceiver();
    const handle = toNodeHandler(receive);
    await using server = await startServer((request, response) => {
      Object.defineProperty(request, "headers", { value: { "not a name": "x" } });
      void handle(request, response);
    });
    await expectRejected(await send(server.session), 500, "PROCESS_FAIL");
    expect(rejections).toMatchObject([
      { message: "The notification could not be read.", cause: { name: "TypeError" } },
    ]);
  });

  test("acknowledges a notification in Fastify", async () => {
    const { receive } = createTestReceiver();
    const handle = toNodeHandler(receive);
    const app = Fastify({ http2: true });
    app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    app.post(PATH, (request, reply) => handle(request, reply));
    const session = openSession(await app.listen({ port: 0, host: "127.0.0.1" }));
    try {
      await expectAcknowledged(await send(session));
    } finally {
      session.destroy();
      await app.close();
    }
  });
});

test("toNodeHandler responds with 500 to a body that middleware decoded to text", async () => {
  const { receive, rejections } = createTestReceiver();
  const handle = toNodeHandler(receive);
  await using server = await startServer((request, response) => {
    request.setEncoding("utf8");
    const decoded: NodeRequest = request;
    void handle(decoded, response);
  });
  await expectRejected(await send(server.session), 500, "PROCESS_FAIL");
  expect(rejections).toMatchObject([{ cause: { name: "TypeError" } }]);
});
