/** Checks recorded exchanges against the API contract. Sends nothing. */
import { type OperationId, operations } from "../../../generated/operations.ts";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { getRequestMessage, getResponseMessage } from "../document/openapi-document.ts";
import { type CheckResult, type ContractReport, countByStatus } from "../model/report.ts";
import { parseFailure } from "../report/parse-failure.ts";
import { isCountedUnsigned } from "../rules/assertions.ts";
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
 * Checks each exchange of a recording, and the sequence of exchanges, against the API contract.
 *
 * @param name the name of the recording in the report
 */
export async function replayRecording(
  name: string,
  recording: Recording,
  options: ReplayOptions,
): Promise<ContractReport> {
  const cards = createCardsByRequestId(recording.exchanges.length);
  for (const { operation, request } of recording.exchanges) cards.add(operation, encodeBody(request.body));
  const checked: CheckedExchange[] = [];
  for (const recorded of recording.exchanges) {
    const reusesId = cards.hasDifferentCards(recorded.operation, encodeBody(recorded.request.body));
    checked.push(await checkRecordedExchange(recorded, reusesId, options));
  }
  const checks = [
    ...operations.flatMap((operation) => [
      ...checkExchanges(
        operation,
        checked.filter(({ recorded }) => recorded.operation === operation),
      ),
      ...checkSequences(operation, checked),
    ]),
    checkReadable(recording),
    checkComplete(recording),
  ];
  const unsignedErrors = checked.filter(
    ({ exchange, recorded }) => exchange && !recorded.response?.gaps?.signature && isCountedUnsigned(exchange),
  ).length;
  return { target: name, checks, totals: countByStatus(checks), unsignedErrors };
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
    { id: "request.documented", title: "receives requests that match the OpenAPI document", source: request },
    {
      id: "request.signed",
      title: "receives requests with a valid signature over the raw bytes",
      source: introduction,
    },
    { id: "response.received", title: "responds to every request", source: introduction },
    ...rules.map(({ id, title }) => ({
      id: `response.${id}`,
      title: id === "response-time" ? "returns a response-time within 1 hour of the API call" : title,
      source: id === "signed" || id === "response-time" ? introduction : response,
    })),
    { id: "response.rejected", title: "rejects invalid requests", source: request },
  ];
}

function checkExchanges(operation: OperationId, checked: readonly CheckedExchange[]): readonly CheckResult[] {
  return listRules(operation).map(({ id, title, source }) => {
    const outcomes = checked.flatMap(({ recorded: { place }, outcomes: all }) => {
      const outcome = all.get(id);
      return outcome ? [{ ...outcome, place }] : [];
    });
    const skipReason =
      checked.length === 0
        ? "The recording contains no calls to this operation."
        : "The recording contains no response to which this check applies.";
    return toCheckResult({ id: `replay.${operation}.${id}`, operation, title }, source, outcomes, skipReason);
  });
}

function checkSequences(operation: OperationId, checked: readonly CheckedExchange[]): readonly CheckResult[] {
  const entries = toEntries(checked);
  return SEQUENCE_RULES.filter((rule) => rule.operation === operation).map(
    ({ id, title, source, skipReason, check }) => {
      const head = { id: `replay.${id}`, operation, title };
      if (!isStateful(entries)) return { ...head, status: "skipped", message: STATELESS_REASON };
      return toCheckResult(head, source, check(entries), skipReason);
    },
  );
}

/** Combines the outcomes of a check. The check fails if any exchange fails, and is skipped if no exchange was checked. */
function toCheckResult(
  head: Pick<CheckResult, "id" | "operation" | "title">,
  source: string,
  outcomes: readonly PlacedOutcome[],
  skipReason: string,
): CheckResult {
  const failures = outcomes.filter((outcome) => outcome.passed === false);
  const passed = outcomes.filter((outcome) => outcome.passed === true).length;
  const [first] = failures;
  if (first) {
    const places = failures.map(({ place = "" }) => place);
    return {
      ...head,
      status: "failed",
      message: `${formatFailure(first.failure, places, passed)}\nDocument: ${source}`,
    };
  }
  if (passed > 0) return { ...head, status: "passed", message: "" };
  const [skipped] = outcomes.filter((outcome) => outcome.passed === undefined);
  return { ...head, status: "skipped", message: toPrintable(skipped?.reason ?? skipReason) };
}

const MAX_PLACES = 8;

/** Adds the places of a failure, and the number of calls for which the check passed. Omits the curl command, because its signature is outdated. */
function formatFailure(failure: string, [first = "", ...others]: readonly string[], passed: number): string {
  const { summary, notes, request, response } = parseFailure(failure);
  const named = others.slice(0, MAX_PLACES).join(", ");
  const rest = others.length > MAX_PLACES ? `, and ${others.length - MAX_PLACES} more` : "";
  const also = others.length > 0 ? `; also fails in ${named}${rest}` : "";
  const passes = passed > 0 ? ` Passes for ${passed} other ${passed === 1 ? "call" : "calls"}.` : "";
  return [
    toPrintable(summary),
    `Fails in ${first}${also}.${passes}`,
    ...notes.map(toPrintable),
    ...(request === undefined ? [] : [`Request: ${request}`]),
    ...(response === undefined ? [] : [`Response: ${response.status} ${response.body}`]),
  ].join("\n");
}

function checkReadable({ exchanges, unreadable, otherCount }: Recording): CheckResult {
  const head = {
    id: "replay.recording.readable",
    operation: "protocol",
    title: "contains only readable entries",
  } as const;
  const [first] = unreadable;
  if (first) {
    const outcomes = unreadable.map(
      ({ place, reason }) => ({ passed: false, failure: `Recording entry ${reason}.`, place }) as const,
    );
    return toCheckResult(head, "/info/description", outcomes, "");
  }
  if (exchanges.length > 0) return { ...head, status: "passed", message: "" };
  const reason =
    otherCount > 0 ? `it contains no calls to the Vault API (other entries: ${otherCount})` : "it is empty";
  return { ...head, status: "skipped", message: `The recording contains nothing to check: ${reason}.` };
}

/** Lists the parts that the recording lacks, because a check that passes for at least 1 call does not report its skipped calls. */
function checkComplete({ exchanges }: Recording): CheckResult {
  const head = {
    id: "replay.recording.complete",
    operation: "protocol",
    title: "contains every body and signature of the recorded calls",
  } as const;
  const gaps = exchanges.flatMap(({ place, request, response }) =>
    [request.gaps, response?.gaps]
      .flatMap((gap) => [gap?.body, gap?.signature])
      .flatMap((reason) => (reason === undefined ? [] : [`${place}: ${reason}`])),
  );
  const [first, ...others] = new Set(gaps);
  if (first !== undefined) {
    const rest = others.length >= MAX_PLACES ? [`and ${others.length - MAX_PLACES + 1} more`] : [];
    return { ...head, status: "skipped", message: [first, ...others.slice(0, MAX_PLACES - 1), ...rest].join("\n") };
  }
  return exchanges.length > 0
    ? { ...head, status: "passed", message: "" }
    : { ...head, status: "skipped", message: "The recording contains no calls." };
}
