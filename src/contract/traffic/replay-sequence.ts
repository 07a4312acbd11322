/** What only a whole recording shows: what is remembered from one exchange to the next. */
import type { OperationId } from "../../../generated/operations.ts";
import { withoutQuery } from "../../protocol/http.ts";
import { field } from "../../protocol/json-fields.ts";
import { statusOf, tokenOf } from "../checks/vaulting-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { shown } from "../rules/fail.ts";
import { isExample } from "./observed-request.ts";
import type { Recorded } from "./recording.ts";
import type { LookedAt, PlacedOutcome } from "./replay-exchange.ts";

interface Entry {
  readonly recorded: Recorded;
  readonly exchange: Exchange;
  /** Whose ID it is, and the ID. */
  readonly key: string;
}

interface FileRule {
  readonly id: string;
  readonly operation: OperationId;
  readonly title: string;
  readonly source: string;
  /** Why it can be asked of no pair of answers. */
  readonly why: string;
  readonly look: (entries: readonly Entry[]) => readonly PlacedOutcome[];
}

/** The answers under IDs that are recorded as they were. */
export const entriesOf = (looked: readonly LookedAt[]): readonly Entry[] =>
  looked.flatMap(({ recorded, exchange }) => {
    const key = keyOf(recorded, exchange?.asked, exchange?.request.headers.get("client-id") ?? "");
    return exchange && key !== undefined ? [{ recorded, exchange, key }] : [];
  });

/** IDs are a client's own, in an environment of its own. */
function keyOf({ request, operation }: Recorded, asked: unknown, clientId: string): string | undefined {
  const id = field(asked, "vaultingRequestId");
  if (typeof id !== "string" || request.body?.masked.includes("/vaultingRequestId")) return undefined;
  return JSON.stringify([clientId, withoutQuery(request.path).slice(0, -operation.length), id]);
}

/** Why a recording shows nothing of a memory: the target has none. */
export const NO_MEMORY = "The target answers with the document's examples, and remembers nothing.";
export const remembers = (entries: readonly Entry[]): boolean => !entries.some(({ exchange }) => isExample(exchange));

const repeated = (operation: OperationId): FileRule => ({
  id: `${operation}.repeat.same`,
  operation,
  title: "the same ID gives the same final result, byte for byte",
  source: "/info/description",
  why: "The recording has no two final answers under one ID.",
  look: (entries) => {
    const finals = entries.filter(
      ({ exchange }) => exchange.operation === operation && finalState(exchange) !== undefined,
    );
    return [...Map.groupBy(finals, ({ key }) => key).values()].flatMap(([first, ...others]) =>
      others.map((other) =>
        first && textOf(first) !== textOf(other)
          ? brokenAt(other, "The same ID is answered otherwise than before.", first)
          : HELD,
      ),
    );
  },
});

export const FILE_RULES: readonly FileRule[] = [
  repeated("vaultPaymentMethod"),
  {
    id: "vaultPaymentMethod.state.final",
    operation: "vaultPaymentMethod",
    title: "what has succeeded or failed stays so, whichever operation tells it",
    source: "/info/description",
    why: "The recording has no answer under an ID whose vaulting had ended.",
    look: (entries) => [...Map.groupBy(entries, ({ key }) => key).values()].flatMap(turningBack),
  },
  {
    id: "vaultPaymentMethod.token.unique",
    operation: "vaultPaymentMethod",
    title: "two IDs never share a card token, and one ID never has two",
    source: "/components/schemas/CardToken",
    why: "The recording has no two answers with a card token.",
    look: (entries) => sharing(entries.filter(({ exchange }) => typeof tokenOf(exchange) === "string")),
  },
  repeated("createVaultingSession"),
  repeated("inquireVaulting"),
];

const HELD: PlacedOutcome = { held: true };

function brokenAt({ recorded, exchange }: Entry, what: string, before: Entry): PlacedOutcome {
  const failure = [
    what,
    `Compared with ${before.recorded.place}.`,
    `Sent: ${shown(exchange.request.bytes, 4096)}`,
    `Came: ${exchange.status} ${shown(exchange.bytes)}`,
  ].join("\n");
  return { held: false, failure, place: recorded.place };
}

const textOf = ({ recorded }: Entry): string => recorded.answer?.body?.text ?? "";

/** Codes with which a vaulting has failed. With the others none has begun, or nobody knows. */
const FAILED: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL", "RISK_REJECT"]);

/** What an answer says of a vaulting (or of a session's creation) that has come to its end. */
function finalState(exchange: Exchange): "SUCCESS" | "FAIL" | undefined {
  const state = stateOf(exchange);
  if (exchange.operation === "createVaultingSession") return exchange.resultStatus === "S" ? "SUCCESS" : undefined;
  return state === "SUCCESS" || state === "FAIL" ? state : undefined;
}

function stateOf(exchange: Exchange): string | undefined {
  const { operation, resultStatus, resultCode = "" } = exchange;
  if (operation === "createVaultingSession") return undefined;
  if (operation === "inquireVaulting") {
    if (resultCode === "VAULTING_NOT_EXIST") return "unknown to the target";
    const status = statusOf(exchange);
    return resultStatus === "S" && typeof status === "string" && STATES.has(status) ? status : undefined;
  }
  if (resultStatus === "S") return "SUCCESS";
  if (resultStatus === "F" && FAILED.has(resultCode)) return "FAIL";
  return resultCode === "VERIFICATION_IN_PROCESS" ? "PROCESSING" : undefined;
}
const STATES: ReadonlySet<string> = new Set(["SUCCESS", "FAIL", "PROCESSING"]);

/** Each answer that was asked for after another had told how the vaulting ended. */
function turningBack(entries: readonly Entry[]): readonly PlacedOutcome[] {
  const ended = entries.filter(
    ({ recorded, exchange }) =>
      recorded.endedAt !== undefined &&
      exchange.operation !== "createVaultingSession" &&
      finalState(exchange) !== undefined,
  );
  return entries.flatMap((entry) => {
    const { startedAt } = entry.recorded;
    const state = stateOf(entry.exchange);
    if (startedAt === undefined || state === undefined) return [];
    const before = ended.find((each) => each !== entry && (each.recorded.endedAt ?? startedAt) < startedAt);
    if (!before) return [];
    const was = finalState(before.exchange);
    return [
      was === state ? HELD : brokenAt(entry, `A vaulting that had ended as ${was} is ${state} afterwards.`, before),
    ];
  });
}

function sharing(entries: readonly Entry[]): readonly PlacedOutcome[] {
  const byToken = new Map<unknown, Entry>();
  const byKey = new Map<string, Entry>();
  return entries.flatMap((entry, at) => {
    const token = tokenOf(entry.exchange);
    const [sameToken, sameKey] = [byToken.get(token), byKey.get(entry.key)];
    byToken.set(token, sameToken ?? entry);
    byKey.set(entry.key, sameKey ?? entry);
    if (sameToken && sameToken.key !== entry.key) return [brokenAt(entry, "Two IDs share a card token.", sameToken)];
    if (sameKey && tokenOf(sameKey.exchange) !== token)
      return [brokenAt(entry, "One ID has two card tokens.", sameKey)];
    return at === 0 ? [] : [HELD];
  });
}
