import { expect, test, vi } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { type ScriptedResponse, startScriptedGateway } from "../testing/servers/scripted-gateway.ts";
import type { LogEntry, VaultClientOptions } from "./index.ts";

/** What a client logs of a call that is answered so. */
async function logOf(
  answers: readonly ScriptedResponse[],
  options: Partial<VaultClientOptions> = {},
): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  await using gateway = await startScriptedGateway((_, number) => answers[number - 1] ?? {});
  const client = gateway.client({ logger: (entry) => entries.push(entry), ...options });
  await client.vaultPaymentMethod(messages.vaultRequest).catch(() => {});
  return entries;
}

const operation = "vaultPaymentMethod";
const milliseconds = expect.any(Number);

test("each step is told, in fields that are fixed", async () => {
  const entries = await logOf([
    { fault: "reset" },
    { body: messages.unknownResponse() },
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
    "a status that is none",
    { ...messages.vaultedResponse, result: { ...messages.successResult, resultStatus: "4054" } },
    { resultCode: "SUCCESS" },
  ],
  ["a code with digits in it", messages.failedResponse("CARD_4054"), { resultStatus: "F" }],
  ["values that are no text", { result: { resultStatus: 4054, resultCode: ["4054"] } }, {}],
  ["no result", { result: null }, {}],
  ["no object", "4054", {}],
])("%s is not logged", async (_, body, words) => {
  const [, answered] = await logOf([{ body: typeof body === "string" ? JSON.stringify(body) : body }]);
  expect(answered).toEqual({
    event: "response_received",
    operation,
    attempt: 1,
    milliseconds,
    httpStatus: 200,
    ...words,
  });
});

test.each<[Partial<LogEntry>, ScriptedResponse]>([
  [{ errorCode: "SIGNATURE_MISSING" }, { signed: false }],
  [{ errorCode: "SIGNATURE_INVALID" }, { signed: { path: "/" } }],
  [{ errorCode: "UNEXPECTED_HTTP_STATUS", httpStatus: 500 }, { status: 500 }],
  [{ errorCode: "REDIRECT_NOT_ALLOWED" }, { status: 307 }],
  [{ errorCode: "RESPONSE_TOO_LARGE" }, { body: "x".repeat(70_000) }],
  [{ errorCode: "TIMEOUT" }, { fault: "silence" }],
])("an answer that is refused for good is logged: %j", async (told, answer) => {
  const entries = await logOf([{ body: messages.vaultedResponse, ...answer }], answer.fault ? { timeoutMs: 100 } : {});
  expect(entries).toEqual([
    { event: "request_sent", operation, attempt: 1 },
    { event: "request_failed", operation, attempt: 1, milliseconds, ...told },
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
])("a logger that %s harms nothing", async (_, logger) => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
  const outcome = await gateway.client({ logger }).vaultPaymentMethod(messages.vaultRequest);
  expect(outcome).toHaveProperty("outcome", "vaulted");
  await new Promise(setImmediate);
  expect(unhandled).not.toHaveBeenCalled();
  process.off("unhandledRejection", unhandled);
});
