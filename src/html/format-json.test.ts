import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatJson } from "./format-json.ts";

describe("formatJson", () => {
  test.each([
    ["{}", "{}"],
    ["[]", "[]"],
    ["1", "1"],
    ['{"a":1}', '{\n  "a": 1\n}'],
    ['{"a":[],"b":{}}', '{\n  "a": [],\n  "b": {}\n}'],
    ['[[1,2],{"a":"x,y:{z}\\""}]', '[\n  [\n    1,\n    2\n  ],\n  {\n    "a": "x,y:{z}\\""\n  }\n]'],
  ])("formats %s", (text, lines) => {
    expect(formatJson(text)).toBe(lines);
  });

  test.each([
    ["a duplicate name", '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ["the format of a number", '{"a":1.00}', '{\n  "a": 1.00\n}'],
    ["an escape", '{"a":"\\u0041"}', '{\n  "a": "\\u0041"\n}'],
  ])("keeps %s", (_, text, lines) => {
    expect(formatJson(text)).toBe(lines);
  });

  test.each([
    ["JSON with whitespace", '{ "a":1}'],
    ["invalid JSON", '{"a":1'],
    ["HTML", "<html>"],
    ["an empty string", ""],
    ["JSON with 13 levels", `${"[".repeat(13)}${"]".repeat(13)}`],
    ["JSON with 100,000 levels", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ])("returns %s unchanged", (_, text) => {
    expect(formatJson(text)).toBe(text);
  });

  test("formats JSON as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        const value: unknown = JSON.parse(json);
        expect(formatJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
});
