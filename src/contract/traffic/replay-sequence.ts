/** Checks that involve several exchanges of a recording: retries, final states, and card tokens. */
import type { OperationId } from "../../../generated/operations.ts";
import { groupBy } from "../../protocol/group-by.ts";
import { stripQuery } from "../../protocol/http.ts";
import { getField } from "../../protocol/json-fields.ts";
import { getCardToken, getVaultingStatus } from "../checks/vaulting-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { formatExchange } from "../rules/fail.ts";
import { isExampleResponse } from "./observed-request.ts";
import type { RecordedExchange } from "./recording.ts";
import { type CheckedExchange, PASSED, type PlacedOutcome } from "./replay-exchange.ts";

interface SequenceEntry {
  readonly recorded: RecordedExchange;
  readonly exchange: Exchange;
  /** Identifies a vaulting or session by its client, environment, and vaultingRequestId. */
  readonly key: string;
}

interface SequenceRule {
  readonly id: string;
  readonly operation: OperationId;
  readonly title: string;
  readonly source: string;
  /** Why the rule is skipped if it applies to no response. */
  readonly skipReason: string;
  readonly check: (entries: readonly SequenceEntry[]) => readonly PlacedOutcome[];
}

/** Returns the exchanges that have a response and an unmasked vaultingRequestId. */
export const toEntries = (checked: readonly CheckedExchange[]): readonly SequenceEntry[] =>
  checked.flatMap(({ recorded, exchange }) => {
    const key = getKey(recorded, exchange?.requestBody, exchange?.request.headers.get("client-id") ?? "");
    return exchange && key !== undefined ? [{ recorded, exchange, key }] : [];
  });

/** Returns the key of a vaulting or session. An ID is unique only within a client and an environment. */
function getKey({ request, operation }: RecordedExchange, requestBody: unknown, clientId: string): string | undefined {
  const id = getField(requestBody, "vaultingRequestId");
  const { masked = [] } = request.body ?? {};
  if (typeof id !== "string" || masked.includes("/vaultingRequestId") || masked.includes("Client-Id")) return undefined;
  return JSON.stringify([clientId, stripQuery(request.path).slice(0, -operation.length), id]);
}

/** The reason for skipping these checks if the target is stateless. */
export const STATELESS_REASON = "The target returns examples from the OpenAPI document and stores nothing.";
export const isStateful = (entries: readonly SequenceEntry[]): boolean =>
  !entries.some(({ exchange }) => isExampleResponse(exchange));

const createRepeatRule = (operation: OperationId): SequenceRule => ({
  id: `${operation}.repeat.same`,
  operation,
  title: "returns the same final result, byte for byte, when a request is retried",
  source: "/info/description",
  skipReason: "The recording does not contain 2 final responses for the same ID.",
  check: (entries) => {
    const finals = entries.filter(
      ({ exchange }) => exchange.operation === operation && getFinalState(exchange) !== undefined,
    );
    return [...groupBy(finals, ({ key }) => key).values()].flatMap(([first, ...others]) =>
      others.map((other) =>
        first && getText(first) !== getText(other)
          ? createFailure(other, "Retry with the same ID returned a different final response.", first)
          : PASSED,
      ),
    );
  },
});

export const SEQUENCE_RULES: readonly SequenceRule[] = [
  createRepeatRule("vaultPaymentMethod"),
  {
    id: "vaultPaymentMethod.state.final",
    operation: "vaultPaymentMethod",
    title: "reports the final status of a vaulting unchanged in all operations",
    source: "/info/description",
    skipReason: "The recording contains no response about a vaulting that was already final.",
    check: (entries) => [...groupBy(entries, ({ key }) => key).values()].flatMap(checkFinalStates),
  },
  {
    id: "vaultPaymentMethod.token.unique",
    operation: "vaultPaymentMethod",
    title: "returns exactly 1 card token for each ID, and a different one for every other ID",
    source: "/components/schemas/CardToken",
    skipReason: "The recording does not contain 2 responses with a card token.",
    check: (entries) => checkTokens(entries.filter(({ exchange }) => typeof getCardToken(exchange) === "string")),
  },
  createRepeatRule("createVaultingSession"),
  createRepeatRule("inquireVaulting"),
];

