import { describe, expect, test } from "vitest";
import { parseEventFilter } from "./event-filter.ts";
import type { SandboxEvent } from "./sandbox-events.ts";

const common = { at: "2026-12-01T00:00:00.000Z", durationMs: 1, clientId: "SANDBOX_A", vaultingRequestId: "order-17" };
const call: SandboxEvent = {
  ...common,
  kind: "call",
  sequence: 1,
  path: "/",
  operation: "vaultPaymentMethod",
  resultCode: "RISK_REJECT",
  resultStatus: "F",
  signed: true,
  request: "",
  response: "",
  fault: "response-delayed",
};
const attempt: SandboxEvent = {
  ...common,
  kind: "notification",
  operation: "notifyVaulting",
  notification: 2,
  number: 1,
  url: "http://127.0.0.1/",
  outcome: "UNEXPECTED_HTTP_STATUS",
  httpStatus: 500,
  resultCode: "SUCCESS",
  resultStatus: "S",
  request: { path: "/", headers: {}, fault: "notification-duplicated" },
};

describe("parseEventFilter", () => {
  test.each<[string | undefined, boolean, boolean]>([
    [undefined, true, true],
    ["kind=call", true, false],
    ["operation=notifyVaulting", false, true],
    ["code=SUCCESS", false, true],
    ["code=success|risk_reject", true, true],
    ["status=F", true, false],
    ["status=500", false, true],
    ["status=unexpected_http_status|U", false, true],
    ["client=SANDBOX_A, id=order-17", true, true],
    ["client=SANDBOX_B", false, false],
    ["fault=response-delayed", true, false],
    ["fault=notification-duplicated", false, true],
    ["code=SUCCESS,kind=call", false, false],
  ])("parses %s into a filter that matches the call: %s, and the notification: %s", (filter, matchesCall, matchesAttempt) => {
    const matches = parseEventFilter(filter);
    expect([matches(call), matches(attempt)]).toEqual([matchesCall, matchesAttempt]);
  });

  test.each([
    ["hue=red", "The keys are kind, operation, code, status, client, id, fault."],
    ["codes=X", "Did you mean code?"],
    ["code", "--filter must be a list such as"],
    ["toString=x", "--filter must be a list such as"],
    ["kind=calls", "kind in --filter must be one of call, notification. Did you mean call?"],
    ["operation=vaultPayment", "operation in --filter must be one of vaultPaymentMethod,"],
  ])("rejects %s and says how to fix it", (filter, expected) => {
    expect(() => parseEventFilter(filter)).toThrow(expected);
  });

  test("never quotes a value", () => {
    expect(() => parseEventFilter("kind=917391")).not.toThrow(/917/);
    expect(() => parseEventFilter("pin=917391")).toThrow(/^(?!.*917)/);
  });
});
