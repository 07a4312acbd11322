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
const waitForever = () => new Promise<never>(() => {});
const startSilentGateway = () => startScriptedGateway(() => ({ fault: "silence" as const }));

/** Returns the error of a call, and the duration of the call in milliseconds. */
async function measureFailure(call: () => Promise<unknown>) {
  const start = performance.now();
  const error = await catchError(call());
  return { ...error, code: error.code, message: error.message, milliseconds: performance.now() - start };
}

describe("the time limit", () => {
  test("of a call includes all attempts and delays", async () => {
    await using gateway = await startSilentGateway();
    const client = gateway.client({ timeoutMs: 600, attemptTimeoutMs: 150, retry: { attempts: 10, baseDelayMs: 0 } });
    const { code, message, milliseconds } = await measureFailure(() =>
      client.vaultPaymentMethod(messages.vaultRequest),
    );
    expect(code).toBe("TIMEOUT");
    expect(message).toContain("same vaultingRequestId, or call inquireVaulting");
    expect(milliseconds).toBeGreaterThan(590);
    expect(milliseconds).toBeLessThan(3000);
    expect(gateway.received.length).toBeGreaterThanOrEqual(2);
    expect(gateway.received.length).toBeLessThanOrEqual(4);
  });

  test("of an attempt aborts only that attempt", async () => {
    await using gateway = await startSilentGateway();
    const client = gateway.client({ attemptTimeoutMs: 150, retry: { attempts: 2 } });
    const { code, message } = await measureFailure(() => client.vaultPaymentMethod(messages.vaultRequest));
    expect([code, message]).toEqual(["TIMEOUT", expect.stringContaining("within 150 ms")]);
    expect(gateway.received).toHaveLength(2);
  });

  test("of one call overrides the limit of the client", async () => {
    await using gateway = await startSilentGateway();
    const call = () => gateway.client().vaultPaymentMethod(messages.vaultRequest, { timeoutMs: 60 });
    expect(await measureFailure(call)).toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("within 60 ms"),
    });
  });

  test.each([
    ["never responds", waitForever],
    ["never ends its body", async () => new Response(new ReadableStream())],
  ])("applies to a custom fetch that ignores signals and %s", async (_, fetch) => {
    const client = createTestClient({ region: "asia", fetch, timeoutMs: 80 });
    const { code, milliseconds } = await measureFailure(() => client.vaultPaymentMethod(messages.vaultRequest));
    expect(code).toBe("TIMEOUT");
    expect(milliseconds).toBeLessThan(3000);
  });

  test("applies to a custom clock whose sleep never ends", async () => {
    const clock = { now: Date.now, sleep: waitForever };
    const fetch = createScriptedFetch(() => ({ body: messages.createUnknownResponse() }));
    const client = createTestClient({ region: "asia", fetch, clock, timeoutMs: 200, retry: { baseDelayMs: 1 } });
    expect(await measureFailure(() => client.vaultPaymentMethod(messages.vaultRequest))).toMatchObject({
      code: "TIMEOUT",
    });
  });
});

describe("an abort signal", () => {
  test("that is already aborted prevents the request, even if fetch ignores signals", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const log: LogEntry[] = [];
    const client = createTestClient({ region: "asia", fetch, logger: (entry) => log.push(entry) });
    const call = client.vaultPaymentMethod(messages.vaultRequest, { signal: AbortSignal.abort() });
    expect(await catchError(call)).toMatchObject({
      code: "ABORTED",
      message: "The call's signal was aborted. Nothing was sent.",
    });
    expect(fetch).not.toHaveBeenCalled();
    expect(log.map(({ event, attempt, errorCode }) => [event, attempt, errorCode])).toEqual([
      ["call_started", 0, undefined],
      ["call_ended", 0, "ABORTED"],
    ]);
  });

  test("that aborts before the request prevents it", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const controller = new AbortController();
    const client = createTestClient({ region: "asia", fetch, logger: () => controller.abort() });
    const call = client.vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    expect(await catchError(call)).toMatchObject({ code: "ABORTED" });
    expect(fetch).not.toHaveBeenCalled();
  });

  test("aborts an attempt and prevents retries", async () => {
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
    ["with the system clock", systemClock.sleep],
    ["with a clock that ignores the signal", waitForever],
  ])("ends the delay between attempts %s", async (_, wait) => {
    await using gateway = await startScriptedGateway(() => ({ status: 503, headers: { "retry-after": "5" } }));
    const controller = new AbortController();
    const logger = ({ event }: LogEntry) => {
      if (event === "retry_scheduled") setTimeout(() => controller.abort(new Error("4054695723100768")), 20);
    };
    const client = gateway.client({ clock: { now: Date.now, sleep: wait }, logger });
    const call = () => client.vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    const { code, milliseconds } = await measureFailure(call);
    expect(code).toBe("ABORTED");
    expect(milliseconds).toBeLessThan(4000);
    expect(gateway.received).toHaveLength(1);
  });

  test("has no effect after the response", async () => {
    await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
    const controller = new AbortController();
    const call = gateway.client().vaultPaymentMethod(messages.vaultRequest, { signal: controller.signal });
    expect(await call).toHaveProperty("outcome", "vaulted");
    controller.abort();
    await sleep(5);
  });
});

describe("after a call", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each<[string, ScriptedResponse | undefined]>([
    ["with an outcome", { body: messages.vaultedResponse }],
    ["with retries", { body: messages.createUnknownResponse() }],
    ["with an error", { body: "no" }],
    ["that exceeds its deadline", undefined],
  ])("%s, no timer or listener remains", async (_, response) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const fetch = response ? createScriptedFetch(() => response) : waitForever;
    const controller = new AbortController();
    const { signal } = controller;
    // Only the last row has a limit that expires while the test advances the clock.
    const limits = { timeoutMs: response ? DAY : 1000, attemptTimeoutMs: DAY };
    const client = createTestClient({ region: "asia", fetch, clock: systemClock, ...limits });
    const call = client.vaultPaymentMethod(messages.vaultRequest, { signal }).catch(() => {});
    let pending = true;
    call.finally(() => {
      pending = false;
    });
    while (pending) {
      await new Promise(setImmediate);
      vi.advanceTimersByTime(100);
    }
    // Connections of other test files in this worker might have started timers that run for a few minutes.
    vi.advanceTimersByTime(DAY / 2);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
