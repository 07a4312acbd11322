/** What a check is, and the two ways most of them measure. */
import type { Document } from "../openapi/openapi-document.ts";
import type { Place } from "./json-pointers.ts";

export interface Fault {
  /** A JSON Pointer into the bundled document, or a file. */
  readonly at: string;
  readonly message: string;
}

export interface Finding {
  /** What was measured, for people. */
  readonly measured: string;
  readonly faults: readonly Fault[];
}

export interface Check {
  readonly title: string;
  /** What must hold. */
  readonly bar: string;
  readonly find: (document: Document) => Finding;
}

/** At least the share `least` of the items must be without fault; below it, each item that is not is named. */
export function share<T>(
  least: number,
  items: readonly Place<T>[],
  faultOf: (item: Place<T>) => string | undefined,
): Finding {
  if (items.length === 0) return { measured: "nothing", faults: [{ at: "#", message: "there is nothing to measure" }] };
  const faults = items.flatMap((item) => {
    const message = faultOf(item);
    return message === undefined ? [] : [{ at: item.at, message }];
  });
  const good = items.length - faults.length;
  const percent = ((100 * good) / items.length).toFixed(1).replace(".0", "");
  return { measured: `${good} of ${items.length} (${percent} %)`, faults: good < least * items.length ? faults : [] };
}

/** Every item must be without fault. */
export const every = <T>(items: readonly Place<T>[], faultOf: (item: Place<T>) => string | undefined): Finding =>
  share(1, items, faultOf);
