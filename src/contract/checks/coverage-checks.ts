/** How much of the document a run has put to its target and has seen of it, and the checks that it was all of it. */
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

/** The schemas that a message can be, by name. */
const listBranches = ({ schema, pointer }: LocatedSchema): readonly string[] =>
  (schema.oneOf ?? []).map((branch, at) => {
    const { pointer: place } = resolveReference({ schema: branch, pointer: `${pointer}/oneOf/${at}` });
    return place.slice(place.lastIndexOf("/") + 1);
  });

const describeMissing = (ledger: RunRecord, constraint: Constraint): readonly string[] =>
  (["accepted", "rejected"] as const)
    .filter((side) => (side === "accepted" || canBeViolated(constraint)) && !ledger.wasTested(constraint, side))
    .map((side) => `${constraint.pointer || "the body"}: ${constraint.keyword} (nothing that is to be ${side})`);

/** The constraints of an operation's request that were put to the target from both sides. */
export function getRequestCoverage(ledger: RunRecord, operation: OperationId): CoverageRow {
  const constraints = listConstraints(operation);
  const missing = constraints.flatMap((constraint) => describeMissing(ledger, constraint).slice(0, 1));
  return createRow(operation, "constraints", constraints.length, missing);
}

/** The kinds of a message that came. */
export const getMessageCoverage = (ledger: RunRecord, subject: CoveredSubject): CoverageRow =>
  getSeenCoverage(ledger, subject, "messages", listBranches(getMessageSchema(subject)));

/** The result codes that came. */
export const getCodeCoverage = (ledger: RunRecord, operation: OperationId): CoverageRow =>
  getSeenCoverage(
    ledger,
    operation,
    "codes",
    resultCodes[operation].map(({ code }) => code),
  );

function getSeenCoverage(
  ledger: RunRecord,
  subject: CoveredSubject,
  of: CoverageRow["kind"],
  all: readonly string[],
): CoverageRow {
  const missing = all.filter((name) => !ledger.hasSeen(subject, name));
  return createRow(subject, of, all.length, missing);
}

const createRow = (
  subject: CoveredSubject,
  of: CoverageRow["kind"],
  total: number,
  missing: readonly string[],
): CoverageRow => ({
  subject,
  kind: of,
  total,
  covered: total - missing.length,
  missing,
});

/** What is counted of each operation. */
const COVERAGE_COUNTS = [
  {
    id: "request",
    title: "every constraint of the request was put to the target, from both sides",
    count: getRequestCoverage,
  },
  { id: "responses", title: "every kind of answer was seen", count: getMessageCoverage },
  { id: "codes", title: "every result code was seen", count: getCodeCoverage },
];

/** Every row, for the report. */
export const getCoverage = (ledger: RunRecord): readonly CoverageRow[] => [
  ...COVERAGE_COUNTS.flatMap(({ count }) => operations.map((operation) => count(ledger, operation))),
  getMessageCoverage(ledger, "notifyVaulting"),
];

/** What a target cannot be brought to show, and why; `undefined` where it can be. */
export function explainUnreachable(
  abilities: readonly Capability[] = [],
  { subject, kind }: CoverageRow,
  ledger: RunRecord,
): string | undefined {
  if (kind === "constraints") return undefined;
  if (subject === "notifyVaulting") {
    if (!abilities.includes("notifications")) return "The target cannot reach a listener of the run's.";
    const states = ["InquireVaultingVaulted", "InquireVaultingVaultingFailed"];
    return states.every((state) => ledger.hasSeen("inquireVaulting", state))
      ? undefined
      : "At the target no vaulting came to each of the two ends.";
  }
  return abilities.includes("forced-results") ? undefined : "The target cannot be told what to answer.";
}

export const coverageChecks = (): readonly Check[] => [
  ...operations.flatMap((operation) =>
    COVERAGE_COUNTS.map(({ id, title, count }) =>
      createCheck(operation, id, title, (ledger) => count(ledger, operation)),
    ),
  ),
  createCheck("notifyVaulting", "notifications", "every kind of notification was seen", (ledger) =>
    getMessageCoverage(ledger, "notifyVaulting"),
  ),
];

const createCheck = (
  operation: CoveredSubject,
  id: string,
  title: string,
  count: (ledger: RunRecord) => CoverageRow,
): Check => ({
  id: `${operation}.coverage.${id}`,
  operation,
  title,
  source: getMessageSchema(operation).pointer,
  after: "everything",
  run: async ({ record, target }) => {
    if (!record.isComplete) throw new CheckSkipped("Only some of the checks were run.");
    const found = count(record);
    if (found.missing.length === 0) return;
    const reason = explainUnreachable(target.capabilities, found, record);
    if (reason !== undefined) throw new CheckSkipped(reason);
    const what = `${found.covered} of ${found.total} ${COVERAGE_LABELS[found.kind]}; not ${formatNames(found.missing)}.`;
    throw new ContractFailure(`Not everything was covered: ${what}`);
  },
});

const MAX_NAMES = 5;
/** The first of some names, and how many more there are. */
const formatNames = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(", ")} and ${names.length - MAX_NAMES} more`
    : names.join(", ");
