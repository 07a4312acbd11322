import fc from "fast-check";
import { expect, test } from "vitest";
import { groupBy } from "./group-by.ts";

test("groupBy returns the same groups as Map.groupBy, in the same order", () => {
  const native = Map as typeof Map & { readonly groupBy: typeof groupBy };
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const getKey = (number: number) => number % 3;
      expect([...groupBy(numbers, getKey)]).toEqual([...native.groupBy(numbers, getKey)]);
    }),
  );
});
