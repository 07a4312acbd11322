/** What a check is, and the two ways most of them measure. */
import type { Document } from "../openapi/openapi-document.ts";
import type { Located } from "./json-pointers.ts";

export interface Violation {
  /** A JSON Pointer into the bundled document, or a file. */
  readonly at: string;
  readonly message: string;
}

export interface Measurement {
  /** What was measured, for people. */
  readonly measured: string;
  readonly violations: readonly Violation[];
}

export interface Check {
  readonly title: string;
  /** What must hold. */
  readonly requirement: string;
  readonly measure: (document: Document) => Measurement;
}

/** At least the share `least` of the items must be without fault; below it, each item that is not is named. */
export function measureShare<T>(
  least: number,
  items: readonly Located<T>[],
  faultOf: (item: Located<T>) => string | undefined,
): Measurement {
  if (items.length === 0)
    return { measured: "nothing", violations: [{ at: "#", message: "there is nothing to measure" }] };
  const faults = items.flatMap((item) => {
    const message = faultOf(item);
    return message === undefined ? [] : [{ at: item.at, message }];
  });
  const good = items.length - faults.length;
  const percent = ((100 * good) / items.length).toFixed(1).replace(".0", "");
  return {
    measured: `${good} of ${items.length} (${percent} %)`,
    violations: good < least * items.length ? faults : [],
  };
}

/** Every item must be without fault. */
export const measureAll = <T>(
  items: readonly Located<T>[],
  faultOf: (item: Located<T>) => string | undefined,
): Measurement => measureShare(1, items, faultOf);
