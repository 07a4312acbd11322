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

/** Starts a gateway that returns the responses in order, and repeats the last one. */
const startSequence = (...responses: ScriptedResponse[]) =>
  startScriptedGateway((_, number) => responses[Math.min(number, responses.length) - 1] ?? {});

const vault = (gateway: TestGateway, options?: Partial<VaultClientOptions>) =>
  gateway.client(options).vaultPaymentMethod(messages.vaultRequest);

/** Creates a clock that advances 1 second each time it is read, and records delays. */
function createSteppingClock() {
  const delays: number[] = [];
  let now = Date.now();
  const clock = {
    now: () => {
      now += 1000;
      return now;
    },
    sleep: async (ms: number) => {
      delays.push(ms);
    },
  };
  return { clock, delays };
}

const success = { body: messages.vaultedResponse };
const uncertain = { body: messages.createUnknownResponse() };

describe("the client retries", () => {
  test.each<[string, ScriptedResponse]>([
    ["UNKNOWN_EXCEPTION", uncertain],
    ["REQUEST_TRAFFIC_EXCEED_LIMIT", { body: messages.createUnknownResponse("REQUEST_TRAFFIC_EXCEED_LIMIT") }],
    ["UNKNOWN_EXCEPTION without an ID", { body: { result: messages.createUnknownResult("UNKNOWN_EXCEPTION") } }],
    ["a reset connection", { fault: "reset" }],
    ["an incomplete response", { fault: "truncation" }],
    ["an attempt timeout", { fault: "silence" }],
    ["HTTP 429", { status: 429 }],
    ["HTTP 503", { status: 503, signed: false }],
  ])("after %s with the same bytes and a new time and signature", async (_, first) => {
    await using gateway = await startSequence(first, success);
    const { clock, delays } = createSteppingClock();
    expect(
      await vault(gateway, { clock, ...(first.fault === "silence" ? { attemptTimeoutMs: 150 } : {}) }),
    ).toHaveProperty("outcome", "vaulted");
    const [before, after, ...more] = gateway.received;
    expect(more).toEqual([]);
    expect(delays).toHaveLength(1);
    expect(after?.body).toBe(before?.body);
    expect(after?.body).toBe(JSON.stringify(messages.vaultRequest));
    expect(after?.path).toBe(before?.path);
    expect(Number(after?.headers["request-time"])).toBeGreaterThan(Number(before?.headers["request-time"]));
    expect(after?.headers["signature"]).not.toBe(before?.headers["signature"]);
  });

  test("and returns the outcome unknown if the result stays uncertain", async () => {
    await using gateway = await startSequence(uncertain);
    expect(await vault(gateway)).toMatchObject({
      outcome: "unknown",
      code: "UNKNOWN_EXCEPTION",
      action: "inquire_or_retry",
    });
    expect(gateway.received).toHaveLength(3);
  });

  test("and throws CONNECTION_FAILED if every connection fails", async () => {
    await using gateway = await startSequence({ fault: "reset" });
    expect(await catchError(vault(gateway))).toMatchObject({ code: "CONNECTION_FAILED" });
    expect(gateway.received).toHaveLength(3);
  });

  test("with the original bytes if a custom fetch changes them", async () => {
    await using gateway = await startSequence(success);
    let attempts = 0;
    const fetch = (input: string, init: RequestInit) => {
      if (++attempts > 1) return globalThis.fetch(input, init);
      (init.body as Uint8Array).fill(0);
      return Promise.reject(new Error("no connection"));
    };
    expect(await vault(gateway, { fetch })).toHaveProperty("outcome", "vaulted");
    expect(gateway.received.map(({ body }) => body)).toEqual([JSON.stringify(messages.vaultRequest)]);
  });

  test("and returns the outcome or throws the error of the last attempt", async () => {
    await using gateway = await startSequence({ fault: "reset" }, { status: 503 }, uncertain);
    expect(await vault(gateway)).toHaveProperty("code", "UNKNOWN_EXCEPTION");
    await using other = await startSequence(uncertain, uncertain, { status: 503 });
    expect(await catchError(vault(other))).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: 503 });
  });
});

