import { alignColumns } from "../align-columns.ts";
import type { ViolationKind } from "./compare-responses.ts";
import type { CrashTestResult } from "./crash-test.ts";

const NAMES = {
  sqlite: { FULL: "FULL", NORMAL: "NORMAL" },
  postgresql: { FULL: "commit on", NORMAL: "commit off" },
} as const;

const countViolations = ({ faults }: CrashTestResult, kind: ViolationKind): number =>
  faults.filter((fault) => fault.kind === kind).length;

const COLUMNS: Readonly<Record<string, (proof: CrashTestResult) => string | number>> = {
  engine: ({ engine }) => engine,
  crash: ({ crash }) => crash,
  synchronous: ({ engine, synchronous }) => NAMES[engine][synchronous],
  rounds: ({ rounds }) => rounds,
  answered: ({ answered }) => answered,
  repeated: ({ repeated }) => repeated,
  "cut off (kept)": ({ cutOff }) => `${cutOff.kept + cutOff.forgotten} (${cutOff.kept})`,
  "to be notified": ({ waiting }) => waiting,
  missing: (proof) => countViolations(proof, "missing"),
  changed: (proof) => countViolations(proof, "changed"),
  doubled: (proof) => countViolations(proof, "doubled"),
  undelivered: (proof) => countViolations(proof, "undelivered"),
  "slowest start": ({ slowestStartMs }) => `${slowestStartMs} ms`,
  "slowest notification": ({ slowestArrivalMs }) => `${slowestArrivalMs} ms`,
  time: ({ seconds }) => `${seconds} s`,
};

/** Returns a line for each proof. */
export const formatTable = (proofs: readonly CrashTestResult[]): string =>
  alignColumns([
    Object.keys(COLUMNS),
    ...proofs.map((proof) => Object.values(COLUMNS).map((cellOf) => String(cellOf(proof)))),
  ]);

const MAX_LINES = 10;

/** The first faults of a proof, one a line. */
export const formatViolations = ({ engine, crash, faults }: CrashTestResult): readonly string[] =>
  faults
    .slice(0, MAX_LINES)
    .map(
      ({ id, kind, confirmedIn, foundIn }) =>
        `✗ ${engine}, ${crash}: ${id} answered in round ${confirmedIn} is ${kind} after the crash of round ${foundIn}.`,
    );
