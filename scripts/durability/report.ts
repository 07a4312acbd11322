import { alignColumns } from "../align-columns.ts";
import type { ViolationKind } from "./compare-responses.ts";
import type { CrashTestResult } from "./crash-test.ts";

const SYNCHRONOUS_NAMES = {
  sqlite: { FULL: "FULL", NORMAL: "NORMAL" },
  postgresql: { FULL: "commit on", NORMAL: "commit off" },
} as const;

const countViolations = ({ violations }: CrashTestResult, kind: ViolationKind): number =>
  violations.filter((violation) => violation.kind === kind).length;

const COLUMNS: Readonly<Record<string, (result: CrashTestResult) => string | number>> = {
  engine: ({ engine }) => engine,
  crash: ({ crash }) => crash,
  synchronous: ({ engine, synchronous }) => SYNCHRONOUS_NAMES[engine][synchronous],
  rounds: ({ rounds }) => rounds,
  confirmed: ({ confirmed }) => confirmed,
  retried: ({ retried }) => retried,
  "interrupted (stored)": ({ interrupted }) => `${interrupted.stored + interrupted.discarded} (${interrupted.stored})`,
  "pending notifications": ({ pendingNotifications }) => pendingNotifications,
  missing: (result) => countViolations(result, "missing"),
  changed: (result) => countViolations(result, "changed"),
  duplicated: (result) => countViolations(result, "duplicated"),
  undelivered: (result) => countViolations(result, "undelivered"),
  "slowest start": ({ slowestStartMs }) => `${slowestStartMs} ms`,
  "slowest notification": ({ slowestArrivalMs }) => `${slowestArrivalMs} ms`,
  time: ({ seconds }) => `${seconds} s`,
};

/** Formats a table with a row for each crash test. */
export const formatTable = (results: readonly CrashTestResult[]): string =>
  alignColumns([
    Object.keys(COLUMNS),
    ...results.map((result) => Object.values(COLUMNS).map((formatCell) => String(formatCell(result)))),
  ]);

const MAX_LINES = 10;

/** Formats the first violations of a crash test, one per line. */
export const formatViolations = ({ engine, crash, violations }: CrashTestResult): readonly string[] =>
  violations
    .slice(0, MAX_LINES)
    .map(
      ({ id, kind, confirmedIn, foundIn }) =>
        `✗ ${engine}, ${crash}: ${id} (confirmed in round ${confirmedIn}) is ${kind} after the crash in round ${foundIn}`,
    );