describe("the client does not retry", () => {
  test.each<[string, ScriptedResponse]>([
    ["success", success],
    ["a failure", { body: messages.createFailedResponse("PROCESS_FAIL") }],
    ["UNKNOWN_EXCEPTION as a failure", { body: messages.createFailedResponse("UNKNOWN_EXCEPTION") }],
    ["a verification", { body: { ...messages.verifyingResponse, normalUrl: messages.PAGE } }],
    ["a verification without a URL", { body: messages.verifyingResponse }],
    ["an undocumented uncertain result", { body: messages.createUnknownResponse("NEW_UNCERTAINTY") }],
    ["an invalid signature", { ...uncertain, signed: { path: "/" } }],
    ["a missing signature", { ...uncertain, signed: false }],
    ["an old response", { ...uncertain, time: "2001-01-01T00:00:00Z" }],
    ["a response that is not JSON", { body: "no" }],
    ["an invalid response", { body: {} }],
    ["a response that is too large", { body: "x".repeat(70_000) }],
    ["a redirect", { status: 307, headers: { location: "/" } }],
    ["HTTP 500", { status: 500 }],
    ["HTTP 502", { status: 502 }],
    ["HTTP 400", { status: 400 }],
  ])("after %s", async (_, response) => {
    await using gateway = await startSequence(response);
    await vault(gateway).catch(() => {});
    expect(gateway.received).toHaveLength(1);
  });
});

describe("the number of attempts", () => {
  test.each([
    [false, 1],
    [{ attempts: 1 }, 1],
    [{ attempts: 2 }, 2],
    [{}, 3],
    [{ attempts: 10 }, 10],
  ] as const)("with retry %j is %d", async (retry, attempts) => {
    await using gateway = await startSequence(uncertain);
    await vault(gateway, { retry });
    expect(gateway.received).toHaveLength(attempts);
  });

  test("is limited by a shared budget of 10 retries, which grows by 1 for every 10 final responses", async () => {
    let response: ScriptedResponse = uncertain;
    await using gateway = await startScriptedGateway(() => response);
    const client = gateway.client({ retry: { attempts: 10 } });
    const countAttempts = async () => {
      const before = gateway.received.length;
      await client.vaultPaymentMethod(messages.vaultRequest);
      return gateway.received.length - before;
    };
    expect([await countAttempts(), await countAttempts(), await countAttempts()]).toEqual([10, 2, 1]);
    response = success;
    for (let call = 0; call < 10; call++) expect(await countAttempts()).toBe(1);
    response = uncertain;
    expect([await countAttempts(), await countAttempts()]).toEqual([2, 1]);
  });
});

describe("the delay between attempts", () => {
  const recordDelays = async (response: ScriptedResponse, options: Partial<VaultClientOptions> = {}) => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    await using gateway = await startSequence(response);
    const { clock, delays } = createSteppingClock();
    await vault(gateway, { clock, ...options }).catch(() => {});
    return delays;
  };

  test("is a random fraction of a duration that doubles with every retry", async () => {
    expect(await recordDelays(uncertain, { retry: { attempts: 5 } })).toEqual([125, 250, 500, 1000]);
  });

  test("uses the configured base delay and limit", async () => {
    const retry = { attempts: 6, baseDelayMs: 1000, maxDelayMs: 3000 };
    expect(await recordDelays(uncertain, { retry })).toEqual([500, 1000, 2000, 3000, 3000]);
  });

  test.each([
    ["2 seconds", "2", [2000, 2000]],
    ["more than the limit", "3600", [5000, 5000]],
    ["0 seconds", "0", [125, 250]],
    ["text", "soon", [125, 250]],
    ["a negative number", "-5", [125, 250]],
    ["a number of 400 digits", "9".repeat(400), [125, 250]],
    ["a past date", "Thu, 01 Jan 1970 00:00:00 GMT", [125, 250]],
    ["a date in the far future", "Fri, 31 Dec 9999 23:59:59 GMT", [5000, 5000]],
  ])("is at least the time in Retry-After, up to the limit, unless the header is invalid: %s", async (_, retryAfter, expected) => {
    for (const status of [429, 503]) {
      expect(await recordDelays({ status, headers: { "retry-after": retryAfter } })).toEqual(expected);
    }
  });

  test("ends at the date in Retry-After, measured by the client's clock", async () => {
    const now = Date.UTC(2031, 0, 1);
    const delays: number[] = [];
    const clock = { now: () => now, sleep: async (ms: number) => void delays.push(ms) };
    const headers = { "retry-after": new Date(now + 3000).toUTCString() };
    await recordDelays({ status: 503, headers }, { clock });
    expect(delays).toEqual([3000, 3000]);
  });

  test("is skipped if it would end after the deadline, and the call throws the last error", async () => {
    const retry = { maxDelayMs: 60_000 };
    const response = { status: 503, headers: { "retry-after": "60" } };
    await using gateway = await startSequence(response);
    const { clock, delays } = createSteppingClock();
    const error = await catchError(vault(gateway, { clock, retry, timeoutMs: 10_000 }));
    expect(error).toMatchObject({ code: "UNEXPECTED_HTTP_STATUS", httpStatus: 503 });
    expect(delays).toEqual([]);
    expect(gateway.received).toHaveLength(1);
  });
});
