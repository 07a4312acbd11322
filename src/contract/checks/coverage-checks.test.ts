import { describe, expect, test } from "vitest";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import {
  CLIENT_ID,
  createExchange,
  createResultBody,
  createSuccessBody,
  responseContext,
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
  createCoverageChecks,
  explainUnreachable,
  getCodeCoverage,
  getCoverage,
  getMessageCoverage,
  getRequestCoverage,
} from "./coverage-checks.ts";

/** Creates the record of a run that tested all constraints of a request, except for the excluded ones. */
function createRecord(operation: OperationId, isExcluded = (_: string): boolean => false): RunRecord {
  const record = new RunRecord();
  for (const constraint of listConstraints(operation)) {
    for (const side of ["accepted", "rejected"] as const) {
      const name = `${constraint.pointer} ${constraint.keyword} ${side}`;
      if ((side === "accepted" || canBeViolated(constraint)) && !isExcluded(name)) record.markTested(constraint, side);
    }
  }
  return record;
}

describe("getRequestCoverage", () => {
  test.each(operations)("counts the tested constraints of %s", (operation) => {
    const total = listConstraints(operation).length;
    const row = { subject: operation, kind: "constraints", total };
    expect(getRequestCoverage(createRecord(operation), operation)).toEqual({ ...row, covered: total, missing: [] });
    const none = getRequestCoverage(new RunRecord(), operation);
    expect(none).toMatchObject({ ...row, covered: 0 });
    expect(none.missing).toHaveLength(total);
  });

  test("lists a constraint that was tested only with valid or only with invalid values", () => {
    const getMissing = (excluded: string) =>
      getRequestCoverage(
        createRecord("inquireVaulting", (name) => name === excluded),
        "inquireVaulting",
      ).missing;
    expect(getMissing("/vaultingRequestId maxLength accepted")).toEqual([
      "/vaultingRequestId: maxLength (no valid request sent)",
    ]);
    expect(getMissing("/vaultingRequestId maxLength rejected")).toEqual([
      "/vaultingRequestId: maxLength (no invalid request sent)",
    ]);
    expect(getMissing(" unknown-field accepted")).toEqual(["the body: unknown-field (no valid request sent)"]);
  });
});

