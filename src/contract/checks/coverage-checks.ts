/** Checks of the run itself: that it has asked everything. */

import { operations } from "../../../generated/operations.ts";
import { codeCoverage, messageCoverage, requestCoverage, unreachable } from "../conversation/coverage.ts";
import type { Ledger } from "../conversation/run-record.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { notificationSchema, responseOf } from "../document/openapi-document.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import { COVERED, type CoverageRow, type Subject } from "../model/report.ts";
import type { Check } from "./check.ts";

export const coverageChecks = (): readonly Check[] => [
  ...operations.flatMap((operation) => [
    check(operation, "request", "every constraint of the request was put to the target, from both sides", (ledger) =>
      requestCoverage(ledger, operation),
    ),
    check(operation, "answers", "every kind of answer was seen", (ledger) => messageCoverage(ledger, operation)),
    check(operation, "codes", "every result code was seen", (ledger) => codeCoverage(ledger, operation)),
  ]),
  check("notifyVaulting", "notifications", "every kind of notification was seen", (ledger) =>
    messageCoverage(ledger, "notifyVaulting"),
  ),
];

const check = (
  operation: Exclude<Subject, "protocol">,
  id: string,
  title: string,
  count: (ledger: Ledger) => CoverageRow,
): Check => ({
  id: `${operation}.coverage.${id}`,
  operation,
  title,
  source: operation === "notifyVaulting" ? notificationSchema().pointer : responseOf(operation).pointer,
  after: "everything",
  run: async (conversation) => expectCovered(conversation, count(conversation.ledger)),
});

function expectCovered({ ledger, target }: Conversation, found: CoverageRow): void {
  if (!ledger.isWhole) throw new NotApplicable("Only some of the checks were run.");
  if (found.missing.length === 0) return;
  const reason = unreachable(target.abilities, found, ledger);
  const what = `${found.met} of ${found.total} ${COVERED[found.of]}; not ${shortList(found.missing)}.`;
  if (reason !== undefined) throw new NotApplicable(reason);
  throw new ContractFailure(`Not everything was covered: ${what}`);
}

const SHOWN = 5;
/** The first of some names, and how many more there are. */
const shortList = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more` : names.join(", ");
