import { alignColumns } from "../align-columns.ts";
import type { FaultKind } from "./compare-responses.ts";
import type { Proof } from "./crash-test.ts";

const NAMES = {
  sqlite: { FULL: "FULL", NORMAL: "NORMAL" },
  postgresql: { FULL: "commit on", NORMAL: "commit off" },
} as const;

const count = ({ faults }: Proof, kind: FaultKind): number => faults.filter((fault) => fault.kind === kind).length;

const COLUMNS: Readonly<Record<string, (proof: Proof) => string | number>> = {
  engine: ({ engine }) => engine,
  crash: ({ crash }) => crash,
  synchronous: ({ engine, synchronous }) => NAMES[engine][synchronous],
  rounds: ({ rounds }) => rounds,
  answered: ({ answered }) => answered,
  repeated: ({ repeated }) => repeated,
  "cut off (kept)": ({ cutOff }) => `${cutOff.kept + cutOff.forgotten} (${cutOff.kept})`,
  "to be notified": ({ waiting }) => waiting,
  missing: (proof) => count(proof, "missing"),
  changed: (proof) => count(proof, "changed"),
  doubled: (proof) => count(proof, "doubled"),
  undelivered: (proof) => count(proof, "undelivered"),
  "slowest start": ({ slowestStartMs }) => `${slowestStartMs} ms`,
  "slowest notification": ({ slowestArrivalMs }) => `${slowestArrivalMs} ms`,
  time: ({ seconds }) => `${seconds} s`,
};

/** Returns a line for each proof. */
export const table = (proofs: readonly Proof[]): string =>
  alignColumns([
    Object.keys(COLUMNS),
    ...proofs.map((proof) => Object.values(COLUMNS).map((cellOf) => String(cellOf(proof)))),
  ]);

const SHOWN = 10;

/** The first faults of a proof, one a line. */
export const faultLines = ({ engine, crash, faults }: Proof): readonly string[] =>
  faults
    .slice(0, SHOWN)
    .map(
      ({ id, kind, answeredIn, foundIn }) =>
        `✗ ${engine}, ${crash}: ${id} answered in round ${answeredIn} is ${kind} after the crash of round ${foundIn}.`,
    );
