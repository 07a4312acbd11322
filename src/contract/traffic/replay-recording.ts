/** Exchanges that were recorded elsewhere, held against the contract: nothing is sent. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { getRequestMessage, getResponseMessage } from "../document/openapi-document.ts";
import { type CheckResult, type ContractReport, countByStatus } from "../model/report.ts";
import { parseFailure } from "../report/parse-failure.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import { createCardsByRequestId } from "./cards-by-request-id.ts";
import type { Recording } from "./recording.ts";
import {
  type CheckedExchange,
  checkRecordedExchange,
  encodeBody,
  type PlacedOutcome,
  type ReplayOptions,
} from "./replay-exchange.ts";
import { isStateful, SEQUENCE_RULES, STATELESS_REASON, toEntries } from "./replay-sequence.ts";

export type { ReplayOptions } from "./replay-exchange.ts";

/**
 * Holds each exchange of a recording, and all of them together, against the contract.
 *
 * @param name the recording's, for the report
 */
export async function replayRecording(
  name: string,
  recording: Recording,
  options: ReplayOptions,
): Promise<ContractReport> {
  const cards = createCardsByRequestId(recording.exchanges.length);
  for (const { operation, request } of recording.exchanges) cards.add(operation, encodeBody(request.body));
  const looked: CheckedExchange[] = [];
  for (const recorded of recording.exchanges) {
    const hasOthers = cards.hasDifferentCards(recorded.operation, encodeBody(recorded.request.body));
    looked.push(await checkRecordedExchange(recorded, hasOthers, options));
  }
  const checks = [
    ...operations.flatMap((operation) => [
      ...checkExchanges(
        operation,
        looked.filter(({ recorded }) => recorded.operation === operation),
      ),
      ...checkSequences(operation, looked),
    ]),
    checkReadable(recording),
  ];
  return { target: name, checks, totals: countByStatus(checks) };
}

interface RuleRow {
  readonly id: string;
  readonly title: string;
  readonly source: string;
}

function listRules(operation: OperationId): readonly RuleRow[] {
  const { pointer: request } = getRequestMessage(operation);
  const { pointer: response } = getResponseMessage(operation);
  const introduction = "/info/description";
  const rules = RESPONSE_RULES.filter(({ id }) => {
    if (operation === "createVaultingSession") return !["echo", "masked", "no-card-data"].includes(id);
    return operation === "vaultPaymentMethod" || id !== "no-card-data";
  });
  return [
    { id: "request.documented", title: "the request is one that the document allows", source: request },
    { id: "request.signed", title: "the request is signed over its raw bytes", source: introduction },
    { id: "response.received", title: "the target answers", source: introduction },
    ...rules.map(({ id, title }) => ({
      id: `response.${id}`,
      title: id === "response-time" ? "response-time is the time of the exchange, within a day" : title,
      source: id === "signed" || id === "response-time" ? introduction : response,
    })),
    { id: "response.rejected", title: "what the document forbids is refused", source: request },
  ];
}

function checkExchanges(operation: OperationId, looked: readonly CheckedExchange[]): readonly CheckResult[] {
  return listRules(operation).map(({ id, title, source }) => {
    const outcomes = looked.flatMap(({ recorded: { place }, outcomes: all }) => {
      const outcome = all.get(id);
      return outcome ? [{ ...outcome, place }] : [];
    });
    const none =
      looked.length === 0
        ? "The recording has no exchange of this operation."
        : "The recording has no answer of which this is asked.";
    return toCheckResult({ id: `replay.${operation}.${id}`, operation, title }, source, outcomes, none);
  });
}

function checkSequences(operation: OperationId, looked: readonly CheckedExchange[]): readonly CheckResult[] {
  const entries = toEntries(looked);
  return SEQUENCE_RULES.filter((rule) => rule.operation === operation).map(
    ({ id, title, source, skipReason, check }) => {
      const head = { id: `replay.${id}`, operation, title };
      if (!isStateful(entries)) return { ...head, status: "skipped", message: STATELESS_REASON };
      return toCheckResult(head, source, check(entries), skipReason);
    },
  );
}

/** A check on many exchanges: failed where one of them breaks it, and asked where one of them could be asked. */
function toCheckResult(
  head: Pick<CheckResult, "id" | "operation" | "title">,
  source: string,
  outcomes: readonly PlacedOutcome[],
  none: string,
): CheckResult {
  const failures = outcomes.filter((each) => each.held === false);
  const held = outcomes.filter((each) => each.held === true).length;
  const [first] = failures;
  if (first) {
    const places = failures.map(({ place = "" }) => place);
    return { ...head, status: "failed", message: `${formatFailure(first.failure, places, held)}\nDocument: ${source}` };
  }
  if (held > 0) return { ...head, status: "passed", message: "" };
  const [unasked] = outcomes.filter((each) => each.held === undefined);
  return { ...head, status: "skipped", message: toPrintable(unasked?.why ?? none) };
}

const MAX_PLACES = 8;

/** A failure with the places where it was met. A recorded exchange is not sent again, so no command for that is told. */
function formatFailure(failure: string, [first = "", ...others]: readonly string[], held: number): string {
  const { summary, notes, request, response } = parseFailure(failure);
  const named = others.slice(0, MAX_PLACES).join(", ");
  const rest = others.length > MAX_PLACES ? `, and ${others.length - MAX_PLACES} more` : "";
  const also = others.length > 0 ? `; broken as well in ${named}${rest}` : "";
  return [
    toPrintable(summary),
    `In ${first}${also}. It held in ${held}.`,
    ...notes.map(toPrintable),
    ...(request === undefined ? [] : [`Sent: ${request}`]),
    ...(response === undefined ? [] : [`Came: ${response.status} ${response.body}`]),
  ].join("\n");
}

function checkReadable({ exchanges, unreadable, otherCount }: Recording): CheckResult {
  const head = {
    id: "replay.recording.readable",
    operation: "protocol",
    title: "every line of the recording can be read",
  } as const;
  const [first] = unreadable;
  if (first) {
    const outcomes = unreadable.map(({ place, why }) => ({ held: false, failure: `It ${why}.`, place }) as const);
    return toCheckResult(head, "/info/description", outcomes, "");
  }
  if (exchanges.length > 0) return { ...head, status: "passed", message: "" };
  const what = otherCount > 0 ? `none of its ${otherCount} entries calls an operation of the API` : "it is empty";
  return { ...head, status: "skipped", message: `The recording proves nothing: ${what}.` };
}
