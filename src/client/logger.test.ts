import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { createTestClient, type ScriptedResponse, startScriptedGateway } from "../testing/servers/scripted-gateway.ts";
import type { LogEntry, VaultClientOptions } from "./index.ts";

/** Returns the log of a call to a gateway with these responses. */
async function captureLog(
  responses: readonly ScriptedResponse[],
  options: Partial<VaultClientOptions> = {},
): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  await using gateway = await startScriptedGateway((_, number) => responses[number - 1] ?? {});
  const client = gateway.client({ logger: (entry) => entries.push(entry), ...options });
  await client.vaultPaymentMethod(messages.vaultRequest).catch(() => {});
  return entries;
}

const operation = "vaultPaymentMethod";
const milliseconds = expect.any(Number);
const call = expect.any(Number);
const common = { call, operation, milliseconds };
const started = { event: "call_started", call, operation, attempt: 0 };

test("the client logs every step with a fixed set of fields", async () => {
  const entries = await captureLog([
    { fault: "reset" },
    { body: messages.createUnknownResponse() },
    { body: messages.vaultedResponse },
  ]);
  const uncertain = { httpStatus: 200, resultStatus: "U", resultCode: "UNKNOWN_EXCEPTION" };
  const success = { httpStatus: 200, resultStatus: "S", resultCode: "SUCCESS" };
  expect(entries).toEqual([
    started,
    { event: "request_sent", call, operation, attempt: 1 },
    { event: "request_failed", ...common, attempt: 1, errorCode: "CONNECTION_FAILED" },
    { event: "retry_scheduled", ...common, attempt: 1 },
    { event: "request_sent", call, operation, attempt: 2 },
    { event: "response_received", ...common, attempt: 2, ...uncertain },
    { event: "retry_scheduled", ...common, attempt: 2 },
    { event: "request_sent", call, operation, attempt: 3 },
    { event: "response_received", ...common, attempt: 3, ...success },
    { event: "call_ended", ...common, attempt: 3, ...success, outcome: "vaulted" },
  ]);
  expect(new Set(entries.map((entry) => entry.call)).size).toBe(1);
});

test.each<[string, ScriptedResponse, Partial<VaultClientOptions>, Partial<LogEntry>]>([
  [
    "whose card is declined",
    { body: messages.createFailedResponse("CARD_EXPIRED") },
    {},
    { attempt: 1, httpStatus: 200, resultStatus: "F", resultCode: "CARD_EXPIRED", outcome: "failed" },
  ],
  [
    "whose response is invalid",
    { body: { result: messages.successResult } },
    {},
    { attempt: 1, httpStatus: 200, resultStatus: "S", resultCode: "SUCCESS", errorCode: "RESPONSE_INVALID" },
  ],
  ["that fails", { status: 500 }, {}, { attempt: 1, httpStatus: 500, errorCode: "UNEXPECTED_HTTP_STATUS" }],
  ["with an invalid key", {}, { antomPublicKey: "x" }, { attempt: 0, errorCode: "KEY_INVALID" }],
])("the client logs the end of a call %s", async (_, response, options, fields) => {
  expect((await captureLog([response], options)).at(-1)).toEqual({ event: "call_ended", ...common, ...fields });
});

test("the client logs an invalid request without its values", async () => {
  const entries: LogEntry[] = [];
  const client = createTestClient({ region: "asia", logger: (entry) => entries.push(entry) });
  await client.inquireVaulting({ vaultingRequestId: "4054695723100768".repeat(5) }).catch(() => {});
  const inquiry = { call, operation: "inquireVaulting", attempt: 0 };
  expect(entries).toEqual([
    { event: "call_started", ...inquiry },
    { event: "call_ended", ...inquiry, milliseconds, errorCode: "REQUEST_INVALID" },
  ]);
});

