import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CARD, callDirectly, createId, createVaultRequest, startListener } from "../../testing/sandbox/sandbox.ts";
import { createCallLog } from "../call-log/call-log.ts";
import { createEvent, createEvents } from "../call-log/events.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { openEventStream } from "./event-stream.ts";

interface Told {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Follower extends AsyncDisposable {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly told: Told[];
  /** Everything that came, as it came. */
  readonly text: () => string;
  /** Resolves as soon as an event fits. */
  readonly came: (fits: (told: Told) => boolean) => Promise<Told>;
  /** Resolves once the other side has ended the stream. */
  readonly ended: Promise<unknown>;
}

/** Follows the events as a browser's EventSource does. */
async function follow(baseUrl: string, headers: Readonly<Record<string, string>> = {}): Promise<Follower> {
  const asked = request(`${baseUrl}/_sandbox/events`, { headers }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  let read = 0;
  answer.on("error", () => {});
  answer.setEncoding("utf8").on("data", (chunk: string) => {
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
      told.push({ event, id: fields.get("id"), data: JSON.parse(fields.get("data") ?? "null") as Told["data"] });
    }
    for (const look of waiting) look();
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    told,
    text: () => text,
    came: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    ended: new Promise((resolve) => answer.once("close", resolve)),
    [Symbol.asyncDispose]: async () => {
      asked.destroy();
    },
  };
}

const is = (kind: string, id?: string) => (told: Told) =>
  told.event === kind && (id === undefined || told.data["vaultingRequestId"] === id);

describe("the events", () => {
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

  test("an exchange, a vaulting, a notification, the clock and a reset are told, each of what it is and no more", async () => {
    await using follower = await follow(baseUrl);
    await using listener = await startListener(sandbox.credentials);
    expect(follower.status).toBe(200);
    expect(follower.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    const { clientId } = sandbox.credentials;
    const id = await vault(CARD.vaults, listener.url);
    const named = { clientId, vaultingRequestId: id };
    expect((await follower.came(is("vaulting", id))).data).toEqual({ kind: "vaulting", ...named });
    const exchange = await follower.came(is("call", id));
    expect(exchange.data).toEqual({ kind: "call", sequence: expect.any(Number), ...named });
    expect(exchange.id).toMatch(new RegExp(`^\\w+-${exchange.data["sequence"]}$`));
    expect((await follower.came(is("notification", id))).data).toEqual({
      kind: "notification",
      sequence: expect.any(Number),
      ...named,
    });
    await sandbox.clock.advance(1);
    expect(await follower.came(is("clock"))).toEqual({ event: "clock", id: undefined, data: { kind: "clock" } });
    await sandbox.reset();
    expect((await follower.came(is("reset"))).data).toEqual({ kind: "reset" });
    expect(follower.text()).not.toMatch(/4054695|0768|"123"|ALIPAY/);
  });

  test("a refused signature is told twice: when it is refused, and when the mistake is found", async () => {
    await using follower = await follow(baseUrl);
    const { clientId, merchantPrivateKey } = sandbox.credentials;
    const { formatSignatureHeader, importPrivateKey, sign } = await import("../../signature/index.ts");
    const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
    const time = new Date().toISOString();
    const body = JSON.stringify(createVaultRequest(), null, 2);
    const signed = { path, clientId, time, body: body.replaceAll("\n", "\r\n") };
    const signature = formatSignatureHeader(await sign(signed, await importPrivateKey(merchantPrivateKey)), 1);
    const headers = { "content-type": "application/json", "client-id": clientId, "request-time": time, signature };
    await fetch(baseUrl + path, { method: "POST", headers, body });
    const first = await follower.came(is("call"));
    await follower.came((told) => told !== first && told.id === first.id);
    expect(sandbox.calls({ limit: 1 })).toMatchObject([
      { resultCode: "INVALID_SIGNATURE", requestTime: time, note: expect.stringContaining("CRLF"), request: "" },
    ]);
  });

  test("whoever comes back is told the exchanges since", async () => {
    await using before = await follow(baseUrl);
    const seen = await vault(CARD.vaults);
    const { id = "" } = await before.came(is("call", seen));
    await before[Symbol.asyncDispose]();
    const missed = [await vault(CARD.fails), await vault(CARD.challenges)];
    await using after = await follow(baseUrl, { "last-event-id": id });
    await after.came(is("call", missed[1]));
    expect(after.told.map(({ event, data }) => [event, data["vaultingRequestId"]])).toEqual(
      missed.map((each) => ["call", each]),
    );
  });

  test.each([
    "other-1",
    "x",
    "",
    "-1",
    "a-999999999999999",
    "\u00e9",
  ])("an ID that is not ours (%j) is told that something was missed, or is none", async (id) => {
    await using follower = await follow(baseUrl, { "last-event-id": Buffer.from(id).toString("latin1") });
    const next = await vault(CARD.vaults);
    await follower.came(is("call", next));
    expect(follower.told.filter(is("missed"))).toHaveLength(id === "" ? 0 : 1);
  });

  test("50 listeners may follow, the next is sent away, and has room again when one leaves", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => follow(baseUrl)));
    const answer = await fetch(`${baseUrl}/_sandbox/events`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      error: { code: "TOO_MANY_SUBSCRIBERS", message: "50 follow the events already. Come back later." },
    });
    await all[0]?.[Symbol.asyncDispose]();
    await expect
      .poll(async () => {
        await using follower = await follow(baseUrl);
        return follower.status;
      })
      .toBe(200);
    for (const each of all) await each[Symbol.asyncDispose]();
  });

