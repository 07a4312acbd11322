import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestCallLog, toCompletedCall } from "../../testing/sandbox/call-log.ts";
import { CARD, callDirectly, createId, createVaultRequest, startListener } from "../../testing/sandbox/sandbox.ts";
import type { LoggedCall } from "../call-log/call-log.ts";
import { createEvent, createEvents } from "../call-log/events.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { openEventStream } from "./event-stream.ts";

interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Subscriber extends AsyncDisposable {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly events: ReceivedEvent[];
  /** Returns the raw text that the stream has sent. */
  readonly text: () => string;
  /** Resolves when a matching event arrives. */
  readonly waitFor: (matches: (event: ReceivedEvent) => boolean) => Promise<ReceivedEvent>;
  /** Resolves when the sandbox ends the stream. */
  readonly ended: Promise<unknown>;
}

/** Subscribes to the events as a browser's EventSource does. */
async function subscribe(baseUrl: string, headers: Readonly<Record<string, string>> = {}): Promise<Subscriber> {
  const outgoing = request(`${baseUrl}/_sandbox/events`, { headers }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const events: ReceivedEvent[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  let read = 0;
  response.on("error", () => {});
  response.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf("\n\n", read); end >= 0; end = text.indexOf("\n\n", read)) {
      const fields = new Map(
        text
          .slice(read, end)
          .split("\n")
          .map((line) => line.split(/: (.*)/s, 2) as [string, string]),
      );
      read = end + 2;
      const event = fields.get("event");
      if (event === undefined) continue;
      events.push({
        event,
        id: fields.get("id"),
        data: JSON.parse(fields.get("data") ?? "null") as ReceivedEvent["data"],
      });
    }
    for (const check of waiting) check();
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    text: () => text,
    waitFor: (matches) =>
      new Promise((resolve) => {
        const check = () => {
          const found = events.find(matches);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    ended: new Promise((resolve) => response.once("close", resolve)),
    [Symbol.asyncDispose]: async () => {
      outgoing.destroy();
    },
  };
}

const isEvent = (kind: string, id?: string) => (event: ReceivedEvent) =>
  event.event === kind && (id === undefined || event.data["vaultingRequestId"] === id);

describe("the event stream", () => {
  let sandbox: RunningSandbox;
  let baseUrl: string;
  beforeAll(async () => {
    sandbox = await startSandbox();
    ({ baseUrl } = sandbox.credentials);
  });
  afterAll(() => sandbox.close(0));

  const vault = async (cardNo: string, url?: string): Promise<string> => {
    const id = createId();
    await callDirectly(
      sandbox.credentials,
      "vaultPaymentMethod",
      createVaultRequest({ id, cardNo, ...(url ? { url } : {}) }),
    );
    return id;
  };

  test("reports calls, vaultings, notifications, clock changes, and resets, and sends no data except IDs and sequence numbers", async () => {
    await using subscriber = await subscribe(baseUrl);
    await using listener = await startListener(sandbox.credentials);
    expect(subscriber.status).toBe(200);
    expect(subscriber.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    const { clientId } = sandbox.credentials;
    const id = await vault(CARD.vaults, listener.url);
    const ids = { clientId, vaultingRequestId: id };
    expect((await subscriber.waitFor(isEvent("vaulting", id))).data).toEqual({ kind: "vaulting", ...ids });
    const call = await subscriber.waitFor(isEvent("call", id));
    expect(call.data).toEqual({ kind: "call", sequence: expect.any(Number), ...ids });
    expect(call.id).toMatch(new RegExp(`^\\w+-${call.data["sequence"]}$`));
    expect((await subscriber.waitFor(isEvent("notification", id))).data).toEqual({
      kind: "notification",
      sequence: expect.any(Number),
      ...ids,
    });
    await sandbox.clock.advance(1);
    expect(await subscriber.waitFor(isEvent("clock"))).toEqual({
      event: "clock",
      id: undefined,
      data: { kind: "clock" },
    });
    await sandbox.reset();
    expect((await subscriber.waitFor(isEvent("reset"))).data).toEqual({ kind: "reset" });
    expect(subscriber.text()).not.toMatch(/4054695|0768|"123"|ALIPAY/);
  });

  test("reports an invalid signature when it is rejected and again when its cause is found", async () => {
    await using subscriber = await subscribe(baseUrl);
    const { clientId, merchantPrivateKey } = sandbox.credentials;
    const { formatSignatureHeader, importPrivateKey, sign } = await import("../../signature/index.ts");
    const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
    const time = new Date().toISOString();
    const body = JSON.stringify(createVaultRequest(), null, 2);
    const signed = { path, clientId, time, body: body.replaceAll("\n", "\r\n") };
    const signature = formatSignatureHeader(await sign(signed, await importPrivateKey(merchantPrivateKey)), 1);
    const headers = { "content-type": "application/json", "client-id": clientId, "request-time": time, signature };
    await fetch(baseUrl + path, { method: "POST", headers, body });
    const first = await subscriber.waitFor(isEvent("call"));
    await subscriber.waitFor((event) => event !== first && event.id === first.id);
    expect(await sandbox.calls({ limit: 1 })).toMatchObject([
      {
        resultCode: "INVALID_SIGNATURE",
        requestTime: time,
        note: expect.stringContaining("CRLF"),
        request: expect.stringContaining('\n      "cvv": "***"'),
        rejectedSignature: { signedString: expect.stringContaining('\r\n      "cvv": "***"') },
      },
    ]);
  });

  test("sends missed calls to a subscriber that reconnects", async () => {
    await using before = await subscribe(baseUrl);
    const seen = await vault(CARD.vaults);
    const { id = "" } = await before.waitFor(isEvent("call", seen));
    await before[Symbol.asyncDispose]();
    const missed = [await vault(CARD.fails), await vault(CARD.challenges)];
    await using after = await subscribe(baseUrl, { "last-event-id": id });
    await after.waitFor(isEvent("call", missed[1]));
    expect(after.events.map(({ event, data }) => [event, data["vaultingRequestId"]])).toEqual(
      missed.map((missedId) => ["call", missedId]),
    );
  });

  test.each([
    "other-1",
    "x",
    "-1",
    "a-999999999999999",
    "\u00e9",
  ])("sends a missed event for the unknown Last-Event-ID %j", async (id) => {
    await using subscriber = await subscribe(baseUrl, { "last-event-id": Buffer.from(id).toString("latin1") });
    const next = await vault(CARD.vaults);
    await subscriber.waitFor(isEvent("call", next));
    expect(subscriber.events.filter(isEvent("missed"))).toHaveLength(1);
  });

  test("sends no missed event if the Last-Event-ID is empty", async () => {
    await using subscriber = await subscribe(baseUrl, { "last-event-id": "" });
    const next = await vault(CARD.vaults);
    await subscriber.waitFor(isEvent("call", next));
    expect(subscriber.events.filter(isEvent("missed"))).toEqual([]);
  });

  test("accepts 50 subscribers and rejects more until one disconnects", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => subscribe(baseUrl)));
    const response = await fetch(`${baseUrl}/_sandbox/events`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: {
        code: "TOO_MANY_SUBSCRIBERS",
        message:
          "Cannot open the event stream: it already has 50 subscribers (the maximum), or the sandbox is stopping. Try again later.",
      },
    });
    await all[0]?.[Symbol.asyncDispose]();
    await expect
      .poll(async () => {
        await using subscriber = await subscribe(baseUrl);
        return subscriber.status;
      })
      .toBe(200);
    for (const subscriber of all) await subscriber[Symbol.asyncDispose]();
  });

  test.each<Readonly<Record<string, string>>>([
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site" },
    { host: "rebound.example" },
  ])("rejects a cross-origin request with the header %j", async (headers) => {
    await using subscriber = await subscribe(baseUrl, headers);
    expect(subscriber.status).toBe(403);
  });
});

