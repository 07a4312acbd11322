import { afterEach, describe, expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import {
  catchError,
  type ScriptedResponse,
  startScriptedGateway,
  type TestGateway,
} from "../testing/servers/scripted-gateway.ts";
import type { VaultClientOptions } from "./index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Answers with each in turn, and with the last one for ever. */
const inTurn = (...answers: ScriptedResponse[]) =>
  startScriptedGateway((_, number) => answers[Math.min(number, answers.length) - 1] ?? {});

const vault = (gateway: TestGateway, options?: Partial<VaultClientOptions>) =>
  gateway.client(options).vaultPaymentMethod(messages.vaultRequest);

/** A clock that is a second later at each look, and notes how long it was to sleep. */
function steppingClock() {
  const slept: number[] = [];
  let now = Date.now();
  const clock = {
    now: () => {
      now += 1000;
      return now;
    },
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
  return { clock, slept };
}

const good = { body: messages.vaultedResponse };
const doubt = { body: messages.unknownResponse() };

describe("what is sent again", () => {
  test.each<[string, ScriptedResponse]>([
    ["UNKNOWN_EXCEPTION", doubt],
    ["REQUEST_TRAFFIC_EXCEED_LIMIT", { body: messages.unknownResponse("REQUEST_TRAFFIC_EXCEED_LIMIT") }],
    ["UNKNOWN_EXCEPTION without an ID", { body: { result: messages.unknownResult("UNKNOWN_EXCEPTION") } }],
    ["a reset connection", { fault: "reset" }],
    ["half an answer", { fault: "truncation" }],
    ["silence", { fault: "silence" }],
    ["429", { status: 429 }],
    ["503", { status: 503, signed: false }],
  ])("after %s: the same bytes and ID with a fresh time and signature", async (_, first) => {
    await using gateway = await inTurn(first, good);
    const { clock, slept } = steppingClock();
    expect(
      await vault(gateway, { clock, ...(first.fault === "silence" ? { attemptTimeoutMs: 150 } : {}) }),
    ).toHaveProperty("outcome", "vaulted");
    const [before, after, ...more] = gateway.received;
    expect(more).toEqual([]);
    expect(slept).toHaveLength(1);
    expect(after?.body).toBe(before?.body);
    expect(after?.body).toBe(JSON.stringify(messages.vaultRequest));
    expect(after?.path).toBe(before?.path);
    expect(Number(after?.headers["request-time"])).toBeGreaterThan(Number(before?.headers["request-time"]));
    expect(after?.headers["signature"]).not.toBe(before?.headers["signature"]);
  });

  test("an uncertain result that stays is an outcome", async () => {
    await using gateway = await inTurn(doubt);
    expect(await vault(gateway)).toMatchObject({
      outcome: "unknown",
      code: "UNKNOWN_EXCEPTION",
      action: "inquire_or_retry",
    });
    expect(gateway.received).toHaveLength(3);
  });

  test("a connection that fails each time is an error", async () => {
    await using gateway = await inTurn({ fault: "reset" });
    expect(await catchError(vault(gateway))).toMatchObject({ code: "CONNECTION_FAILED" });
    expect(gateway.received).toHaveLength(3);
  });

  test("what an injected fetch does to the bytes that it was given does not matter", async () => {
    await using gateway = await inTurn(good);
    let attempts = 0;
    const fetch = (input: string, init: RequestInit) => {
      if (++attempts > 1) return globalThis.fetch(input, init);
      (init.body as Uint8Array).fill(0);
      return Promise.reject(new Error("no connection"));
    };
    expect(await vault(gateway, { fetch })).toHaveProperty("outcome", "vaulted");
    expect(gateway.received.map(({ body }) => body)).toEqual([JSON.stringify(messages.vaultRequest)]);
  });

  test("the last attempt counts, not the first", async () => {
    await using gateway = await inTurn({ fault: "reset" }, { status: 503 }, doubt);
    expect(await vault(gateway)).toHaveProperty("code", "UNKNOWN_EXCEPTION");
    await using other = await inTurn(doubt, doubt, { status: 503 });
    expect(await catchError(vault(other))).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: 503 });
  });
});