describe("coverage of received messages", () => {
  test("counts response types and result codes", async () => {
    const record = new RunRecord();
    record.observe(await createExchange());
    record.observe(await createExchange({ responseBody: createResultBody("PROCESS_FAIL", "F") }));
    const messages = getMessageCoverage(record, "vaultPaymentMethod");
    expect(messages).toEqual({
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

  test("counts notification types", async () => {
    const record = new RunRecord();
    const getMissing = () => getMessageCoverage(record, "notifyVaulting").missing;
    expect(getMissing()).toEqual(["VaultingNotificationVaulted", "VaultingNotificationFailed"]);
    record.observeNotification(await createNotification(), responseContext);
    expect(getMissing()).toEqual(["VaultingNotificationFailed"]);
    record.observeNotification(await createNotification({ body: failedNotification }), responseContext);
    expect(getMessageCoverage(record, "notifyVaulting")).toMatchObject({ total: 2, covered: 2, missing: [] });
  });
});

test("getCoverage returns each row once", () => {
  const rows = getCoverage(new RunRecord()).map(({ subject, kind }) => `${subject} ${kind}`);
  expect(rows).toEqual([
    ...operations.map((operation) => `${operation} constraints`),
    ...operations.map((operation) => `${operation} messages`),
    ...operations.map((operation) => `${operation} codes`),
    "notifyVaulting messages",
  ]);
});

const failedNotification = getNotificationExamples().get("CARD_EXPIRED");

/** Creates the record of a run whose inquiries returned a successful and a failed vaulting. */
async function createRecordWithBothResults(): Promise<RunRecord> {
  const record = new RunRecord();
  const responseBodies = [
    createSuccessBody({ vaultingStatus: "SUCCESS" }),
    {
      ...createSuccessBody({ vaultingStatus: "FAIL", vaultingResultCode: "CARD_EXPIRED" }),
      paymentMethodDetail: undefined,
    },
  ];
  for (const responseBody of responseBodies)
    record.observe(await createExchange({ operation: "inquireVaulting", responseBody }));
  return record;
}

describe("explainUnreachable", () => {
  const createRow = (kind: "constraints" | "messages" | "codes", subject: "vaultPaymentMethod" | "notifyVaulting") => ({
    subject,
    kind,
    total: 1,
    covered: 0,
    missing: ["x"],
  });

  test("returns undefined for constraints", () => {
    expect(explainUnreachable([], createRow("constraints", "vaultPaymentMethod"), new RunRecord())).toBeUndefined();
  });

  test.each([
    "messages",
    "codes",
  ] as const)("explains missing %s if the run cannot make the target return a specific result code", (kind) => {
    const row = createRow(kind, "vaultPaymentMethod");
    expect(explainUnreachable(undefined, row, new RunRecord())).toBe(
      "The run cannot make the target return a specific result code.",
    );
    expect(explainUnreachable(["notifications"], row, new RunRecord())).toBe(
      "The run cannot make the target return a specific result code.",
    );
    expect(explainUnreachable(["forced-results"], row, new RunRecord())).toBeUndefined();
  });

  test("explains missing notifications for a target that cannot send them or has not returned both a success and a failure", async () => {
    const row = createRow("messages", "notifyVaulting");
    const record = await createRecordWithBothResults();
    expect(explainUnreachable(["forced-results"], row, record)).toBe(
      "The target cannot send notifications to this computer.",
    );
    expect(explainUnreachable(["notifications"], row, record)).toBeUndefined();
    const oneResult = new RunRecord();
    oneResult.observe(
      await createExchange({
        operation: "inquireVaulting",
        responseBody: createSuccessBody({ vaultingStatus: "SUCCESS" }),
      }),
    );
    for (const incomplete of [new RunRecord(), oneResult])
      expect(explainUnreachable(["notifications"], row, incomplete)).toMatch(
        /did not return both a successful and a failed vaulting/,
      );
  });
});

describe("coverage checks", () => {
  const findCheck = (id: string): Check =>
    createCoverageChecks().find((check) => check.id === id) ?? expect.fail(`no check ${id}`);

  /** Returns the error of a check, or `undefined` if it passes. */
  async function runCoverageCheck(
    id: string,
    record: RunRecord,
    capabilities: readonly Capability[] = ["forced-results"],
    isComplete = true,
  ) {
    record.isComplete = isComplete;
    const target = { name: "x", baseUrl: "http://x.example", clientId: CLIENT_ID, capabilities };
    const client = await TargetClient.open({ ...target, merchantPrivateKey: PKCS8, antomPublicKey: SPKI }, record);
    return findCheck(id)
      .run(client)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  }

  test("exist for each kind of coverage and run last", () => {
    const ids = operations.flatMap((operation) =>
      ["request", "responses", "codes"].map((kind) => `${operation}.coverage.${kind}`),
    );
    expect(createCoverageChecks().map(({ id }) => id)).toEqual([...ids, "notifyVaulting.coverage.notifications"]);
    for (const { id, operation, after, source, title } of createCoverageChecks()) {
      const kind = operation === "notifyVaulting" ? "VaultingNotification" : `${operation}Response`;
      expect([after, id.startsWith(`${operation}.`)]).toEqual(["everything", true]);
      expect(source.toLowerCase()).toBe(`/components/schemas/${kind}`.toLowerCase());
      expect(title).toMatch(/^(?:was tested with|returned every|sent every) /);
    }
  });

  test("pass if nothing is missing", async () => {
    expect(await runCoverageCheck("inquireVaulting.coverage.request", createRecord("inquireVaulting"))).toBeUndefined();
  });

  test("fail if an item is missing, and name up to 5 missing items", async () => {
    const record = createRecord("inquireVaulting", (name) => /^\/vaultingRequestId m\w+Length rejected$/.test(name));
    const total = listConstraints("inquireVaulting").length;
    const failure = await runCoverageCheck("inquireVaulting.coverage.request", record);
    expect(failure).toBeInstanceOf(ContractFailure);
    expect((failure as Error).message).toBe(
      `Coverage is incomplete: ${total - 2} of ${total} request constraints; missing ` +
        "/vaultingRequestId: minLength (no invalid request sent), /vaultingRequestId: maxLength (no invalid request sent).",
    );
    const messages = await runCoverageCheck("vaultPaymentMethod.coverage.responses", new RunRecord());
    expect((messages as Error).message).toMatch(
      /^Coverage is incomplete: 0 of 5 message types; missing (?:\w+, ){4}\w+\.$/,
    );
    const codes = await runCoverageCheck("vaultPaymentMethod.coverage.codes", new RunRecord());
    const rest = resultCodes.vaultPaymentMethod.length - 5;
    expect((codes as Error).message).toMatch(
      new RegExp(`: 0 of ${rest + 5} result codes; missing (?:\\w+, ){4}\\w+, and ${rest} more\\.$`),
    );
  });

  test("are skipped if checks were excluded, or if the run cannot cover the row", async () => {
    const incomplete = await runCoverageCheck(
      "inquireVaulting.coverage.request",
      new RunRecord(),
      ["forced-results"],
      false,
    );
    expect(incomplete).toBeInstanceOf(CheckSkipped);
    expect((incomplete as Error).message).toBe("Not all checks were run.");
    const withoutResults = await runCoverageCheck("vaultPaymentMethod.coverage.codes", new RunRecord(), []);
    expect(withoutResults).toBeInstanceOf(CheckSkipped);
    expect((withoutResults as Error).message).toBe("The run cannot make the target return a specific result code.");
    const withoutNotifications = await runCoverageCheck(
      "notifyVaulting.coverage.notifications",
      await createRecordWithBothResults(),
      [],
    );
    expect((withoutNotifications as Error).message).toBe("The target cannot send notifications to this computer.");
  });
});
