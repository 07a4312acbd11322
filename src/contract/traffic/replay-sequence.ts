/** What only a whole recording shows: what is remembered from one exchange to the next. */
import type { OperationId } from "../../../generated/operations.ts";
import { stripQuery } from "../../protocol/http.ts";
import { getField } from "../../protocol/json-fields.ts";
import { getCardToken, getVaultingStatus } from "../checks/vaulting-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { formatBody } from "../rules/fail.ts";
import { isExampleResponse } from "./observed-request.ts";
import type { RecordedExchange } from "./recording.ts";
import type { CheckedExchange, PlacedOutcome } from "./replay-exchange.ts";

interface SequenceEntry {
  readonly recorded: RecordedExchange;
  readonly exchange: Exchange;
  /** Whose ID it is, and the ID. */
  readonly key: string;
}

interface SequenceRule {
  readonly id: string;
  readonly operation: OperationId;
  readonly title: string;
  readonly source: string;
  /** Why it can be asked of no pair of answers. */
  readonly skipReason: string;
  readonly check: (entries: readonly SequenceEntry[]) => readonly PlacedOutcome[];
}

/** The answers under IDs that are recorded as they were. */
export const toEntries = (looked: readonly CheckedExchange[]): readonly SequenceEntry[] =>
  looked.flatMap(({ recorded, exchange }) => {
    const key = getKey(recorded, exchange?.requestBody, exchange?.request.headers.get("client-id") ?? "");
    return exchange && key !== undefined ? [{ recorded, exchange, key }] : [];
  });

/** IDs are a client's own, in an environment of its own. */
function getKey({ request, operation }: RecordedExchange, asked: unknown, clientId: string): string | undefined {
  const id = getField(asked, "vaultingRequestId");
  if (typeof id !== "string" || request.body?.masked.includes("/vaultingRequestId")) return undefined;
  return JSON.stringify([clientId, stripQuery(request.path).slice(0, -operation.length), id]);
}

/** Why a recording shows nothing of a memory: the target has none. */
export const STATELESS_REASON = "The target answers with the document's examples, and remembers nothing.";
export const isStateful = (entries: readonly SequenceEntry[]): boolean =>
  !entries.some(({ exchange }) => isExampleResponse(exchange));

const createRepeatRule = (operation: OperationId): SequenceRule => ({
  id: `${operation}.repeat.same`,
  operation,
  title: "the same ID gives the same final result, byte for byte",
  source: "/info/description",
  skipReason: "The recording has no two final answers under one ID.",
  check: (entries) => {
    const finals = entries.filter(
      ({ exchange }) => exchange.operation === operation && getFinalState(exchange) !== undefined,
    );
    return [...Map.groupBy(finals, ({ key }) => key).values()].flatMap(([first, ...others]) =>
      others.map((other) =>
        first && getText(first) !== getText(other)
          ? createFailure(other, "The same ID is answered otherwise than before.", first)
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
    title: "what has succeeded or failed stays so, whichever operation tells it",
    source: "/info/description",
    skipReason: "The recording has no answer under an ID whose vaulting had ended.",
    check: (entries) => [...Map.groupBy(entries, ({ key }) => key).values()].flatMap(checkFinalStates),
  },
  {
    id: "vaultPaymentMethod.token.unique",
    operation: "vaultPaymentMethod",
    title: "two IDs never share a card token, and one ID never has two",
    source: "/components/schemas/CardToken",
    skipReason: "The recording has no two answers with a card token.",
    check: (entries) => checkTokens(entries.filter(({ exchange }) => typeof getCardToken(exchange) === "string")),
  },
  createRepeatRule("createVaultingSession"),
  createRepeatRule("inquireVaulting"),
];

const PASSED: PlacedOutcome = { held: true };

function createFailure({ recorded, exchange }: SequenceEntry, what: string, before: SequenceEntry): PlacedOutcome {
  const failure = [
    what,
    `Compared with ${before.recorded.place}.`,
    `Sent: ${formatBody(exchange.request.bytes, 4096)}`,
    `Came: ${exchange.status} ${formatBody(exchange.bytes)}`,
  ].join("\n");
  return { held: false, failure, place: recorded.place };
}

const getText = ({ recorded }: SequenceEntry): string => recorded.response?.body?.text ?? "";

/** Codes with which a vaulting has failed. With the others none has begun, or nobody knows. */
const FAILED: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL", "RISK_REJECT"]);

/** What an answer says of a vaulting (or of a session's creation) that has come to its end. */
function getFinalState(exchange: Exchange): "SUCCESS" | "FAIL" | undefined {
  const state = getState(exchange);
  if (exchange.operation === "createVaultingSession") return exchange.resultStatus === "S" ? "SUCCESS" : undefined;
  return state === "SUCCESS" || state === "FAIL" ? state : undefined;
}

function getState(exchange: Exchange): string | undefined {
  const { operation, resultStatus, resultCode = "" } = exchange;
  if (operation === "createVaultingSession") return undefined;
  if (operation === "inquireVaulting") {
    if (resultCode === "VAULTING_NOT_EXIST") return "unknown to the target";
    const status = getVaultingStatus(exchange);
    return resultStatus === "S" && typeof status === "string" && STATES.has(status) ? status : undefined;
  }
  if (resultStatus === "S") return "SUCCESS";
  if (resultStatus === "F" && FAILED.has(resultCode)) return "FAIL";
  return resultCode === "VERIFICATION_IN_PROCESS" ? "PROCESSING" : undefined;
}
const STATES: ReadonlySet<string> = new Set(["SUCCESS", "FAIL", "PROCESSING"]);

/** Each answer that was asked for after another had told how the vaulting ended. */
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
    const before = ended.find((each) => each !== entry && (each.recorded.endedAt ?? startedAt) < startedAt);
    if (!before) return [];
    const was = getFinalState(before.exchange);
    return [
      was === state
        ? PASSED
        : createFailure(entry, `A vaulting that had ended as ${was} is ${state} afterwards.`, before),
    ];
  });
}

function checkTokens(entries: readonly SequenceEntry[]): readonly PlacedOutcome[] {
  const byToken = new Map<unknown, SequenceEntry>();
  const byKey = new Map<string, SequenceEntry>();
  return entries.flatMap((entry, at) => {
    const token = getCardToken(entry.exchange);
    const [sameToken, sameKey] = [byToken.get(token), byKey.get(entry.key)];
    byToken.set(token, sameToken ?? entry);
    byKey.set(entry.key, sameKey ?? entry);
    if (sameToken && sameToken.key !== entry.key)
      return [createFailure(entry, "Two IDs share a card token.", sameToken)];
    if (sameKey && getCardToken(sameKey.exchange) !== token)
      return [createFailure(entry, "One ID has two card tokens.", sameKey)];
    return at === 0 ? [] : [PASSED];
  });
}