  test.each([
    [{ origin: "https://evil.example" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ host: "rebound.example" }, 403],
  ])("a page elsewhere hears nothing: %j", async (headers, status) => {
    await using follower = await follow(baseUrl, headers);
    expect(follower.status).toBe(status);
  });
});

test("a sandbox that stops ends the streams, and waits for none of them", async () => {
  const sandbox = await startSandbox();
  await using follower = await follow(sandbox.credentials.baseUrl);
  const started = performance.now();
  await sandbox.close(30_000);
  await follower.ended;
  expect(performance.now() - started).toBeLessThan(20_000);
});

describe("a stream", () => {
  const exchange = (journal: ReturnType<typeof createCallLog>) => {
    const answer = { headers: {}, body: "{}", about: { clientId: "C", parsed: { vaultingRequestId: "V" } } };
    return journal.add({ path: "/", at: 0, durationMs: 0, response: answer, fault: undefined });
  };
  const read = async (stream: ReadableStream<Uint8Array> | undefined, until: string): Promise<string> => {
    let text = "";
    for await (const chunk of stream ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes(until)) return text;
    }
    return text;
  };

  test("says when the journal no longer reaches as far back as somebody has seen", async () => {
    const journal = createCallLog(3);
    const events = createEvents();
    for (let count = 0; count < 6; count++) exchange(journal);
    const stream = openEventStream({ events, callLog: journal, instanceId: "m" }, "m-1");
    const text = await read(stream, "id: m-6\n");
    expect(text).toContain('event: missed\ndata: {"kind":"missed"}\n\nid: m-4\nevent: exchange\n');
    const whole = openEventStream({ events, callLog: journal, instanceId: "m" }, "m-3");
    expect(await read(whole, "id: m-6\n")).not.toContain("missed");
  });

  test("is kept alive where nothing happens", async () => {
    const stream = openEventStream(
      { events: createEvents(), callLog: createCallLog(), instanceId: "m", heartbeatMs: 5 },
      null,
    );
    expect(await read(stream, "\n\n:\n\n:\n\n")).toMatch(/^retry: \d+\n:\n\n:\n\n:\n\n$/);
  });

  test("a listener that does not read is sent away, and makes room", async () => {
    const events = createEvents(1);
    const stream = openEventStream({ events, callLog: createCallLog(), instanceId: "m" }, null);
    expect(openEventStream({ events, callLog: createCallLog(), instanceId: "m" }, null)).toBeUndefined();
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

  test("a line feed in an ID stays in its line", async () => {
    const events = createEvents();
    const stream = openEventStream({ events, callLog: createCallLog(), instanceId: "m" }, null);
    events.emit(() => createEvent("vaulting", { vaultingRequestId: "a\n\nevent: reset\r\u2028" }));
    expect(await read(stream, "}")).toContain('data: {"kind":"vaulting","vaultingRequestId":"a\\n\\nevent: reset\\r');
  });

  test("costs nothing where nobody listens", () => {
    createEvents().emit(() => expect.fail("An event was made for nobody."));
  });
});
