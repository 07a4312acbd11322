/** Measures how much of the OpenAPI document a run has tested, and checks that nothing is missing. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import type { RunRecord } from "../conversation/run-record.ts";
import { type Constraint, canBeViolated, listConstraints } from "../document/list-constraints.ts";
import {
  getNotificationSchema,
  getResponseMessage,
  type LocatedSchema,
  resolveReference,
} from "../document/openapi-document.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { type CheckSubject, COVERAGE_LABELS, type CoverageRow } from "../model/report.ts";
import type { Capability } from "../model/target.ts";
import type { Check } from "./check.ts";

type CoveredSubject = Exclude<CheckSubject, "protocol">;

const getMessageSchema = (subject: CoveredSubject): LocatedSchema =>
  subject === "notifyVaulting" ? getNotificationSchema() : getResponseMessage(subject);

/** Returns the names of the schemas that a message can match. */
const listBranches = ({ schema, pointer }: LocatedSchema): readonly string[] =>
  (schema.oneOf ?? []).map((branch, index) => {
    const { pointer: branchPointer } = resolveReference({ schema: branch, pointer: `${pointer}/oneOf/${index}` });
    return branchPointer.slice(branchPointer.lastIndexOf("/") + 1);
  });

const describeMissing = (record: RunRecord, constraint: Constraint): readonly string[] =>
  (["accepted", "rejected"] as const)
    .filter((side) => (side === "accepted" || canBeViolated(constraint)) && !record.wasTested(constraint, side))
    .map(
      (side) =>
        `${constraint.pointer || "the body"}: ${constraint.keyword} (no ${side === "accepted" ? "valid" : "invalid"} request sent)`,
    );

/** Counts the request constraints that were tested with valid and invalid values. */
export function getRequestCoverage(record: RunRecord, operation: OperationId): CoverageRow {
  const constraints = listConstraints(operation);
  const missing = constraints.flatMap((constraint) => describeMissing(record, constraint).slice(0, 1));
  return createRow(operation, "constraints", constraints.length, missing);
}

/** Counts the message types that were received. */
export const getMessageCoverage = (record: RunRecord, subject: CoveredSubject): CoverageRow =>
  getSeenCoverage(record, subject, "messages", listBranches(getMessageSchema(subject)));

/** Counts the result codes that were received. */
export const getCodeCoverage = (record: RunRecord, operation: OperationId): CoverageRow =>
  getSeenCoverage(
    record,
    operation,
    "codes",
    resultCodes[operation].map(({ code }) => code),
  );

function getSeenCoverage(
  record: RunRecord,
  subject: CoveredSubject,
  kind: CoverageRow["kind"],
  all: readonly string[],
): CoverageRow {
  const missing = all.filter((name) => !record.hasSeen(subject, name));
  return createRow(subject, kind, all.length, missing);
}

const createRow = (
  subject: CoveredSubject,
  kind: CoverageRow["kind"],
  total: number,
  missing: readonly string[],
): CoverageRow => ({ subject, kind, total, covered: total - missing.length, missing });

const COVERAGE_KINDS = [
  {
    id: "request",
    title: "was tested with valid and invalid values for each request constraint",
    count: getRequestCoverage,
  },
  { id: "responses", title: "returned every type of response", count: getMessageCoverage },
  { id: "codes", title: "returned every result code", count: getCodeCoverage },
];

/** Returns all rows of the coverage report. */
export const getCoverage = (record: RunRecord): readonly CoverageRow[] => [
  ...COVERAGE_KINDS.flatMap(({ count }) => operations.map((operation) => count(record, operation))),
  getMessageCoverage(record, "notifyVaulting"),
];

/** Returns why a run cannot cover a row, or `undefined` if it can. */
export function explainUnreachable(
  capabilities: readonly Capability[] = [],
  { subject, kind }: CoverageRow,
  record: RunRecord,
): string | undefined {
  if (kind === "constraints") return undefined;
  if (subject === "notifyVaulting") {
    if (!capabilities.includes("notifications")) return "The target cannot send notifications to this computer.";
    const states = ["InquireVaultingVaulted", "InquireVaultingVaultingFailed"];
    return states.every((state) => record.hasSeen("inquireVaulting", state))
      ? undefined
      : "The target did not return both a successful and a failed vaulting.";
  }
  return capabilities.includes("forced-results")
    ? undefined
    : "The run cannot make the target return a specific result code.";
}

export const createCoverageChecks = (): readonly Check[] => [
  ...operations.flatMap((operation) =>
    COVERAGE_KINDS.map(({ id, title, count }) =>
      createCheck(operation, id, title, (record) => count(record, operation)),
    ),
  ),
  createCheck("notifyVaulting", "notifications", "sent every type of notification", (record) =>
    getMessageCoverage(record, "notifyVaulting"),
  ),
];

const createCheck = (
  operation: CoveredSubject,
  id: string,
  title: string,
  count: (record: RunRecord) => CoverageRow,
): Check => ({
  id: `${operation}.coverage.${id}`,
  operation,
  title,
  source: getMessageSchema(operation).pointer,
  after: "everything",
  run: async ({ record, target }) => {
    if (!record.isComplete) throw new CheckSkipped("Not all checks were run.");
    const row = count(record);
    if (row.missing.length === 0) return;
    const reason = explainUnreachable(target.capabilities, row, record);
    if (reason !== undefined) throw new CheckSkipped(reason);
    const summary = `${row.covered} of ${row.total} ${COVERAGE_LABELS[row.kind]}; missing ${formatNames(row.missing)}.`;
    throw new ContractFailure(`Coverage is incomplete: ${summary}`);
  },
});

const MAX_NAMES = 5;
const formatNames = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(", ")}, and ${names.length - MAX_NAMES} more`
    : names.join(", ");