test("the sandbox ends all event streams when it stops", async () => {
  const sandbox = await startSandbox();
  await using subscriber = await subscribe(sandbox.credentials.baseUrl);
  const started = performance.now();
  await sandbox.close(30_000);
  await subscriber.ended;
  expect(performance.now() - started).toBeLessThan(20_000);
});

describe("openEventStream", () => {
  const read = async (stream: ReadableStream<Uint8Array> | undefined, until: string): Promise<string> => {
    let text = "";
    for await (const chunk of stream ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes(until)) return text;
    }
    return text;
  };

  test("sends a missed event before the remaining calls if the call log no longer has all missed calls", async () => {
    const { callLog } = await openTestCallLog({ limits: { count: 3 } });
    const events = createEvents();
    for (let count = 0; count < 6; count++) callLog.add(toCompletedCall({ path: "/" }));
    const stream = openEventStream({ events, callLog, instanceId: "m" }, "m-1");
    const text = await read(stream, "id: m-6\n");
    expect(text).toContain('event: missed\ndata: {"kind":"missed"}\n\nid: m-4\nevent: call\n');
    const complete = openEventStream({ events, callLog, instanceId: "m" }, "m-3");
    expect(await read(complete, "id: m-6\n")).not.toContain("missed");
  });

  test("sends only a missed event if 1,000 or more calls were missed", async () => {
    const { callLog } = await openTestCallLog();
    for (let count = 0; count < 1001; count++) {
      callLog.add(toCompletedCall({ path: "/" }));
      if (count % 500 === 0) await callLog.range();
    }
    const text = await read(openEventStream({ events: createEvents(), callLog, instanceId: "m" }, "m-1"), "missed");
    expect(text).not.toContain("event: call");
  });

  test("sends a call only once if it is stored while the missed calls are read", async () => {
    const events = createEvents();
    const onStored = (call: LoggedCall) => events.emit(() => createEvent("call", call, call.seq));
    const { callLog } = await openTestCallLog({ onStored });
    callLog.add(toCompletedCall({ path: "/" }));
    await callLog.range();
    callLog.add(toCompletedCall({ path: "/" }));
    const stream = openEventStream({ events, callLog, instanceId: "m" }, "m-1");
    events.emit(() => createEvent("vaulting", { vaultingRequestId: "V" }));
    const text = await read(stream, "event: vaulting");
    expect(text.match(/event: \w+/g)).toEqual(["event: call", "event: vaulting"]);
  });

  test("sends keep-alive comments", async () => {
    const { callLog } = await openTestCallLog();
    const stream = openEventStream({ events: createEvents(), callLog, instanceId: "m", heartbeatMs: 5 }, null);
    expect(await read(stream, "\n\n:\n\n:\n\n")).toMatch(/^retry: \d+\n:\n\n:\n\n:\n\n$/);
  });

  test("disconnects a subscriber that does not read", async () => {
    const { callLog } = await openTestCallLog();
    const events = createEvents(1);
    const stream = openEventStream({ events, callLog, instanceId: "m" }, null);
    expect(openEventStream({ events, callLog, instanceId: "m" }, null)).toBeUndefined();
    for (let count = 0; count < 2000; count++) events.emit(() => createEvent("vaulting", { vaultingRequestId: "V" }));
    const text = await read(stream, "never");
    expect(text.match(/event: vaulting/g)?.length).toBeLessThan(1100);
    expect(
      events.subscribe(
        () => {},
        () => {},
      ),
    ).toBeDefined();
  });

  test("escapes line feeds in IDs, so that they cannot add events", async () => {
    const { callLog } = await openTestCallLog();
    const events = createEvents();
    const stream = openEventStream({ events, callLog, instanceId: "m" }, null);
    events.emit(() => createEvent("vaulting", { vaultingRequestId: "a\n\nevent: reset\r\u2028" }));
    expect(await read(stream, "}")).toContain('data: {"kind":"vaulting","vaultingRequestId":"a\\n\\nevent: reset\\r');
  });
});

test("createEvents().emit creates no event if there are no subscribers", () => {
  createEvents().emit(() => expect.fail("An event was created without subscribers."));
});
