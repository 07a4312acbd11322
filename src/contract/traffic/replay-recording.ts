/** Exchanges that were recorded elsewhere, held against the contract: nothing is sent. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { printable } from "../../cards/mask-card-data.ts";
import { requestOf, responseOf } from "../document/openapi-document.ts";
import { type CheckResult, type ContractReport, totalsOf } from "../model/report.ts";
import { readDetail } from "../report/failure-detail.ts";
import { ANSWER_RULES } from "../rules/response-rules.ts";
import { knownCards } from "./cards-by-request-id.ts";
import type { Recording } from "./recording.ts";
import { bytesOf, type LookedAt, lookAt, type PlacedOutcome, type ReplayOptions } from "./replay-exchange.ts";
import { entriesOf, FILE_RULES, NO_MEMORY, remembers } from "./replay-sequence.ts";

export type { ReplayOptions } from "./replay-exchange.ts";

/**
 * Holds each exchange of a recording, and all of them together, against the contract.
 *
 * @param name the recording's, for the report
 */
export async function replay(name: string, recording: Recording, options: ReplayOptions): Promise<ContractReport> {
  const cards = knownCards(recording.exchanges.length);
  for (const { operation, request } of recording.exchanges) cards.note(operation, bytesOf(request.body));
  const looked: LookedAt[] = [];
  for (const recorded of recording.exchanges) {
    const hasOthers = cards.hasOthers(recorded.operation, bytesOf(recorded.request.body));
    looked.push(await lookAt(recorded, hasOthers, options));
  }
  const checks = [
    ...operations.flatMap((operation) => [
      ...exchangeResults(
        operation,
        looked.filter(({ recorded }) => recorded.operation === operation),
      ),
      ...fileResults(operation, looked),
    ]),
    readable(recording),
  ];
  return { target: name, checks, totals: totalsOf(checks) };
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly source: string;
}

function rowsOf(operation: OperationId): readonly Row[] {
  const { pointer: request } = requestOf(operation);
  const { pointer: response } = responseOf(operation);
  const introduction = "/info/description";
  const rules = ANSWER_RULES.filter(({ id }) => {
    if (operation === "createVaultingSession") return !["echo", "masked", "no-card-data"].includes(id);
    return operation === "vaultPaymentMethod" || id !== "no-card-data";
  });
  return [
    { id: "request.documented", title: "the request is one that the document allows", source: request },
    { id: "request.signed", title: "the request is signed over its raw bytes", source: introduction },
    { id: "answer.came", title: "the target answers", source: introduction },
    ...rules.map(({ id, title }) => ({
      id: `answer.${id}`,
      title: id === "response-time" ? "response-time is the time of the exchange, within a day" : title,
      source: id === "signed" || id === "response-time" ? introduction : response,
    })),
    { id: "answer.refused", title: "what the document forbids is refused", source: request },
  ];
}

function exchangeResults(operation: OperationId, looked: readonly LookedAt[]): readonly CheckResult[] {
  return rowsOf(operation).map(({ id, title, source }) => {
    const outcomes = looked.flatMap(({ recorded: { place }, outcomes: all }) => {
      const outcome = all.get(id);
      return outcome ? [{ ...outcome, place }] : [];
    });
    const none =
      looked.length === 0
        ? "The recording has no exchange of this operation."
        : "The recording has no answer of which this is asked.";
    return resultOf({ id: `replay.${operation}.${id}`, operation, title }, source, outcomes, none);
  });
}

function fileResults(operation: OperationId, looked: readonly LookedAt[]): readonly CheckResult[] {
  const entries = entriesOf(looked);
  return FILE_RULES.filter((rule) => rule.operation === operation).map(({ id, title, source, why, look }) => {
    const head = { id: `replay.${id}`, operation, title };
    if (!remembers(entries)) return { ...head, status: "not-applicable", detail: NO_MEMORY };
    return resultOf(head, source, look(entries), why);
  });
}

/** A check on many exchanges: failed where one of them breaks it, and asked where one of them could be asked. */
function resultOf(
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
    return { ...head, status: "failed", detail: `${detailOf(first.failure, places, held)}\nDocument: ${source}` };
  }
  if (held > 0) return { ...head, status: "passed", detail: "" };
  const [unasked] = outcomes.filter((each) => each.held === undefined);
  return { ...head, status: "not-applicable", detail: printable(unasked?.why ?? none) };
}

const NAMED = 8;

/** A failure with the places where it was met. A recorded exchange is not sent again, so no command for that is told. */
function detailOf(failure: string, [first = "", ...others]: readonly string[], held: number): string {
  const { what, more, sent, came } = readDetail(failure);
  const named = others.slice(0, NAMED).join(", ");
  const rest = others.length > NAMED ? `, and ${others.length - NAMED} more` : "";
  const also = others.length > 0 ? `; broken as well in ${named}${rest}` : "";
  return [
    printable(what),
    `In ${first}${also}. It held in ${held}.`,
    ...more.map(printable),
    ...(sent === undefined ? [] : [`Sent: ${sent}`]),
    ...(came === undefined ? [] : [`Came: ${came.status} ${came.body}`]),
  ].join("\n");
}

function readable({ exchanges, unreadable, others }: Recording): CheckResult {
  const head = {
    id: "replay.recording.readable",
    operation: "protocol",
    title: "every line of the recording can be read",
  } as const;
  const [first] = unreadable;
  if (first) {
    const outcomes = unreadable.map(({ place, why }) => ({ held: false, failure: `It ${why}.`, place }) as const);
    return resultOf(head, "/info/description", outcomes, "");
  }
  if (exchanges.length > 0) return { ...head, status: "passed", detail: "" };
  const what = others > 0 ? `none of its ${others} entries calls an operation of the API` : "it is empty";
  return { ...head, status: "not-applicable", detail: `The recording proves nothing: ${what}.` };
}
