import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { formatHead, startNodeServer } from "../testing/servers/node-server.ts";
import {
  CLIENT_ID,
  createNotification,
  createSignedHeaders,
  createTestReceiver,
  expectAcknowledged,
  expectRejected,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { sendRaw } from "../testing/servers/raw-socket.ts";
import { toNodeHandler } from "./node.ts";

/** Sends a notification to the server at `baseUrl` instead of the host in its URL. */
const sendTo = async (baseUrl: string, request: Promise<Request>): Promise<Response> => {
  const { method, headers, body, url } = await request;
  const { pathname, search } = new URL(url);
  return fetch(baseUrl + pathname + search, { method, headers, body, ...(body ? { duplex: "half" } : {}) });
};

const createValidHeaders = () =>
  createSignedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED_BODY });

/** Creates the head of a valid notification with additional headers. */
const createHead = async (more: Readonly<Record<string, string>> = {}) =>
  formatHead(PATH, { ...(await createValidHeaders()), "content-length": String(VAULTED_BODY.length), ...more });

describe("toNodeHandler", () => {
  test("acknowledges a notification", async () => {
    const { receive, events } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const response = await fetch(server.baseUrl + PATH, {
      method: "POST",
      headers: await createValidHeaders(),
      body: VAULTED_BODY,
    });
    expect(response.headers.get("content-length")).toBe("80");
    await expectAcknowledged(response);
    expect(events).toMatchObject([{ outcome: "vaulted" }]);
  });

  test("accepts a chunked body and a query", async () => {
    const { receive, events } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    await expectAcknowledged(await sendTo(server.baseUrl, createNotification({ path: `${PATH}?shop=7` })));
    expect(events).toHaveLength(1);
  });

  test("accepts a body that arrives byte by byte", async () => {
    const { receive } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = await createHead({ connection: "close" });
    const response = await sendRaw(server.baseUrl, async (socket) => {
      socket.setNoDelay(true).write(head);
      for (const byte of VAULTED_BODY) {
        socket.write(byte);
        await setTimeout();
      }
    });
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(response).toContain('{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}');
  });

  test("acknowledges 15 of 20 concurrent notifications and rejects the 5 that are forged", async () => {
    const { receive, events, rejections } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const body = VAULTED_BODY.replace("123456789206", `r-${index}`);
        const forged = index % 4 === 0 ? { time: "2026-11-23T12:00:01Z" } : {};
        return (await sendTo(server.baseUrl, createNotification({ body }, forged))).status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(15);
    expect([events.length, rejections.length]).toEqual([15, 5]);
  });

  test("rejects only the forged notification among several on one connection", async () => {
    const { receive, events } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const one = (await createHead()) + VAULTED_BODY;
    const forged = one.replace("SUCCESS", "SUCCEED");
    const last = one.replace("host:", "connection: close\r\nhost:");
    const response = await sendRaw(server.baseUrl, (socket) => void socket.write(one + forged + one + last));
    expect(response.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9))).toEqual(["200", "401", "200", "200"]);
    expect(events).toHaveLength(1);
  });
});

test("toNodeHandler accepts a request target in absolute form, as proxies send it", async () => {
  const { receive, events } = createTestReceiver();
  await using server = await startNodeServer(toNodeHandler(receive));
  const head = (await createHead({ connection: "close" })).replace(PATH, `http://merchant.example${PATH}`);
  const response = await sendRaw(server.baseUrl, (socket) => void socket.write(head + VAULTED_BODY));
  expect(response).toMatch(/^HTTP\/1\.1 200 /);
  expect(events).toHaveLength(1);
});

describe("toNodeHandler rejects", () => {
  test("GET and HEAD", async () => {
    const { receive } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    await expectRejected(
      await sendTo(server.baseUrl, createNotification({ method: "GET" })),
      405,
      "METHOD_NOT_SUPPORTED",
    );
    const head = await sendTo(server.baseUrl, createNotification({ method: "HEAD" }));
    expect([head.status, await head.text()]).toEqual([405, ""]);
  });

  test.each(["TRACE", "PROPFIND", "DELETE"])("%s", async (method) => {
    const { receive, rejections } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = formatHead(PATH, { connection: "close" }).replace("POST", method);
    expect(await sendRaw(server.baseUrl, (socket) => void socket.write(head))).toMatch(/^HTTP\/1\.1 405 /);
    expect(rejections).toHaveLength(1);
  });

  test("duplicate Signature, Client-Id, and Request-Time headers", async () => {
    const { receive, events } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = await createHead({ connection: "close" });
    for (const name of ["signature", "client-id", "request-time"]) {
      const doubled = head.replace(new RegExp(`^${name}: .*\r\n`, "m"), "$&$&");
      const response = await sendRaw(server.baseUrl, (socket) => void socket.write(doubled + VAULTED_BODY));
      expect(response).toMatch(/^HTTP\/1\.1 401 /);
    }
    expect(events).toEqual([]);
  });
});

describe("toNodeHandler with a body over the limit", () => {
  test("responds with 413, closes the connection, and keeps the server running", async () => {
    const { receive, rejections } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = await createHead({ "content-length": "10000000" });
    for (let index = 0; index < 20; index++) {
      const response = await sendRaw(server.baseUrl, (socket) => {
        socket.write(head);
        socket.write(VAULTED_BODY.padEnd(10_000_000));
      });
      expect(response).toMatch(/^HTTP\/1\.1 413 /);
      expect(response.toLowerCase()).toContain("connection: close");
    }
    expect(rejections).toHaveLength(20);
    await expectAcknowledged(await sendTo(server.baseUrl, createNotification()));
  });

  test("responds with 413 to a body that never ends", async () => {
    const { receive } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    let written = 0;
    const response = await sendRaw(server.baseUrl, async (socket) => {
      socket.write(formatHead(PATH, { ...(await createValidHeaders()), "transfer-encoding": "chunked" }));
      while (!socket.destroyed && written < 500e6) {
        written += 0x10000;
        if (!socket.write(`10000\r\n${"x".repeat(0x10000)}\r\n`)) await setTimeout(1);
      }
    });
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(written).toBeLessThan(500e6);
    await expectAcknowledged(await sendTo(server.baseUrl, createNotification()));
  });
});

describe("toNodeHandler, if the sender disconnects", () => {
  test("during the body, sends no response and keeps the server running", async () => {
    const { receive, events, rejections } = createTestReceiver();
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = await createHead();
    const response = await sendRaw(server.baseUrl, async (socket) => {
      socket.write(head + VAULTED_BODY.slice(0, 50));
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    expect(response).toBe("");
    await expectAcknowledged(await sendTo(server.baseUrl, createNotification()));
    expect([events.length, rejections.length]).toEqual([1, 0]);
  });

  test("while the handler runs, acknowledges the next notification", async () => {
    const gate = Promise.withResolvers<void>();
    const { receive } = createTestReceiver({ onVaulting: () => gate.promise });
    await using server = await startNodeServer(toNodeHandler(receive));
    const head = await createHead();
    await sendRaw(server.baseUrl, async (socket) => {
      socket.write(head + VAULTED_BODY);
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    gate.resolve();
    await expectAcknowledged(await sendTo(server.baseUrl, createNotification()));
  });
});
