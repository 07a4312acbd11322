/** The type of a check, and functions that most checks use to measure a document. */
import type { Document } from "../openapi/openapi-document.ts";
import type { Located } from "./document-parts.ts";

export interface Violation {
  /** The location: a JSON Pointer into the bundled document, a file, or the name of a message with the JSON Pointer of a field. */
  readonly at: string;
  readonly message: string;
}

export interface Measurement {
  /** The measured value, for the report. */
  readonly measured: string;
  readonly violations: readonly Violation[];
}

export interface Check {
  readonly title: string;
  /** The value that the check requires. */
  readonly requirement: string;
  readonly measure: (document: Document) => Measurement;
}

/** Requires at least the share `minShare` of the items to be valid. Otherwise, reports each invalid item. */
export function measureShare<T>(
  minShare: number,
  items: readonly Located<T>[],
  findViolation: (item: Located<T>) => string | undefined,
): Measurement {
  if (items.length === 0) return { measured: "nothing", violations: [{ at: "#", message: "nothing to check" }] };
  const violations = items.flatMap((item) => {
    const message = findViolation(item);
    return message === undefined ? [] : [{ at: item.at, message }];
  });
  const valid = items.length - violations.length;
  const percent = ((100 * valid) / items.length).toFixed(1).replace(".0", "");
  return {
    measured: `${valid} of ${items.length} (${percent}%)`,
    violations: valid < minShare * items.length ? violations : [],
  };
}

/** Requires all items to be valid. */
export const measureAll = <T>(
  items: readonly Located<T>[],
  findViolation: (item: Located<T>) => string | undefined,
): Measurement => measureShare(1, items, findViolation);
