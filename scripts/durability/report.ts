import type { FaultKind } from "./compare-responses.ts";
import type { Proof } from "./crash-test.ts";

const NAMES = {
  sqlite: { FULL: "FULL", NORMAL: "NORMAL" },
  postgresql: { FULL: "commit on", NORMAL: "commit off" },
} as const;

const COLUMNS: readonly (readonly [title: string, of: (proof: Proof) => string | number])[] = [
  ["engine", ({ engine }) => engine],
  ["crash", ({ crash }) => crash],
  ["synchronous", ({ engine, synchronous }) => NAMES[engine][synchronous]],
  ["rounds", ({ rounds }) => rounds],
  ["answered", ({ answered }) => answered],
  ["repeated", ({ repeated }) => repeated],
  ["cut off (kept)", ({ cutOff }) => `${cutOff.kept + cutOff.forgotten} (${cutOff.kept})`],
  ["to be notified", ({ waiting }) => waiting],
  ["missing", (proof) => count(proof, "missing")],
  ["changed", (proof) => count(proof, "changed")],
  ["doubled", (proof) => count(proof, "doubled")],
  ["undelivered", (proof) => count(proof, "undelivered")],
  ["slowest start", ({ slowestStartMs }) => `${slowestStartMs} ms`],
  ["slowest notification", ({ slowestArrivalMs }) => `${slowestArrivalMs} ms`],
  ["time", ({ seconds }) => `${seconds} s`],
];

const count = ({ faults }: Proof, kind: FaultKind): number => faults.filter((fault) => fault.kind === kind).length;

/** A line for each proof. */
export function table(proofs: readonly Proof[]): string {
  const rows = [COLUMNS.map(([title]) => title), ...proofs.map((proof) => COLUMNS.map(([, of]) => String(of(proof))))];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const SHOWN = 10;

/** The first faults of a proof, one a line. */
export const faultLines = ({ engine, crash, faults }: Proof): readonly string[] =>
  faults
    .slice(0, SHOWN)
    .map(
      ({ id, kind, answeredIn, foundIn }) =>
        `✗ ${engine}, ${crash}: ${id} answered in round ${answeredIn} is ${kind} after the crash of round ${foundIn}.`,
    );
