/** The type of a check, and helpers for most of them. */
import type { Document } from "../openapi/openapi-document.ts";
import type { Located } from "./json-pointers.ts";

export interface Violation {
  /** A JSON Pointer into the bundled document, or a file. */
  readonly at: string;
  readonly message: string;
}

export interface Measurement {
  /** What was measured, for the report. */
  readonly measured: string;
  readonly violations: readonly Violation[];
}

export interface Check {
  readonly title: string;
  /** The value that the check requires. */
  readonly requirement: string;
  readonly measure: (document: Document) => Measurement;
}

/** Requires that at least the share `least` of the items is valid. Otherwise, reports each invalid item. */
export function measureShare<T>(
  least: number,
  items: readonly Located<T>[],
  findViolation: (item: Located<T>) => string | undefined,
): Measurement {
  if (items.length === 0) return { measured: "nothing", violations: [{ at: "#", message: "nothing to check" }] };
  const violations = items.flatMap((item) => {
    const message = findViolation(item);
    return message === undefined ? [] : [{ at: item.at, message }];
  });
  const good = items.length - violations.length;
  const percent = ((100 * good) / items.length).toFixed(1).replace(".0", "");
  return {
    measured: `${good} of ${items.length} (${percent}%)`,
    violations: good < least * items.length ? violations : [],
  };
}

/** Requires that all items are valid. */
export const measureAll = <T>(
  items: readonly Located<T>[],
  findViolation: (item: Located<T>) => string | undefined,
): Measurement => measureShare(1, items, findViolation);
