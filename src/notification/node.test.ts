import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { headOf, rawExchange, serving } from "../testing/servers/node-server.ts";
import {
  CLIENT_ID,
  expectAcknowledged,
  expectRefused,
  notification,
  PATH,
  receiving,
  signedHeaders,
  TIME,
  VAULTED,
} from "../testing/servers/notification-receiver.ts";
import { toNodeHandler } from "./node.ts";

/** Sends what `notification` makes to another host. */
const sendTo = async (baseUrl: string, request: Promise<Request>): Promise<Response> => {
  const { method, headers, body, url } = await request;
  const { pathname, search } = new URL(url);
  return fetch(baseUrl + pathname + search, { method, headers, body, ...(body ? { duplex: "half" } : {}) });
};

const right = () => signedHeaders({ path: PATH, clientId: CLIENT_ID, time: TIME, body: VAULTED });

describe("over a real socket", () => {
  test("a notification is handed over and acknowledged", async () => {
    const { receive, events } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const answer = await fetch(server.baseUrl + PATH, { method: "POST", headers: await right(), body: VAULTED });
    expect(answer.headers.get("content-length")).toBe("80");
    await expectAcknowledged(answer);
    expect(events).toMatchObject([{ outcome: "vaulted" }]);
  });

  test("chunked, and with a query string", async () => {
    const { receive, events } = receiving();
    await using server = await serving(toNodeHandler(receive));
    await expectAcknowledged(await sendTo(server.baseUrl, notification({ path: `${PATH}?shop=7` })));
    expect(events).toHaveLength(1);
  });

  test("byte by byte", async () => {
    const { receive } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const headers = { ...(await right()), "content-length": String(VAULTED.length), connection: "close" };
    const answer = await rawExchange(server.port, async (socket) => {
      socket.setNoDelay(true).write(headOf(PATH, headers));
      for (const byte of VAULTED) {
        socket.write(byte);
        await setTimeout();
      }
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}');
  });

  test("20 at once, of which 5 are forged", async () => {
    const { receive, events, refused } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const body = VAULTED.replace("123456789206", `r-${at}`);
        const forged = at % 4 === 0 ? { time: "2026-11-23T12:00:01Z" } : {};
        return (await sendTo(server.baseUrl, notification({ body }, forged))).status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(15);
    expect([events.length, refused.length]).toEqual([15, 5]);
  });

  test("several on one connection, a refused one among them", async () => {
    const { receive, events } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const one = headOf(PATH, { ...(await right()), "content-length": String(VAULTED.length) }) + VAULTED;
    const forged = one.replace("SUCCESS", "SUCCEED");
    const last = one.replace("host:", "connection: close\r\nhost:");
    const answer = await rawExchange(server.port, (socket) => void socket.write(one + forged + one + last));
    expect(answer.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9))).toEqual(["200", "401", "200", "200"]);
    expect(events).toHaveLength(1);
  });
});

describe("what is no notification", () => {
  test("GET and HEAD", async () => {
    const { receive } = receiving();
    await using server = await serving(toNodeHandler(receive));
    await expectRefused(await sendTo(server.baseUrl, notification({ method: "GET" })), 405, "METHOD_NOT_SUPPORTED");
    const head = await sendTo(server.baseUrl, notification({ method: "HEAD" }));
    expect([head.status, await head.text()]).toEqual([405, ""]);
  });

  test.each(["TRACE", "PROPFIND", "DELETE"])("%s", async (method) => {
    const { receive, refused } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const head = headOf(PATH, { connection: "close" }).replace("POST", method);
    expect(await rawExchange(server.port, (socket) => void socket.write(head))).toMatch(/^HTTP\/1\.1 405 /);
    expect(refused).toHaveLength(1);
  });

  test("a Signature, a Client-Id or a Request-Time in two lines", async () => {
    const { receive, events } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const headers = { ...(await right()), "content-length": String(VAULTED.length), connection: "close" };
    const head = headOf(PATH, headers);
    for (const name of ["signature", "client-id", "request-time"]) {
      const doubled = head.replace(new RegExp(`^${name}: .*\r\n`, "m"), "$&$&");
      const answer = await rawExchange(server.port, (socket) => void socket.write(doubled + VAULTED));
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    }
    expect(events).toEqual([]);
  });
});

describe("a body over the limit", () => {
  test("gets its 413, the connection closes, the server lives on", async () => {
    const { receive, refused } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const headers = { ...(await right()), "content-length": "10000000" };
    for (let at = 0; at < 20; at++) {
      const answer = await rawExchange(server.port, (socket) => {
        socket.write(headOf(PATH, headers));
        socket.write(VAULTED.padEnd(10_000_000));
      });
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer.toLowerCase()).toContain("connection: close");
    }
    expect(refused).toHaveLength(20);
    await expectAcknowledged(await sendTo(server.baseUrl, notification()));
  });

  test("that never ends, neither", async () => {
    const { receive } = receiving();
    await using server = await serving(toNodeHandler(receive));
    let written = 0;
    const answer = await rawExchange(server.port, async (socket) => {
      socket.write(headOf(PATH, { ...(await right()), "transfer-encoding": "chunked" }));
      while (!socket.destroyed && written < 500e6) {
        written += 0x10000;
        if (!socket.write(`10000\r\n${"x".repeat(0x10000)}\r\n`)) await setTimeout(1);
      }
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(written).toBeLessThan(500e6);
    await expectAcknowledged(await sendTo(server.baseUrl, notification()));
  });
});

describe("a sender that goes away", () => {
  test("in the middle of the body: nothing is told to it, the server lives on", async () => {
    const { receive, events, refused } = receiving();
    await using server = await serving(toNodeHandler(receive));
    const head = headOf(PATH, { ...(await right()), "content-length": String(VAULTED.length) });
    const answer = await rawExchange(server.port, async (socket) => {
      socket.write(head + VAULTED.slice(0, 50));
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    expect(answer).toBe("");
    await expectAcknowledged(await sendTo(server.baseUrl, notification()));
    expect([events.length, refused.length]).toEqual([1, 0]);
  });

  test("while the handler is at work: its result is kept, the next one is acknowledged", async () => {
    const gate = Promise.withResolvers<void>();
    const { receive } = receiving({ onVaulting: () => gate.promise });
    await using server = await serving(toNodeHandler(receive));
    const head = headOf(PATH, { ...(await right()), "content-length": String(VAULTED.length) });
    await rawExchange(server.port, async (socket) => {
      socket.write(head + VAULTED);
      await setTimeout(20);
      socket.resetAndDestroy();
    });
    gate.resolve();
    await expectAcknowledged(await sendTo(server.baseUrl, notification()));
  });
});
