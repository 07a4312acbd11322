import { expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { type ScriptedResponse, startScriptedGateway } from "../testing/servers/scripted-gateway.ts";
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

test("the client logs every step with fixed fields", async () => {
  const entries = await captureLog([
    { fault: "reset" },
    { body: messages.createUnknownResponse() },
    { body: messages.vaultedResponse },
  ]);
  expect(entries).toEqual([
    { event: "request_sent", operation, attempt: 1 },
    { event: "request_failed", operation, attempt: 1, milliseconds, errorCode: "CONNECTION_FAILED" },
    { event: "retry_scheduled", operation, attempt: 1, milliseconds },
    { event: "request_sent", operation, attempt: 2 },
    {
      event: "response_received",
      operation,
      attempt: 2,
      milliseconds,
      httpStatus: 200,
      resultStatus: "U",
      resultCode: "UNKNOWN_EXCEPTION",
    },
    { event: "retry_scheduled", operation, attempt: 2, milliseconds },
    { event: "request_sent", operation, attempt: 3 },
    {
      event: "response_received",
      operation,
      attempt: 3,
      milliseconds,
      httpStatus: 200,
      resultStatus: "S",
      resultCode: "SUCCESS",
    },
  ]);
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
  const [, received] = await captureLog([{ body: typeof body === "string" ? JSON.stringify(body) : body }]);
  expect(received).toEqual({
    event: "response_received",
    operation,
    attempt: 1,
    milliseconds,
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
    { event: "request_sent", operation, attempt: 1 },
    { event: "request_failed", operation, attempt: 1, milliseconds, ...fields },
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
