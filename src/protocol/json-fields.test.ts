import fc from "fast-check";
import { expect, test } from "vitest";
import { removeNulls } from "./json-fields.ts";

test.each([
  [{ a: null, b: 1 }, { b: 1 }],
  [{ a: { b: null, c: { d: null, e: false } } }, { a: { c: { e: false } } }],
  [{ a: { b: null } }, { a: {} }],
  [
    { a: [null, { b: null }], c: "", d: 0 },
    { a: [null, { b: null }], c: "", d: 0 },
  ],
  [null, null],
  [[null], [null]],
  ["null", "null"],
])("removeNulls(%j) returns %j", (value, expected) => {
  expect(removeNulls(value)).toEqual(expected);
});

test("removeNulls changes no value without null and does not change its argument", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const before = JSON.stringify(value);
      const result = removeNulls(value);
      if (!before.includes("null")) expect(JSON.stringify(result)).toBe(before);
      expect(JSON.stringify(value)).toBe(before);
      expect(removeNulls(result)).toEqual(result);
    }),
  );
});
