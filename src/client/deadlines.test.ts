import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import {
  catchError,
  createScriptedFetch,
  createTestClient,
  type ScriptedResponse,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";
import type { LogEntry } from "./index.ts";
import { systemClock } from "./settings.ts";

const DAY = 24 * 60 * 60 * 1000;
const never = () => new Promise<never>(() => {});
const silence = () => startScriptedGateway(() => ({ fault: "silence" as const }));

/** How a call ends, and after how many milliseconds. */
async function timed(call: () => Promise<unknown>) {
  const start = performance.now();
  const error = await catchError(call());
  return { ...error, code: error.code, message: error.message, milliseconds: performance.now() - start };
}

describe("the deadline", () => {
  test("is one for all attempts and waits", async () => {
    await using gateway = await silence();
    const client = gateway.client({ timeoutMs: 600, attemptTimeoutMs: 150, retry: { attempts: 10, baseDelayMs: 0 } });
    const { code, message, milliseconds } = await timed(() => client.vaultPaymentMethod(messages.vaultRequest));
    expect(code).toBe("TIMEOUT");
    expect(message).toContain("same vaultingRequestId, or inquire");
    expect(milliseconds).toBeGreaterThan(590);
    expect(milliseconds).toBeLessThan(3000);
    expect(gateway.received.length).toBeGreaterThanOrEqual(2);
    expect(gateway.received.length).toBeLessThanOrEqual(4);
  });

  test("of an attempt ends an attempt", async () => {
    await using gateway = await silence();
    const client = gateway.client({ attemptTimeoutMs: 150, retry: { attempts: 2 } });
    const { code, message } = await timed(() => client.vaultPaymentMethod(messages.vaultRequest));
    expect([code, message]).toEqual(["TIMEOUT", expect.stringContaining("within 150 ms")]);
    expect(gateway.received).toHaveLength(2);
  });

  test("of one call is in the place of the client's", async () => {
    await using gateway = await silence();
    const call = () => gateway.client().vaultPaymentMethod(messages.vaultRequest, { timeoutMs: 60 });
    expect(await timed(call)).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("within 60 ms") });
  });

  test.each([
    ["never answers", never],
    ["never ends its body", async () => new Response(new ReadableStream())],
  ])("holds for an injected fetch that knows no signals and %s", async (_, fetch) => {
    const client = createTestClient({ region: "asia", fetch, timeoutMs: 80 });
    const { code, milliseconds } = await timed(() => client.vaultPaymentMethod(messages.vaultRequest));
    expect(code).toBe("TIMEOUT");
    expect(milliseconds).toBeLessThan(3000);
  });

  test("holds for an injected clock that never wakes", async () => {
    const clock = { now: Date.now, sleep: never };
    const fetch = createScriptedFetch(() => ({ body: messages.unknownResponse() }));
    const client = createTestClient({ region: "asia", fetch, clock, timeoutMs: 200, retry: { baseDelayMs: 1 } });
    expect(await timed(() => client.vaultPaymentMethod(messages.vaultRequest))).toMatchObject({ code: "TIMEOUT" });
  });
});

describe("a signal", () => {
  test("that has aborted sends nothing, whatever fetch does with signals", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const log: LogEntry[] = [];
    const client = createTestClient({ region: "asia", fetch, logger: (entry) => log.push(entry) });
    const call = client.vaultPaymentMethod(messages.vaultRequest, { signal: AbortSignal.abort() });
    expect(await catchError(call)).toMatchObject({ code: "ABORTED" });
    expect(fetch).not.toHaveBeenCalled();
    expect(log).toEqual([]);
  });

  test("that aborts at once sends nothing either", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const controller = new AbortController();
    const client = createTestClient({ region: "asia", fetch, logger: () => controller.abort() });
    const call = client.vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    expect(await catchError(call)).toMatchObject({ code: "ABORTED" });
    expect(fetch).not.toHaveBeenCalled();
  });

  test("ends an attempt, and there is no other", async () => {
    const controller = new AbortController();
    await using gateway = await startScriptedGateway(() => {
      controller.abort();
      return { fault: "silence" };
    });
    const call = gateway.client().vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    const error = await catchError(call);
    expect(error.code).toBe("ABORTED");
    expect(error.message).toContain("may still have received the request");
    expect(error).not.toHaveProperty("cause");
    expect(gateway.received).toHaveLength(1);
  });

  test.each([
    ["the client's own clock", systemClock.sleep],
    ["a clock that does not heed it", never],
  ])("ends a wait between attempts: %s", async (_, wait) => {
    await using gateway = await startScriptedGateway(() => ({ status: 503, headers: { "retry-after": "5" } }));
    const controller = new AbortController();
    const logger = ({ event }: LogEntry) => {
      if (event === "retry_scheduled") setTimeout(() => controller.abort(new Error("4054695723100768")), 20);
    };
    const client = gateway.client({ clock: { now: Date.now, sleep: wait }, logger });
    const call = () => client.vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    const { code, milliseconds } = await timed(call);
    expect(code).toBe("ABORTED");
    expect(milliseconds).toBeLessThan(4000);
    expect(gateway.received).toHaveLength(1);
  });

  test("that aborts after the answer changes nothing", async () => {
    await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
    const controller = new AbortController();
    const call = gateway.client().vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    expect(await call).toHaveProperty("outcome", "vaulted");
    controller.abort();
    await sleep(5);
  });
});

describe("when a call has ended", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each<[string, ScriptedResponse | undefined]>([
    ["with an outcome", { body: messages.vaultedResponse }],
    ["after retries", { body: messages.unknownResponse() }],
    ["with an error", { body: "no" }],
    ["at the deadline", undefined],
  ])("%s, no timer and no listener is left", async (_, answer) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const fetch = answer ? createScriptedFetch(() => answer) : never;
    const controller = new AbortController();
    const { signal } = controller;
    // Limits that do not end by themselves, while the test hurries the clock.
    const limits = { timeoutMs: answer ? DAY : 1000, attemptTimeoutMs: DAY };
    const client = createTestClient({ region: "asia", fetch, clock: systemClock, ...limits });
    const ended = client.vaultPaymentMethod(messages.vaultRequest, { signal }).catch(() => {});
    let going = true;
    ended.finally(() => {
      going = false;
    });
    while (going) {
      await new Promise(setImmediate);
      vi.advanceTimersByTime(100);
    }
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