test("the client logs calls to vault.raw without an outcome, and numbers every call", async () => {
  const entries: LogEntry[] = [];
  await using gateway = await startScriptedGateway(() => ({ body: messages.createInquiryResponse("SUCCESS") }));
  const client = gateway.client({ logger: (entry) => entries.push(entry) });
  await client.raw.POST("/v1/vaults/inquireVaulting", { body: messages.inquiryRequest });
  await client.inquireVaulting(messages.inquiryRequest);
  const result = { attempt: 1, httpStatus: 200, resultStatus: "S", resultCode: "SUCCESS" };
  const ends = entries.filter(({ event }) => event === "call_ended");
  expect(ends).toEqual([
    { event: "call_ended", call, operation: "inquireVaulting", milliseconds, ...result },
    { event: "call_ended", call, operation: "inquireVaulting", milliseconds, ...result, outcome: "vaulted" },
  ]);
  expect(ends[1]?.call).toBe((ends[0]?.call ?? 0) + 1);
});

test("the client publishes the log to the diagnostics channel, in the caller's context", async () => {
  const context = new AsyncLocalStorage<string>();
  const published: [unknown, string | undefined][] = [];
  const subscriber = (message: unknown) => void published.push([message, context.getStore()]);
  subscribe("antom-vault:client", subscriber);
  const entries = await context.run("order-17", () => captureLog([{ body: messages.vaultedResponse }]));
  unsubscribe("antom-vault:client", subscriber);
  expect(entries).toHaveLength(4);
  expect(published).toEqual(entries.map((entry) => [entry, "order-17"]));
});

test.each([
  [
    "an invalid status",
    { ...messages.vaultedResponse, result: { ...messages.successResult, resultStatus: "4054" } },
    { resultCode: "SUCCESS" },
  ],
  ["a code with digits", messages.createFailedResponse("CARD_4054"), { resultStatus: "F" }],
  ["values that are not strings", { result: { resultStatus: 4054, resultCode: ["4054"] } }, {}],
  ["a result that is null", { result: null }, {}],
  ["a body that is not an object", "4054", {}],
])("the client does not log %s", async (_, body, fields) => {
  const [, , received] = await captureLog([{ body: typeof body === "string" ? JSON.stringify(body) : body }]);
  expect(received).toEqual({
    event: "response_received",
    ...common,
    attempt: 1,
    httpStatus: 200,
    ...fields,
  });
});

test.each<[Partial<LogEntry>, ScriptedResponse]>([
  [{ errorCode: "SIGNATURE_MISSING" }, { signed: false }],
  [{ errorCode: "SIGNATURE_INVALID" }, { signed: { path: "/" } }],
  [{ errorCode: "UNEXPECTED_HTTP_STATUS", httpStatus: 500 }, { status: 500 }],
  [{ errorCode: "REDIRECT_NOT_ALLOWED" }, { status: 307 }],
  [{ errorCode: "RESPONSE_TOO_LARGE" }, { body: "x".repeat(70_000) }],
  [{ errorCode: "TIMEOUT" }, { fault: "silence" }],
])("the client logs a failed request with %j", async (fields, response) => {
  const entries = await captureLog(
    [{ body: messages.vaultedResponse, ...response }],
    response.fault ? { timeoutMs: 100 } : {},
  );
  expect(entries).toEqual([
    started,
    { event: "request_sent", call, operation, attempt: 1 },
    { event: "request_failed", ...common, attempt: 1, ...fields },
    { event: "call_ended", ...common, attempt: 1, ...fields },
  ]);
});

test.each<[string, () => void]>([
  [
    "throws",
    () => {
      throw new Error("full");
    },
  ],
  ["rejects", () => Promise.reject(new Error("full"))],
])("a logger that %s does not affect the call", async (_, logger) => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
  const outcome = await gateway.client({ logger }).vaultPaymentMethod(messages.vaultRequest);
  expect(outcome).toHaveProperty("outcome", "vaulted");
  await new Promise(setImmediate);
  expect(unhandled).not.toHaveBeenCalled();
  process.off("unhandledRejection", unhandled);
});
