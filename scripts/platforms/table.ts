/** Formats the results for the terminal, docs/platforms.md, and the README. */
import { readFileSync, writeFileSync } from "node:fs";
import { FRAMEWORKS } from "./frameworks.ts";
import { RUNTIMES } from "./runtimes.ts";

export interface Result {
  /** Whether the package loads: on Node.js, Bun, and Deno with both `import` and `require`, elsewhere with `import`. */
  readonly import?: boolean;
  readonly types?: boolean;
  /** Absent if the test does not use the client. */
  readonly client?: boolean;
  readonly receiver?: boolean;
  /** Why the platform was not tested. */
  readonly skipped?: string;
}

const COLUMNS = ["import", "types", "client", "receiver"] as const;
const show = (value: boolean | undefined): string => (value === undefined ? "–" : value ? "✓" : "✗");

export const isFailed = (result: Result): boolean => COLUMNS.some((column) => result[column] === false);

export function formatTable(results: Readonly<Record<string, Result>>): string {
  const rows = Object.entries(results).map(
    ([name, result]) =>
      `| ${name.padEnd(32)} | ${COLUMNS.map((column) => show(result[column]).padEnd(8)).join(" | ")} |`,
  );
  return [
    "| Platform                         | Import   | Types    | Client   | Receiver |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Returns the short form for the README. */
export const formatSummary = (): string =>
  [
    "| Platforms | Tested by `npm run platforms` |",
    "|---|---|",
    `| Runtimes | ${Object.keys(RUNTIMES).join(", ")} |`,
    `| Frameworks and serverless platforms | ${Object.keys(FRAMEWORKS).join(", ")} |`,
  ].join("\n");

/**
 * Finds the table in a file by the heading of its first column, and replaces it if `write` is true. Returns whether the file already contained this
 * table.
 */
export function writeTable(file: string, table: string, write: boolean): boolean {
  const text = readFileSync(file, "utf8");
  const column = /\w+/.exec(table)?.[0];
  const updated = text.replace(new RegExp(`^\\| ${column} [^]*?(?=\n\n)`, "m"), () => table);
  if (write) writeFileSync(file, updated);
  return text === updated && text.includes(table);
}
