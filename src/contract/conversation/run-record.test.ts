import { describe, expect, test } from "vitest";
import {
  catchFailure,
  createExchange,
  createResultBody,
  createSuccessBody,
  responseContext,
} from "../../testing/messages/exchanges.ts";
import { createNotification } from "../../testing/messages/notifications.ts";
import { RunRecord } from "./run-record.ts";

describe("RunRecord", () => {
  test("is marked as incomplete by default", () => {
    expect(new RunRecord().isComplete).toBe(false);
  });

  test("records the schemas and result codes of responses by operation", async () => {
    const record = new RunRecord();
    const responseBody = { ...createSuccessBody(), vaultingStatus: "SUCCESS" };
    record.observe(await createExchange({ operation: "inquireVaulting", responseBody }));
    expect(record.hasSeen("inquireVaulting", "SUCCESS")).toBe(true);
    expect(record.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
    expect(record.hasSeen("inquireVaulting", "PROCESS_FAIL")).toBe(false);
    record.observe(await createExchange());
    expect(record.hasSeen("vaultPaymentMethod", "VaultPaymentMethodVaulted")).toBe(true);
    expect(record.hasSeen("vaultPaymentMethod", "VaultPaymentMethodFailed")).toBe(false);
  });

  test("does not record invalid responses as seen", async () => {
    const record = new RunRecord();
    record.observe(await createExchange({ responseBody: createSuccessBody({ extra: 1 }) }));
    expect(record.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
  });

  test("counts unsigned errors, except in responses to requests with an invalid signature", async () => {
    const record = new RunRecord();
    const unsigned = {
      headers: { signature: undefined, "response-time": undefined },
      responseBody: createResultBody("PROCESS_FAIL", "F"),
    };
    record.observe(await createExchange(unsigned));
    expect(record.hasSeen("vaultPaymentMethod", "signed")).toBe(false);
    record.observe(await createExchange());
    record.observe(await createExchange({ headers: unsigned.headers }));
    record.observe(await createExchange({ ...unsigned, request: { expect: "signature-rejected" } }));
    expect(record.unsignedErrors).toBe(1);
    expect(record.hasSeen("vaultPaymentMethod", "signed")).toBe(true);
  });

  test("records tested constraints by operation, pointer, keyword, and side", () => {
    const record = new RunRecord();
    const constraint = { operation: "vaultPaymentMethod", pointer: "/env", keyword: "type" } as const;
    record.markTested(constraint, "accepted");
    expect(record.wasTested(constraint, "accepted")).toBe(true);
    expect(record.wasTested(constraint, "rejected")).toBe(false);
    for (const other of [{ operation: "inquireVaulting" }, { pointer: "/" }, { keyword: "enum" }] as const)
      expect(record.wasTested({ ...constraint, ...other }, "accepted")).toBe(false);
  });
});

describe("expectNoViolation", () => {
  test("passes if the rule was never violated", async () => {
    const record = new RunRecord();
    record.observe(await createExchange());
    expect(catchFailure(() => record.expectNoViolation("vaultPaymentMethod", "echo"))).toBeUndefined();
  });

  test("throws the first violation with the number of violations", async () => {
    const record = new RunRecord();
    record.observe(await createExchange());
    for (const vaultingRequestId of ["id-2", "id-3"])
      record.observe(await createExchange({ responseBody: createSuccessBody({ vaultingRequestId }) }));
    const [summary, count, request, response] = (
      catchFailure(() => record.expectNoViolation("vaultPaymentMethod", "echo")) ?? ""
    ).split("\n");
    expect(summary).toBe("Response does not echo the vaultingRequestId of the request.");
    expect(count).toBe("Affects 2 of 3 responses in this run.");
    expect(request).toMatch(/^Request: /);
    expect(response).toMatch(/"vaultingRequestId":"id-2"/);
    expect(catchFailure(() => record.expectNoViolation("inquireVaulting", "echo"))).toBeUndefined();
    expect(catchFailure(() => record.expectNoViolation("vaultPaymentMethod", "masked"))).toBeUndefined();
  });

  test("ignores responses to which the rule does not apply", async () => {
    const record = new RunRecord();
    record.observe(await createExchange({ status: 500, responseBody: "<html>" }));
    for (const rule of ["signed", "echo", "masked", "response-time"])
      expect(catchFailure(() => record.expectNoViolation("vaultPaymentMethod", rule))).toBeUndefined();
    expect(catchFailure(() => record.expectNoViolation("vaultPaymentMethod", "documented"))).toMatch(/status is 500/);
  });
});

describe("observeNotification", () => {
  test("counts notifications, records their schemas, and checks them against the rules", async () => {
    const record = new RunRecord();
    expect(record.notificationCount).toBe(0);
    record.observeNotification(await createNotification(), responseContext);
    expect(record.notificationCount).toBe(1);
    expect(catchFailure(() => record.expectNoViolation("notifyVaulting", "signed"))).toBeUndefined();
    record.observeNotification(await createNotification({ headers: { signature: undefined } }), responseContext);
    expect(record.notificationCount).toBe(2);
    expect(catchFailure(() => record.expectNoViolation("notifyVaulting", "signed"))).toMatch(
      /^Notification signature is invalid.*\nAffects 1 of 2 notifications in this run\.\nNotification: POST /,
    );
    expect(record.hasSeen("notifyVaulting", "VaultingNotificationVaulted")).toBe(true);
  });
});
