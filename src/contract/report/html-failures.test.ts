import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { laidOut } from "./html-failures.ts";

describe("JSON over several lines", () => {
  test.each([
    ["{}", "{}"],
    ["[]", "[]"],
    ["1", "1"],
    ['{"a":1}', '{\n  "a": 1\n}'],
    ['{"a":[],"b":{}}', '{\n  "a": [],\n  "b": {}\n}'],
    ['[[1,2],{"a":"x,y:{z}\\""}]', '[\n  [\n    1,\n    2\n  ],\n  {\n    "a": "x,y:{z}\\""\n  }\n]'],
  ])("%s", (text, lines) => {
    expect(laidOut(text)).toBe(lines);
  });

  test.each([
    ["blanks of its own", '{ "a":1}'],
    ["no JSON", '{"a":1'],
    ["HTML", "<html>"],
    ["nothing", ""],
    ["a name that stands twice", '{"a":1,"a":2}'],
    ["a number's form", '{"a":1.00}'],
    ["an escape", '{"a":"\\u0041"}'],
    ["deep", `${"[".repeat(200)}${"]".repeat(200)}`],
    ["very deep", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ])("is left alone: %s", (_, text) => {
    expect(laidOut(text)).toBe(text);
  });

  test("is what JSON.stringify makes of it, but for length", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        const value: unknown = JSON.parse(json);
        expect(laidOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
});
