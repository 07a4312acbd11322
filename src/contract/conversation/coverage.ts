/** How much of the document a run has put to its target, and how much of what the target can answer it has seen. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import { follow, notificationSchema, type Place, responseOf } from "../document/openapi-document.ts";
import { type Constraint, constraintsOf, hasTwoSides } from "../document/request-constraints.ts";
import type { CoverageRow, Subject } from "../model/report.ts";
import type { Ability } from "../model/target.ts";
import type { Ledger } from "./run-record.ts";

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
export function messageCoverage(ledger: Ledger, subject: Exclude<Subject, "protocol">): CoverageRow {
  const place = subject === "notifyVaulting" ? notificationSchema() : responseOf(subject);
  const branches = branchesOf(place);
  return row(
    subject,
    "messages",
    branches.length,
    branches.filter((branch) => !ledger.hasSeen(subject, branch)),
  );
}

/** The result codes that came. */
export function codeCoverage(ledger: Ledger, operation: OperationId): CoverageRow {
  const codes = resultCodes[operation].map(({ code }) => code);
  return row(
    operation,
    "codes",
    codes.length,
    codes.filter((code) => !ledger.hasSeen(operation, code)),
  );
}

const row = (subject: Subject, of: CoverageRow["of"], total: number, missing: readonly string[]): CoverageRow => ({
  subject,
  of,
  total,
  met: total - missing.length,
  missing,
});

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

/** Every row, for the report. */
export const coverage = (ledger: Ledger): readonly CoverageRow[] => [
  ...operations.map((operation) => requestCoverage(ledger, operation)),
  ...operations.map((operation) => messageCoverage(ledger, operation)),
  ...operations.map((operation) => codeCoverage(ledger, operation)),
  messageCoverage(ledger, "notifyVaulting"),
];
