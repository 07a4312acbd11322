import { describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import {
  CLIENT_ID,
  createExchange,
  responseContext,
  resultBody,
  successBody,
} from "../../testing/messages/exchanges.ts";
import { createNotification } from "../../testing/messages/notifications.ts";
import { PKCS8, SPKI } from "../../testing/messages/signature-vectors.ts";
import { RunRecord } from "../conversation/run-record.ts";
import { TargetClient } from "../conversation/target-client.ts";
import { canBeViolated, listConstraints } from "../document/list-constraints.ts";
import { getNotificationExamples } from "../document/openapi-document.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import type { Capability } from "../model/target.ts";
import type { Check } from "./check.ts";
import {
  coverageChecks,
  explainUnreachable,
  getCodeCoverage,
  getCoverage,
  getMessageCoverage,
  getRequestCoverage,
} from "./coverage-checks.ts";

/** A record of a run that put every constraint of an operation's request. */
function puttingAll(operation: OperationId, but = (_: string): boolean => false): RunRecord {
  const record = new RunRecord();
  for (const constraint of listConstraints(operation)) {
    for (const side of ["accepted", "rejected"] as const) {
      const name = `${constraint.pointer} ${constraint.keyword} ${side}`;
      if ((side === "accepted" || canBeViolated(constraint)) && !but(name)) record.markTested(constraint, side);
    }
  }
  return record;
}

describe("the constraints of a request", () => {
  test.each(operations)("%s: all, from both sides, or none", (operation) => {
    const total = listConstraints(operation).length;
    const row = { subject: operation, kind: "constraints", total };
    expect(getRequestCoverage(puttingAll(operation), operation)).toEqual({ ...row, met: total, missing: [] });
    const none = getRequestCoverage(new RunRecord(), operation);
    expect(none).toMatchObject({ ...row, covered: 0 });
    expect(none.missing).toHaveLength(total);
  });

  test("one that was put from one side only is missing, with the side that was not", () => {
    const of = (but: string) =>
      getRequestCoverage(
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
    const record = new RunRecord();
    record.observe(await createExchange());
    record.observe(await createExchange({ responseBody: resultBody("PROCESS_FAIL", "F") }));
    const kinds = getMessageCoverage(record, "vaultPaymentMethod");
    expect(kinds).toEqual({
      subject: "vaultPaymentMethod",
      kind: "messages",
      total: 5,
      covered: 2,
      missing: [
        "VaultPaymentMethodVerificationRequired",
        "VaultPaymentMethodVerificationWithoutUrl",
        "VaultPaymentMethodUnknown",
      ],
    });
    const codes = getCodeCoverage(record, "vaultPaymentMethod");
    const known = resultCodes.vaultPaymentMethod.map(({ code }) => code);
    expect(codes).toMatchObject({ subject: "vaultPaymentMethod", kind: "codes", total: known.length, covered: 2 });
    expect(codes.missing).toEqual(known.filter((code) => code !== "SUCCESS" && code !== "PROCESS_FAIL"));
    expect(getMessageCoverage(record, "inquireVaulting").covered).toBe(0);
  });

  test("the kinds of a notification", async () => {
    const record = new RunRecord();
    const missing = () => getMessageCoverage(record, "notifyVaulting").missing;
    expect(missing()).toEqual(["VaultingNotificationVaulted", "VaultingNotificationFailed"]);
    record.observeNotification(await createNotification(), responseContext);
    expect(missing()).toEqual(["VaultingNotificationFailed"]);
    record.observeNotification(await createNotification({ body: failedNotification }), responseContext);
    expect(getMessageCoverage(record, "notifyVaulting")).toMatchObject({ total: 2, covered: 2, missing: [] });
  });

  test("every row is in the report once", () => {
    const rows = getCoverage(new RunRecord()).map(({ subject, kind }) => `${subject} ${kind}`);
    expect(rows).toEqual([
      ...operations.map((operation) => `${operation} constraints`),
      ...operations.map((operation) => `${operation} messages`),
      ...operations.map((operation) => `${operation} codes`),
      "notifyVaulting messages",
    ]);
  });
});

const failedNotification = getNotificationExamples().get("CARD_EXPIRED");

/** A record that has seen a vaulting come to each of its two ends. */
async function bothEnds(): Promise<RunRecord> {
  const record = new RunRecord();
  const answers = [
    successBody({ vaultingStatus: "SUCCESS" }),
    { ...successBody({ vaultingStatus: "FAIL", vaultingResultCode: "CARD_EXPIRED" }), paymentMethodDetail: undefined },
  ];
  for (const answer of answers)
    record.observe(await createExchange({ operation: "inquireVaulting", responseBody: answer }));
  return record;
}

describe("what a target cannot be brought to show", () => {
  const rowOf = (kind: "constraints" | "messages" | "codes", subject: "vaultPaymentMethod" | "notifyVaulting") => ({
    subject,
    kind,
    total: 1,
    covered: 0,
    missing: ["x"],
  });

  test("no constraint: a request is the run's own", () => {
    expect(explainUnreachable([], rowOf("constraints", "vaultPaymentMethod"), new RunRecord())).toBeUndefined();
  });

  test.each(["messages", "codes"] as const)("%s, where it cannot be told what to answer", (of) => {
    const row = rowOf(of, "vaultPaymentMethod");
    expect(explainUnreachable(undefined, row, new RunRecord())).toBe("The target cannot be told what to answer.");
    expect(explainUnreachable(["notifications"], row, new RunRecord())).toBe(
      "The target cannot be told what to answer.",
    );
    expect(explainUnreachable(["forced-results"], row, new RunRecord())).toBeUndefined();
  });

  test("notifications, where it reaches no listener or no vaulting came to both ends", async () => {
    const row = rowOf("messages", "notifyVaulting");
    const record = await bothEnds();
    expect(explainUnreachable(["forced-results"], row, record)).toBe(
      "The target cannot reach a listener of the run's.",
    );
    expect(explainUnreachable(["notifications"], row, record)).toBeUndefined();
    const oneEnd = new RunRecord();
    oneEnd.observe(
      await createExchange({ operation: "inquireVaulting", responseBody: successBody({ vaultingStatus: "SUCCESS" }) }),
    );
    for (const without of [new RunRecord(), oneEnd])
      expect(explainUnreachable(["notifications"], row, without)).toMatch(/no vaulting came to each of the two ends/);
  });
});

describe("the checks of the run itself", () => {
  const checkOf = (id: string): Check =>
    coverageChecks().find((each) => each.id === id) ?? expect.fail(`there is no check ${id}`);

  /** What a check of a run throws; `undefined` where it passes. */
  async function outcome(
    id: string,
    record: RunRecord,
    abilities: readonly Capability[] = ["forced-results"],
    isWhole = true,
  ) {
    record.isComplete = isWhole;
    const target = { name: "x", baseUrl: "http://x.example", clientId: CLIENT_ID, abilities };
    const client = await TargetClient.open({ ...target, merchantPrivateKey: PKCS8, antomPublicKey: SPKI }, record);
    return checkOf(id)
      .run(client)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  }

  test("are there for each count, and run once everything has", () => {
    const ids = operations.flatMap((operation) =>
      ["request", "responses", "codes"].map((count) => `${operation}.coverage.${count}`),
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
    const total = listConstraints("inquireVaulting").length;
    const failure = await outcome("inquireVaulting.coverage.request", few);
    expect(failure).toBeInstanceOf(ContractFailure);
    expect((failure as Error).message).toBe(
      `Not everything was covered: ${total - 2} of ${total} constraints of the request; not ` +
        "/vaultingRequestId: minLength (nothing that is to be refused), /vaultingRequestId: maxLength (nothing that is to be refused).",
    );
    const kinds = await outcome("vaultPaymentMethod.coverage.responses", new RunRecord());
    expect((kinds as Error).message).toMatch(
      /^Not everything was covered: 0 of 5 kinds of message; not (?:\w+, ){4}\w+\.$/,
    );
    const codes = await outcome("vaultPaymentMethod.coverage.codes", new RunRecord());
    const more = resultCodes.vaultPaymentMethod.length - 5;
    expect((codes as Error).message).toMatch(
      new RegExp(`: 0 of ${more + 5} result codes; not (?:\\w+, ){4}\\w+ and ${more} more\\.$`),
    );
  });

  test("say nothing where only some checks were run, or where the target cannot show it", async () => {
    const partly = await outcome("inquireVaulting.coverage.request", new RunRecord(), ["forced-results"], false);
    expect(partly).toBeInstanceOf(CheckSkipped);
    expect((partly as Error).message).toBe("Only some of the checks were run.");
    const untold = await outcome("vaultPaymentMethod.coverage.codes", new RunRecord(), []);
    expect(untold).toBeInstanceOf(CheckSkipped);
    expect((untold as Error).message).toBe("The target cannot be told what to answer.");
    const unheard = await outcome("notifyVaulting.coverage.notifications", await bothEnds(), []);
    expect((unheard as Error).message).toBe("The target cannot reach a listener of the run's.");
  });
});