describe("what is not sent again", () => {
  test.each<[string, ScriptedResponse]>([
    ["success", good],
    ["a failure", { body: messages.failedResponse("PROCESS_FAIL") }],
    ["UNKNOWN_EXCEPTION as a failure", { body: messages.failedResponse("UNKNOWN_EXCEPTION") }],
    ["a verification", { body: { ...messages.verifyingResponse, normalUrl: messages.PAGE } }],
    ["a verification without an address", { body: messages.verifyingResponse }],
    ["a doubt of a new kind", { body: messages.unknownResponse("NEW_DOUBT") }],
    ["a wrong signature", { ...doubt, signed: { path: "/" } }],
    ["no signature", { ...doubt, signed: false }],
    ["an old answer", { ...doubt, time: "2001-01-01T00:00:00Z" }],
    ["what is no JSON", { body: "no" }],
    ["what breaks the document", { body: {} }],
    ["too much", { body: "x".repeat(70_000) }],
    ["a redirect", { status: 307, headers: { location: "/" } }],
    ["500", { status: 500 }],
    ["502", { status: 502 }],
    ["400", { status: 400 }],
  ])("after %s", async (_, answer) => {
    await using gateway = await inTurn(answer);
    await vault(gateway).catch(() => {});
    expect(gateway.received).toHaveLength(1);
  });
});

describe("how often", () => {
  test.each([
    [false, 1],
    [{ attempts: 1 }, 1],
    [{ attempts: 2 }, 2],
    [{}, 3],
    [{ attempts: 10 }, 10],
  ] as const)("retry %j: %d attempts", async (retry, attempts) => {
    await using gateway = await inTurn(doubt);
    await vault(gateway, { retry });
    expect(gateway.received).toHaveLength(attempts);
  });

  test("all calls of a client draw on one budget of ten, and ten answers earn one more", async () => {
    let answer: ScriptedResponse = doubt;
    await using gateway = await startScriptedGateway(() => answer);
    const client = gateway.client({ retry: { attempts: 10 } });
    const attempts = async () => {
      const before = gateway.received.length;
      await client.vaultPaymentMethod(messages.vaultRequest);
      return gateway.received.length - before;
    };
    expect([await attempts(), await attempts(), await attempts()]).toEqual([10, 2, 1]);
    answer = good;
    for (let call = 0; call < 10; call++) expect(await attempts()).toBe(1);
    answer = doubt;
    expect([await attempts(), await attempts()]).toEqual([2, 1]);
  });
});

describe("how long between", () => {
  const sleeps = async (answer: ScriptedResponse, options: Partial<VaultClientOptions> = {}) => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    await using gateway = await inTurn(answer);
    const { clock, slept } = steppingClock();
    await vault(gateway, { clock, ...options }).catch(() => {});
    return slept;
  };

  test("a random part of a time that doubles", async () => {
    expect(await sleeps(doubt, { retry: { attempts: 5 } })).toEqual([125, 250, 500, 1000]);
  });

  test("of one's own base, up to one's own limit", async () => {
    const retry = { attempts: 6, baseDelayMs: 1000, maxDelayMs: 3000 };
    expect(await sleeps(doubt, { retry })).toEqual([500, 1000, 2000, 3000, 3000]);
  });

  test.each([
    ["seconds", "2", [2000, 2000]],
    ["no more than the limit", "3600", [5000, 5000]],
    ["no less than without", "0", [125, 250]],
    ["nonsense", "soon", [125, 250]],
    ["less than nothing", "-5", [125, 250]],
    ["a number without end", "9".repeat(400), [125, 250]],
    ["a date gone by", "Thu, 01 Jan 1970 00:00:00 GMT", [125, 250]],
    ["a far date", "Fri, 31 Dec 9999 23:59:59 GMT", [5000, 5000]],
  ])("Retry-After: %s", async (_, retryAfter, expected) => {
    for (const status of [429, 503]) {
      expect(await sleeps({ status, headers: { "retry-after": retryAfter } })).toEqual(expected);
    }
  });

  test("Retry-After as a date is read by the client's own clock", async () => {
    const now = Date.UTC(2031, 0, 1);
    const slept: number[] = [];
    const clock = { now: () => now, sleep: async (ms: number) => void slept.push(ms) };
    const headers = { "retry-after": new Date(now + 3000).toUTCString() };
    await sleeps({ status: 503, headers }, { clock });
    expect(slept).toEqual([3000, 3000]);
  });

  test("a wait that would end after the deadline is not begun: the answer that is known is given", async () => {
    const retry = { maxDelayMs: 60_000 };
    const answer = { status: 503, headers: { "retry-after": "60" } };
    await using gateway = await inTurn(answer);
    const { clock, slept } = steppingClock();
    const error = await catchError(vault(gateway, { clock, retry, timeoutMs: 10_000 }));
    expect(error).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: 503 });
    expect(slept).toEqual([]);
    expect(gateway.received).toHaveLength(1);
  });
});
