import { expect, test } from "vitest";
import { parseGenerated } from "../machine/generated-documents.ts";
import { ATTEMPT_OUTCOMES, adviseAttempt, describeAttempt, NOTIFICATION_STATES } from "./attempt-outcomes.ts";
import type { ControlSchemas } from "./control-schemas.ts";

type Attempt = ControlSchemas["Attempt"];

const createAttempt = (attempt: Partial<Attempt>): Attempt => ({
  number: 1,
  at: "2026-03-01T09:00:00.000Z",
  durationMs: 1,
  outcome: "UNEXPECTED_HTTP_STATUS",
  ...attempt,
});

test("NOTIFICATION_STATES and ATTEMPT_OUTCOMES match the enums of the control API", () => {
  const { components } = parseGenerated<{
    readonly components: { readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[] }>> };
  }>("control.json");
  expect(ATTEMPT_OUTCOMES).toEqual(components.schemas["AttemptOutcome"]?.enum);
  expect(NOTIFICATION_STATES).toEqual(components.schemas["NotificationState"]?.enum);
});

test.each([
  [{ outcome: "ACKNOWLEDGED", httpStatus: 200 }, "Acknowledged. HTTP 200."],
  [{ httpStatus: 500, detail: "Return HTTP 200." }, "Not acknowledged. HTTP 500. Return HTTP 200."],
  [{ outcome: "TIMEOUT", detail: "It took too long" }, "No response in time. It took too long."],
] as const)("describeAttempt describes %j with the available HTTP status and detail, and ends each part with a period", (attempt, text) => {
  expect(describeAttempt(createAttempt(attempt))).toBe(text);
});

test("adviseAttempt returns advice for every failure, and for an acknowledgement only if the signature was missing or invalid", () => {
  const headers = { "client-id": "C", "request-time": "t" };
  const withFault = (fault: ControlSchemas["FaultKind"]) => ({ request: { path: "/", headers, fault } });
  for (const outcome of ATTEMPT_OUTCOMES)
    expect(adviseAttempt(createAttempt({ outcome })) === "", outcome).toBe(outcome === "ACKNOWLEDGED");
  expect(adviseAttempt(createAttempt({ httpStatus: 401 }))).toContain("string to sign");
  expect(adviseAttempt(createAttempt({ httpStatus: 404 }))).toContain("no route");
  expect(adviseAttempt(createAttempt({ httpStatus: 302 }))).toContain("Redirects are not followed");
  expect(adviseAttempt(createAttempt({ httpStatus: 500 }))).toContain("Your handler failed");
  expect(adviseAttempt(createAttempt({ httpStatus: 401, ...withFault("notification-unsigned") }))).toContain("fault");
  expect(
    adviseAttempt(createAttempt({ outcome: "ACKNOWLEDGED", ...withFault("notification-invalid-signature") })),
  ).toContain("verify every signature");
  expect(adviseAttempt(createAttempt({ outcome: "ACKNOWLEDGED", ...withFault("notification-duplicated") }))).toBe("");
});
