import { describe, expect, test } from "vitest";
import { catchFailure, createExchange, responseContext, successBody } from "../../testing/messages/exchanges.ts";
import { createNotification } from "../../testing/messages/notifications.ts";
import { RunRecord } from "./run-record.ts";

describe("a ledger", () => {
  test("is of a whole run only where that is said", () => {
    expect(new RunRecord().isComplete).toBe(false);
  });

  test("knows what came, by the schema that it is and by its code, of each operation apart", async () => {
    const ledger = new RunRecord();
    const answer = { ...successBody(), vaultingStatus: "SUCCESS" };
    ledger.observe(await createExchange({ operation: "inquireVaulting", responseBody: answer }));
    expect(ledger.hasSeen("inquireVaulting", "SUCCESS")).toBe(true);
    expect(ledger.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
    expect(ledger.hasSeen("inquireVaulting", "PROCESS_FAIL")).toBe(false);
    ledger.observe(await createExchange());
    expect(ledger.hasSeen("vaultPaymentMethod", "VaultPaymentMethodVaulted")).toBe(true);
    expect(ledger.hasSeen("vaultPaymentMethod", "VaultPaymentMethodFailed")).toBe(false);
  });

  test("counts no answer that breaks the document as seen", async () => {
    const ledger = new RunRecord();
    ledger.observe(await createExchange({ responseBody: successBody({ extra: 1 }) }));
    expect(ledger.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
  });

  test("knows what was put, by operation, place, constraint and side", () => {
    const ledger = new RunRecord();
    const constraint = { operation: "vaultPaymentMethod", pointer: "/env", keyword: "type" } as const;
    ledger.markTested(constraint, "accepted");
    expect(ledger.wasTested(constraint, "accepted")).toBe(true);
    expect(ledger.wasTested(constraint, "rejected")).toBe(false);
    for (const other of [{ operation: "inquireVaulting" }, { pointer: "/" }, { keyword: "enum" }] as const)
      expect(ledger.wasTested({ ...constraint, ...other }, "accepted")).toBe(false);
  });
});

describe("a rule for all answers", () => {
  test("that was never broken says nothing", async () => {
    const ledger = new RunRecord();
    ledger.observe(await createExchange());
    expect(catchFailure(() => ledger.expectNoViolation("vaultPaymentMethod", "echo"))).toBeUndefined();
  });

  test("that was broken shows the first answer, and how many there were", async () => {
    const ledger = new RunRecord();
    ledger.observe(await createExchange());
    for (const vaultingRequestId of ["id-2", "id-3"])
      ledger.observe(await createExchange({ responseBody: successBody({ vaultingRequestId }) }));
    const [what, many, sent, came] = (
      catchFailure(() => ledger.expectNoViolation("vaultPaymentMethod", "echo")) ?? ""
    ).split("\n");
    expect(what).toBe("vaultingRequestId is not the request's.");
    expect(many).toBe("So it was in 2 of 3 answers of the run.");
    expect(sent).toMatch(/^Sent: /);
    expect(came).toMatch(/"vaultingRequestId":"id-2"/);
    expect(catchFailure(() => ledger.expectNoViolation("inquireVaulting", "echo"))).toBeUndefined();
    expect(catchFailure(() => ledger.expectNoViolation("vaultPaymentMethod", "masked"))).toBeUndefined();
  });

  test("is not held against an answer that it does not apply to", async () => {
    const ledger = new RunRecord();
    ledger.observe(await createExchange({ status: 500, responseBody: "<html>" }));
    for (const rule of ["signed", "echo", "masked", "response-time"])
      expect(catchFailure(() => ledger.expectNoViolation("vaultPaymentMethod", rule))).toBeUndefined();
    expect(catchFailure(() => ledger.expectNoViolation("vaultPaymentMethod", "documented"))).toMatch(/status is 500/);
  });
});

describe("notifications", () => {
  test("are counted, seen by the schema that they are, and held against their own rules", async () => {
    const ledger = new RunRecord();
    expect(ledger.notificationCount).toBe(0);
    ledger.observeNotification(await createNotification(), responseContext);
    expect(ledger.notificationCount).toBe(1);
    expect(catchFailure(() => ledger.expectNoViolation("notifyVaulting", "signed"))).toBeUndefined();
    ledger.observeNotification(await createNotification({ headers: { signature: undefined } }), responseContext);
    expect(ledger.notificationCount).toBe(2);
    expect(catchFailure(() => ledger.expectNoViolation("notifyVaulting", "signed"))).toMatch(
      /^The notification's signature is refused.*\nSo it was in 1 of 2 notifications of the run\.\nCame: POST /,
    );
    expect(ledger.hasSeen("notifyVaulting", "VaultingNotificationVaulted")).toBe(true);
  });
});
