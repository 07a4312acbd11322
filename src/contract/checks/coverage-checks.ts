/** How much of the document a run has put to its target and has seen of it, and the checks that it was all of it. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import type { Ledger } from "../conversation/run-record.ts";
import { follow, notificationSchema, type Place, responseOf } from "../document/openapi-document.ts";
import { type Constraint, constraintsOf, hasTwoSides } from "../document/request-constraints.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import { COVERED, type CoverageRow, type Subject } from "../model/report.ts";
import type { Ability } from "../model/target.ts";
import type { Check } from "./check.ts";

type Covered = Exclude<Subject, "protocol">;

const messageOf = (subject: Covered): Place =>
  subject === "notifyVaulting" ? notificationSchema() : responseOf(subject);

/** The schemas that a message can be, by name. */
const branchesOf = ({ schema, pointer }: Place): readonly string[] =>
  (schema.oneOf ?? []).map((branch, at) => {
    const { pointer: place } = follow({ schema: branch, pointer: `${pointer}/oneOf/${at}` });
    return place.slice(place.lastIndexOf("/") + 1);
  });

const missingOf = (ledger: Ledger, constraint: Constraint): readonly string[] =>
  (["accepted", "refused"] as const)
    .filter((side) => (side === "accepted" || hasTwoSides(constraint)) && !ledger.wasPut(constraint, side))
    .map((side) => `${constraint.pointer || "the body"}: ${constraint.keyword} (nothing that is to be ${side})`);

/** The constraints of an operation's request that were put to the target from both sides. */
export function requestCoverage(ledger: Ledger, operation: OperationId): CoverageRow {
  const constraints = constraintsOf(operation);
  const missing = constraints.flatMap((constraint) => missingOf(ledger, constraint).slice(0, 1));
  return row(operation, "constraints", constraints.length, missing);
}

/** The kinds of a message that came. */
export const messageCoverage = (ledger: Ledger, subject: Covered): CoverageRow =>
  seenCoverage(ledger, subject, "messages", branchesOf(messageOf(subject)));

/** The result codes that came. */
export const codeCoverage = (ledger: Ledger, operation: OperationId): CoverageRow =>
  seenCoverage(
    ledger,
    operation,
    "codes",
    resultCodes[operation].map(({ code }) => code),
  );

function seenCoverage(ledger: Ledger, subject: Covered, of: CoverageRow["of"], all: readonly string[]): CoverageRow {
  const missing = all.filter((name) => !ledger.hasSeen(subject, name));
  return row(subject, of, all.length, missing);
}

const row = (subject: Covered, of: CoverageRow["of"], total: number, missing: readonly string[]): CoverageRow => ({
  subject,
  of,
  total,
  met: total - missing.length,
  missing,
});

/** What is counted of each operation. */
const COUNTS = [
  {
    id: "request",
    title: "every constraint of the request was put to the target, from both sides",
    count: requestCoverage,
  },
  { id: "answers", title: "every kind of answer was seen", count: messageCoverage },
  { id: "codes", title: "every result code was seen", count: codeCoverage },
];

/** Every row, for the report. */
export const coverage = (ledger: Ledger): readonly CoverageRow[] => [
  ...COUNTS.flatMap(({ count }) => operations.map((operation) => count(ledger, operation))),
  messageCoverage(ledger, "notifyVaulting"),
];

/** What a target cannot be brought to show, and why; `undefined` where it can be. */
export function unreachable(
  abilities: readonly Ability[] = [],
  { subject, of }: CoverageRow,
  ledger: Ledger,
): string | undefined {
  if (of === "constraints") return undefined;
  if (subject === "notifyVaulting") {
    if (!abilities.includes("notifies")) return "The target cannot reach a listener of the run's.";
    const states = ["InquireVaultingVaulted", "InquireVaultingVaultingFailed"];
    return states.every((state) => ledger.hasSeen("inquireVaulting", state))
      ? undefined
      : "At the target no vaulting came to each of the two ends.";
  }
  return abilities.includes("chosen-answers") ? undefined : "The target cannot be told what to answer.";
}

export const coverageChecks = (): readonly Check[] => [
  ...operations.flatMap((operation) =>
    COUNTS.map(({ id, title, count }) => check(operation, id, title, (ledger) => count(ledger, operation))),
  ),
  check("notifyVaulting", "notifications", "every kind of notification was seen", (ledger) =>
    messageCoverage(ledger, "notifyVaulting"),
  ),
];

const check = (operation: Covered, id: string, title: string, count: (ledger: Ledger) => CoverageRow): Check => ({
  id: `${operation}.coverage.${id}`,
  operation,
  title,
  source: messageOf(operation).pointer,
  after: "everything",
  run: async ({ ledger, target }) => {
    if (!ledger.isWhole) throw new NotApplicable("Only some of the checks were run.");
    const found = count(ledger);
    if (found.missing.length === 0) return;
    const reason = unreachable(target.abilities, found, ledger);
    if (reason !== undefined) throw new NotApplicable(reason);
    const what = `${found.met} of ${found.total} ${COVERED[found.of]}; not ${shortList(found.missing)}.`;
    throw new ContractFailure(`Not everything was covered: ${what}`);
  },
});

const SHOWN = 5;
/** The first of some names, and how many more there are. */
const shortList = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more` : names.join(", ");
