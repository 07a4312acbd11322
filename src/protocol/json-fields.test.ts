import fc from "fast-check";
import { expect, test } from "vitest";
import { mapJson, removeNulls, toText } from "./json-fields.ts";

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

test("removeNulls returns a value without null unchanged, and does not change its argument", () => {
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

test("mapJson returns the value itself if nothing changes", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(
        mapJson(
          value,
          (name) => name,
          (inner) => inner,
        ),
      ).toBe(value);
    }),
  );
});

test.each([
  [["a", 1], "b", ["b", "b"]],
  [{ x: 1 }, "b", { X: "b" }],
  [{ x: 1, y: [] }, undefined, { X: 1, Y: [] }],
  [JSON.parse('{ "__proto__": 1 }'), undefined, JSON.parse('{ "__PROTO__": 1 }')],
])("mapJson maps %j with the value %j to %j, and does not change its argument", (value, mapped, expected) => {
  const before = JSON.stringify(value);
  const result = mapJson(
    value,
    (name) => name.toUpperCase(),
    (inner) => mapped ?? inner,
  );
  expect(result).toEqual(expected);
  expect(JSON.stringify(value)).toBe(before);
});

test("toText returns the same text as String for a value without objects or null, and never calls the methods of objects", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      if (!JSON.stringify(value).includes("{") && !JSON.stringify(value).includes("null"))
        expect(toText(value)).toBe(String(value));
    }),
  );
  expect(toText({ toString: 1, valueOf: 1 })).toBe("");
  expect(toText(["a", [{ toString: 1 }, 2]])).toBe("a,,2");
});
