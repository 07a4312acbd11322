import { describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import { CLIENT_ID, exchangeOf, reading, resultOnly, success } from "../../testing/messages/exchanges.ts";
import { notificationOf } from "../../testing/messages/notifications.ts";
import { PKCS8, SPKI } from "../../testing/messages/signature-vectors.ts";
import { Ledger } from "../conversation/run-record.ts";
import { Conversation } from "../conversation/target-client.ts";
import { notificationExamples } from "../document/openapi-document.ts";
import { constraintsOf, hasTwoSides } from "../document/request-constraints.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import type { Ability } from "../model/target.ts";
import type { Check } from "./check.ts";
import {
  codeCoverage,
  coverage,
  coverageChecks,
  messageCoverage,
  requestCoverage,
  unreachable,
} from "./coverage-checks.ts";

/** A ledger of a run that put every constraint of an operation's request. */
function puttingAll(operation: OperationId, but = (_: string): boolean => false): Ledger {
  const ledger = new Ledger();
  for (const constraint of constraintsOf(operation)) {
    for (const side of ["accepted", "refused"] as const) {
      const name = `${constraint.pointer} ${constraint.keyword} ${side}`;
      if ((side === "accepted" || hasTwoSides(constraint)) && !but(name)) ledger.notePut(constraint, side);
    }
  }
  return ledger;
}

describe("the constraints of a request", () => {
  test.each(operations)("%s: all, from both sides, or none", (operation) => {
    const total = constraintsOf(operation).length;
    const row = { subject: operation, of: "constraints", total };
    expect(requestCoverage(puttingAll(operation), operation)).toEqual({ ...row, met: total, missing: [] });
    const none = requestCoverage(new Ledger(), operation);
    expect(none).toMatchObject({ ...row, met: 0 });
    expect(none.missing).toHaveLength(total);
  });

  test("one that was put from one side only is missing, with the side that was not", () => {
    const of = (but: string) =>
      requestCoverage(
        puttingAll("inquireVaulting", (name) => name === but),
        "inquireVaulting",
      ).missing;
    expect(of("/vaultingRequestId maxLength accepted")).toEqual([
      "/vaultingRequestId: maxLength (nothing that is to be accepted)",
    ]);
    expect(of("/vaultingRequestId maxLength refused")).toEqual([
      "/vaultingRequestId: maxLength (nothing that is to be refused)",
    ]);
    expect(of(" additional accepted")).toEqual(["the body: additional (nothing that is to be accepted)"]);
  });
});

describe("what came", () => {
  test("the kinds of an answer and its codes, by name", async () => {
    const ledger = new Ledger();
    ledger.observe(await exchangeOf());
    ledger.observe(await exchangeOf({ answer: resultOnly("PROCESS_FAIL", "F") }));
    const kinds = messageCoverage(ledger, "vaultPaymentMethod");
    expect(kinds).toEqual({
      subject: "vaultPaymentMethod",
      of: "messages",
      total: 5,
      met: 2,
      missing: [
        "VaultPaymentMethodVerificationRequired",
        "VaultPaymentMethodVerificationWithoutUrl",
        "VaultPaymentMethodUnknown",
      ],
    });
    const codes = codeCoverage(ledger, "vaultPaymentMethod");
    const known = resultCodes.vaultPaymentMethod.map(({ code }) => code);
    expect(codes).toMatchObject({ subject: "vaultPaymentMethod", of: "codes", total: known.length, met: 2 });
    expect(codes.missing).toEqual(known.filter((code) => code !== "SUCCESS" && code !== "PROCESS_FAIL"));
    expect(messageCoverage(ledger, "inquireVaulting").met).toBe(0);
  });

  test("the kinds of a notification", async () => {
    const ledger = new Ledger();
    const missing = () => messageCoverage(ledger, "notifyVaulting").missing;
    expect(missing()).toEqual(["VaultingNotificationVaulted", "VaultingNotificationFailed"]);
    ledger.observeNotification(await notificationOf(), reading);
    expect(missing()).toEqual(["VaultingNotificationFailed"]);
    ledger.observeNotification(await notificationOf({ body: failedNotification }), reading);
    expect(messageCoverage(ledger, "notifyVaulting")).toMatchObject({ total: 2, met: 2, missing: [] });
  });

  test("every row is in the report once", () => {
    const rows = coverage(new Ledger()).map(({ subject, of }) => `${subject} ${of}`);
    expect(rows).toEqual([
      ...operations.map((operation) => `${operation} constraints`),
      ...operations.map((operation) => `${operation} messages`),
      ...operations.map((operation) => `${operation} codes`),
      "notifyVaulting messages",
    ]);
  });
});

const failedNotification = notificationExamples().get("CARD_EXPIRED");

/** A ledger that has seen a vaulting come to each of its two ends. */
async function bothEnds(): Promise<Ledger> {
  const ledger = new Ledger();
  const answers = [
    success({ vaultingStatus: "SUCCESS" }),
    { ...success({ vaultingStatus: "FAIL", vaultingResultCode: "CARD_EXPIRED" }), paymentMethodDetail: undefined },
  ];
  for (const answer of answers) ledger.observe(await exchangeOf({ operation: "inquireVaulting", answer }));
  return ledger;
}

describe("what a target cannot be brought to show", () => {
  const rowOf = (of: "constraints" | "messages" | "codes", subject: "vaultPaymentMethod" | "notifyVaulting") => ({
    subject,
    of,
    total: 1,
    met: 0,
    missing: ["x"],
  });

  test("no constraint: a request is the run's own", () => {
    expect(unreachable([], rowOf("constraints", "vaultPaymentMethod"), new Ledger())).toBeUndefined();
  });

  test.each(["messages", "codes"] as const)("%s, where it cannot be told what to answer", (of) => {
    const row = rowOf(of, "vaultPaymentMethod");
    expect(unreachable(undefined, row, new Ledger())).toBe("The target cannot be told what to answer.");
    expect(unreachable(["notifies"], row, new Ledger())).toBe("The target cannot be told what to answer.");
    expect(unreachable(["chosen-answers"], row, new Ledger())).toBeUndefined();
  });

  test("notifications, where it reaches no listener or no vaulting came to both ends", async () => {
    const row = rowOf("messages", "notifyVaulting");
    const ledger = await bothEnds();
    expect(unreachable(["chosen-answers"], row, ledger)).toBe("The target cannot reach a listener of the run's.");
    expect(unreachable(["notifies"], row, ledger)).toBeUndefined();
    const oneEnd = new Ledger();
    oneEnd.observe(await exchangeOf({ operation: "inquireVaulting", answer: success({ vaultingStatus: "SUCCESS" }) }));
    for (const without of [new Ledger(), oneEnd])
      expect(unreachable(["notifies"], row, without)).toMatch(/no vaulting came to each of the two ends/);
  });
});

describe("the checks of the run itself", () => {
  const checkOf = (id: string): Check =>
    coverageChecks().find((each) => each.id === id) ?? expect.fail(`there is no check ${id}`);

  /** What a check of a run throws; `undefined` where it passes. */
  async function outcome(
    id: string,
    ledger: Ledger,
    abilities: readonly Ability[] = ["chosen-answers"],
    isWhole = true,
  ) {
    ledger.isWhole = isWhole;
    const target = { name: "x", baseUrl: "http://x.example", clientId: CLIENT_ID, abilities };
    const conversation = await Conversation.open(
      { ...target, merchantPrivateKey: PKCS8, antomPublicKey: SPKI },
      ledger,
    );
    return checkOf(id)
      .run(conversation)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  }

  test("are there for each count, and run once everything has", () => {
    const ids = operations.flatMap((operation) =>
      ["request", "answers", "codes"].map((count) => `${operation}.coverage.${count}`),
    );
    expect(coverageChecks().map(({ id }) => id)).toEqual([...ids, "notifyVaulting.coverage.notifications"]);
    for (const { id, operation, after, source, title } of coverageChecks()) {
      const kind = operation === "notifyVaulting" ? "VaultingNotification" : `${operation}Response`;
      expect([after, id.startsWith(`${operation}.`)]).toEqual(["everything", true]);
      expect(source.toLowerCase()).toBe(`/components/schemas/${kind}`.toLowerCase());
      expect(title).toMatch(/^every .* (?:seen|sides)$/);
    }
  });

  test("pass where nothing is missing", async () => {
    expect(await outcome("inquireVaulting.coverage.request", puttingAll("inquireVaulting"))).toBeUndefined();
  });

  test("fail with what is missing, five by name", async () => {
    const few = puttingAll("inquireVaulting", (name) => /^\/vaultingRequestId m\w+Length refused$/.test(name));
    const total = constraintsOf("inquireVaulting").length;
    const failure = await outcome("inquireVaulting.coverage.request", few);
    expect(failure).toBeInstanceOf(ContractFailure);
    expect((failure as Error).message).toBe(
      `Not everything was covered: ${total - 2} of ${total} constraints of the request; not ` +
        "/vaultingRequestId: minLength (nothing that is to be refused), /vaultingRequestId: maxLength (nothing that is to be refused).",
    );
    const kinds = await outcome("vaultPaymentMethod.coverage.answers", new Ledger());
    expect((kinds as Error).message).toMatch(
      /^Not everything was covered: 0 of 5 kinds of message; not (?:\w+, ){4}\w+\.$/,
    );
    const codes = await outcome("vaultPaymentMethod.coverage.codes", new Ledger());
    const more = resultCodes.vaultPaymentMethod.length - 5;
    expect((codes as Error).message).toMatch(
      new RegExp(`: 0 of ${more + 5} result codes; not (?:\\w+, ){4}\\w+ and ${more} more\\.$`),
    );
  });

  test("say nothing where only some checks were run, or where the target cannot show it", async () => {
    const partly = await outcome("inquireVaulting.coverage.request", new Ledger(), ["chosen-answers"], false);
    expect(partly).toBeInstanceOf(NotApplicable);
    expect((partly as Error).message).toBe("Only some of the checks were run.");
    const untold = await outcome("vaultPaymentMethod.coverage.codes", new Ledger(), []);
    expect(untold).toBeInstanceOf(NotApplicable);
    expect((untold as Error).message).toBe("The target cannot be told what to answer.");
    const unheard = await outcome("notifyVaulting.coverage.notifications", await bothEnds(), []);
    expect((unheard as Error).message).toBe("The target cannot reach a listener of the run's.");
  });
});
