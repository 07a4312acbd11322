import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import {
  catchError,
  createTestClient,
  type ScriptedResponse,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";
import type { VaultClientOptions, WaitOptions } from "./index.ts";

const { ID } = messages;
const pending = { body: messages.createInquiryResponse("PROCESSING", { normalUrl: messages.PAGE }) };
const unknown = { body: messages.createUnknownResponse() };
const vaulted = { body: messages.createInquiryResponse("SUCCESS") };

afterEach(() => {
  vi.restoreAllMocks();
});

/** Waits for a vaulting at a gateway that returns the responses in order and repeats the last one. The clock's pauses end immediately. */
async function wait(
  responses: readonly ScriptedResponse[],
  options: WaitOptions = {},
  client: Partial<VaultClientOptions> = {},
) {
  await using gateway = await startScriptedGateway(
    (_, number) => responses[Math.min(number, responses.length) - 1] ?? {},
  );
  const pauses: number[] = [];
  const clock = { now: Date.now, sleep: async (ms: number) => void pauses.push(ms) };
  const waiting = gateway.client({ retry: false, clock, ...client }).waitForVaulting(ID, options);
  const outcome = await waiting.catch((error: unknown) => error);
  return { outcome, pauses, inquiries: gateway.received.map(({ path, body }) => [path, body]) };
}

describe("waitForVaulting", () => {
  test("keeps inquiring until the outcome is final, with growing pauses", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { outcome, pauses, inquiries } = await wait([pending, unknown, pending, vaulted]);
    expect(outcome).toMatchObject({ outcome: "vaulted", vaultingRequestId: ID, cardToken: messages.TOKEN });
    expect(pauses).toEqual([1000, 1500, 2250]);
    expect(inquiries).toEqual(
      Array(4).fill(["/ams/sandbox/api/v1/vaults/inquireVaulting", JSON.stringify({ vaultingRequestId: ID })]),
    );
  });

  test("makes up to half of each pause random", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    expect((await wait([pending, pending, vaulted])).pauses).toEqual([500, 750]);
  });

  test.each([
    ["failed", { body: messages.createInquiryResponse("FAIL") }, { outcome: "failed" }],
    [
      "VAULTING_NOT_EXIST",
      { body: { result: messages.createFailureResult("VAULTING_NOT_EXIST") } },
      { outcome: "inquiry_failed", code: "VAULTING_NOT_EXIST" },
    ],
  ])("ends without a pause if the result is %s", async (_, response, expected) => {
    const { outcome, pauses } = await wait([response]);
    expect([outcome, pauses]).toEqual([expect.objectContaining(expected), []]);
  });

  test.each<[string, ScriptedResponse]>([
    ["a reset connection", { fault: "reset" }],
    ["HTTP 503", { status: 503 }],
    ["HTTP 429", { status: 429 }],
    ["an unsigned temporary error", { ...unknown, signed: false }],
  ])("inquires again after %s", async (_, response) => {
    expect(await wait([response, vaulted])).toMatchObject({
      outcome: { outcome: "vaulted" },
      pauses: [expect.any(Number)],
    });
  });

  test.each<[string, ScriptedResponse]>([
    ["SIGNATURE_INVALID", { ...vaulted, signed: { path: "/" } }],
    ["SIGNATURE_MISSING", { body: { result: messages.createFailureResult("INVALID_SIGNATURE") }, signed: false }],
    ["UNEXPECTED_HTTP_STATUS", { status: 404 }],
    ["REDIRECT_NOT_ALLOWED", { status: 307 }],
    ["RESPONSE_INVALID", { body: {} }],
  ])("rejects immediately with %s", async (code, response) => {
    const { outcome, pauses } = await wait([pending, response]);
    expect([outcome, pauses.length]).toEqual([expect.objectContaining({ code }), 1]);
  });

  test.each([
    ["the last outcome", [pending], { outcome: "verification_required", normalUrl: messages.PAGE }],
    [
      "the last outcome despite a later error",
      [pending, { fault: "reset" as const }],
      { outcome: "verification_required" },
    ],
    ["the last error, if there is no outcome", [{ status: 503 }], { code: "UNEXPECTED_HTTP_STATUS", httpStatus: 503 }],
  ])("ends at the time limit with %s", async (_, responses, expected) => {
    const { outcome, pauses } = await wait(responses, { timeoutMs: 30_000 });
    expect(outcome).toMatchObject(expected);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(30_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000);
  });

  test.each([
    [
      "does not respond",
      { fault: "silence" as const },
      { code: "TIMEOUT", message: expect.stringContaining("within 80 ms") },
    ],
    ["responds but the clock's pause does not end", pending, { outcome: "verification_required" }],
  ])("ends at the time limit if the gateway %s", async (_, response, expected) => {
    const clock = { now: Date.now, sleep: () => new Promise<never>(() => {}) };
    expect((await wait([response], { timeoutMs: 80 }, { clock })).outcome).toMatchObject(expected);
  });

  test("ends the current pause, but no later pause, when the notified promise resolves", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pauses: number[] = [];
    const sleep = async (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      if (pauses.length > 1) return;
      resolve();
      // Ends only if the client stops the pause.
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const result = await wait([pending, pending, vaulted], { notified: promise }, { clock: { now: Date.now, sleep } });
    expect(result).toMatchObject({ outcome: { outcome: "vaulted" } });
    expect(pauses).toHaveLength(2);
  });

  test("ignores the value and the rejection of the notified promise", async () => {
    const forged = { outcome: "vaulted", cardToken: "forged" };
    expect(await wait([pending, vaulted], { notified: Promise.reject(new Error("closed")) })).toMatchObject({
      outcome: { cardToken: messages.TOKEN },
      pauses: [expect.any(Number)],
    });
    expect((await wait([pending, vaulted], { notified: Promise.resolve(forged) })).outcome).toMatchObject({
      cardToken: messages.TOKEN,
    });
  });

  test("rejects with ABORTED when the signal aborts, and keeps no listener", async () => {
    await using gateway = await startScriptedGateway(() => pending);
    const controller = new AbortController();
    const sleep = async () => controller.abort(new Error("4054695723100768"));
    const client = gateway.client({ clock: { now: Date.now, sleep } });
    const error = await catchError(client.waitForVaulting(ID, { signal: controller.signal }));
    expect([error.code, gateway.received.length]).toEqual(["ABORTED", 1]);
    expect(String(error.stack)).not.toContain("4054695723100768");
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("rejects an invalid ID and an invalid time limit without sending an inquiry", async () => {
    const client = createTestClient({ region: "asia", fetch: () => Promise.reject(new Error("sent")) });
    expect((await catchError(client.waitForVaulting(""))).code).toBe("REQUEST_INVALID");
    expect((await catchError(client.waitForVaulting(ID, { timeoutMs: 0 }))).code).toBe("CONFIGURATION_INVALID");
  });
});