function createFailure({ recorded, exchange }: SequenceEntry, summary: string, before: SequenceEntry): PlacedOutcome {
  const failure = `${summary}\nCompared with ${before.recorded.place}.\n${formatExchange(exchange)}`;
  return { passed: false, failure, place: recorded.place };
}

const getText = ({ recorded }: SequenceEntry): string => recorded.response?.body?.text ?? "";

/** Result codes of failed vaultings. Other codes mean that no vaulting was created, or that its result is unknown. */
const FAILURE_CODES: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL", "RISK_REJECT"]);

/** Returns the final status of a vaulting or of the creation of a session, or `undefined` if it is not final. */
function getFinalState(exchange: Exchange): "SUCCESS" | "FAIL" | undefined {
  if (exchange.operation === "createVaultingSession") return exchange.resultStatus === "S" ? "SUCCESS" : undefined;
  const state = getState(exchange);
  return state === "SUCCESS" || state === "FAIL" ? state : undefined;
}

function getState(exchange: Exchange): string | undefined {
  const { operation, resultStatus, resultCode = "" } = exchange;
  if (operation === "createVaultingSession") return undefined;
  if (operation === "inquireVaulting") {
    if (resultCode === "VAULTING_NOT_EXIST") return "VAULTING_NOT_EXIST";
    const status = getVaultingStatus(exchange);
    return resultStatus === "S" && typeof status === "string" && STATES.has(status) ? status : undefined;
  }
  if (resultStatus === "S") return "SUCCESS";
  if (resultStatus === "F" && FAILURE_CODES.has(resultCode)) return "FAIL";
  return resultCode === "VERIFICATION_IN_PROCESS" ? "PROCESSING" : undefined;
}
const STATES: ReadonlySet<string> = new Set(["SUCCESS", "FAIL", "PROCESSING"]);

/** Compares each response with an earlier response that contained a final status. */
function checkFinalStates(entries: readonly SequenceEntry[]): readonly PlacedOutcome[] {
  const ended = entries.filter(
    ({ recorded, exchange }) =>
      recorded.endedAt !== undefined &&
      exchange.operation !== "createVaultingSession" &&
      getFinalState(exchange) !== undefined,
  );
  return entries.flatMap((entry) => {
    const { startedAt } = entry.recorded;
    const state = getState(entry.exchange);
    if (startedAt === undefined || state === undefined) return [];
    const before = ended.find((other) => other !== entry && (other.recorded.endedAt ?? startedAt) < startedAt);
    if (!before) return [];
    const finalStatus = getFinalState(before.exchange);
    if (finalStatus === state) return [PASSED];
    return [createFailure(entry, `Vaulting changed from the final status ${finalStatus} to ${state}.`, before)];
  });
}

function checkTokens(entries: readonly SequenceEntry[]): readonly PlacedOutcome[] {
  const byToken = new Map<unknown, SequenceEntry>();
  const byKey = new Map<string, SequenceEntry>();
  return entries.flatMap((entry, index) => {
    const token = getCardToken(entry.exchange);
    const [sameToken, sameKey] = [byToken.get(token), byKey.get(entry.key)];
    byToken.set(token, sameToken ?? entry);
    byKey.set(entry.key, sameKey ?? entry);
    if (sameToken && sameToken.key !== entry.key)
      return [createFailure(entry, "Two IDs share a card token.", sameToken)];
    if (sameKey && getCardToken(sameKey.exchange) !== token)
      return [createFailure(entry, "An ID has 2 card tokens.", sameKey)];
    return index === 0 ? [] : [PASSED];
  });
}
