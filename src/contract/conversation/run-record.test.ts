import { describe, expect, test } from "vitest";
import { exchangeOf, failureOf, reading, success } from "../../testing/messages/exchanges.ts";
import { notificationOf } from "../../testing/messages/notifications.ts";
import { Ledger } from "./run-record.ts";

describe("a ledger", () => {
  test("is of a whole run only where that is said", () => {
    expect(new Ledger().isWhole).toBe(false);
  });

  test("knows what came, by the schema that it is and by its code, of each operation apart", async () => {
    const ledger = new Ledger();
    const answer = { ...success(), vaultingStatus: "SUCCESS" };
    ledger.observe(await exchangeOf({ operation: "inquireVaulting", answer }));
    expect(ledger.hasSeen("inquireVaulting", "SUCCESS")).toBe(true);
    expect(ledger.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
    expect(ledger.hasSeen("inquireVaulting", "PROCESS_FAIL")).toBe(false);
    ledger.observe(await exchangeOf());
    expect(ledger.hasSeen("vaultPaymentMethod", "VaultPaymentMethodVaulted")).toBe(true);
    expect(ledger.hasSeen("vaultPaymentMethod", "VaultPaymentMethodFailed")).toBe(false);
  });

  test("counts no answer that breaks the document as seen", async () => {
    const ledger = new Ledger();
    ledger.observe(await exchangeOf({ answer: success({ extra: 1 }) }));
    expect(ledger.hasSeen("vaultPaymentMethod", "SUCCESS")).toBe(false);
  });

  test("knows what was put, by operation, place, constraint and side", () => {
    const ledger = new Ledger();
    const constraint = { operation: "vaultPaymentMethod", pointer: "/env", keyword: "type" } as const;
    ledger.notePut(constraint, "accepted");
    expect(ledger.wasPut(constraint, "accepted")).toBe(true);
    expect(ledger.wasPut(constraint, "refused")).toBe(false);
    for (const other of [{ operation: "inquireVaulting" }, { pointer: "/" }, { keyword: "enum" }] as const)
      expect(ledger.wasPut({ ...constraint, ...other }, "accepted")).toBe(false);
  });
});

describe("a rule for all answers", () => {
  test("that was never broken says nothing", async () => {
    const ledger = new Ledger();
    ledger.observe(await exchangeOf());
    expect(failureOf(() => ledger.expectNeverBroken("vaultPaymentMethod", "echo"))).toBeUndefined();
  });

  test("that was broken shows the first answer, and how many there were", async () => {
    const ledger = new Ledger();
    ledger.observe(await exchangeOf());
    for (const vaultingRequestId of ["id-2", "id-3"])
      ledger.observe(await exchangeOf({ answer: success({ vaultingRequestId }) }));
    const [what, many, sent, came] = (
      failureOf(() => ledger.expectNeverBroken("vaultPaymentMethod", "echo")) ?? ""
    ).split("\n");
    expect(what).toBe("vaultingRequestId is not the request's.");
    expect(many).toBe("So it was in 2 of 3 answers of the run.");
    expect(sent).toMatch(/^Sent: /);
    expect(came).toMatch(/"vaultingRequestId":"id-2"/);
    expect(failureOf(() => ledger.expectNeverBroken("inquireVaulting", "echo"))).toBeUndefined();
    expect(failureOf(() => ledger.expectNeverBroken("vaultPaymentMethod", "masked"))).toBeUndefined();
  });

  test("is not held against an answer that it does not apply to", async () => {
    const ledger = new Ledger();
    ledger.observe(await exchangeOf({ status: 500, answer: "<html>" }));
    for (const rule of ["signed", "echo", "masked", "response-time"])
      expect(failureOf(() => ledger.expectNeverBroken("vaultPaymentMethod", rule))).toBeUndefined();
    expect(failureOf(() => ledger.expectNeverBroken("vaultPaymentMethod", "documented"))).toMatch(/status is 500/);
  });
});

describe("notifications", () => {
  test("are counted, seen by the schema that they are, and held against their own rules", async () => {
    const ledger = new Ledger();
    expect(ledger.notifications).toBe(0);
    ledger.observeNotification(await notificationOf(), reading);
    expect(ledger.notifications).toBe(1);
    expect(failureOf(() => ledger.expectNeverBroken("notifyVaulting", "signed"))).toBeUndefined();
    ledger.observeNotification(await notificationOf({ headers: { signature: undefined } }), reading);
    expect(ledger.notifications).toBe(2);
    expect(failureOf(() => ledger.expectNeverBroken("notifyVaulting", "signed"))).toMatch(
      /^The notification's signature is refused.*\nSo it was in 1 of 2 notifications of the run\.\nCame: POST /,
    );
    expect(ledger.hasSeen("notifyVaulting", "VaultingNotificationVaulted")).toBe(true);
  });
});
