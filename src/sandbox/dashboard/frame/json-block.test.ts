import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJson } from "./components.ts";
import { jsonBlock } from "./json-block.ts";

/** Returns the text of the code, without markup. */
const getCode = (json: string): string =>
  (/<code>(.*)<\/code>/s.exec(jsonBlock(json, "x").markup)?.[1] ?? "")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");

test("jsonBlock marks up names, strings, and literals", () => {
  const { markup } = jsonBlock('{"a":["b\\": c",1]}', "body");
  expect(markup).toContain('<span class="json-line d1">  <b>&quot;a&quot;: </b>[\n</span>');
  expect(markup).toContain(
    '<span class="json-line d2">    <span class="string">&quot;b\\&quot;: c&quot;,</span>\n</span>',
  );
  expect(markup).toContain('<span class="literal">1</span>');
});

test("jsonBlock shows the exact formatted text of any JSON, and shows text that is not JSON unchanged", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (json) => {
      expect(getCode(json).trimEnd()).toBe(formatJson(json));
    }),
  );
  expect(getCode("<not JSON")).toBe("<not JSON");
});
