import { expect, test } from "vitest";
import { stringDiff } from "./signature-section.ts";

/** Returns the lines of a diff. The characters that differ are in brackets. */
const diff = (expected: string, signed: string): readonly string[] =>
  (/<code>(.*)<\/code>/s.exec(stringDiff(expected, signed).markup)?.[1] ?? "")
    .replace(/<span class="visually-hidden">.*?<\/span>/g, "")
    .replace(/<(?:del|ins)>(.*?)<\/(?:del|ins)>/g, "[$1]")
    .replace(/<[^>]*>/g, "")
    .trimEnd()
    .split("\n");

test.each([
  ["the path", "POST /a/b\nC.1.{}", "POST /b\nC.1.{}", ["− POST /[a/]b", "+ POST /b", "  C.1.{}"]],
  ["the time", "POST /a\nC.12.{}", "POST /a\nC.13.{}", ["  POST /a", "− C.1[2].{}", "+ C.1[3].{}"]],
  ["no way", "a\nb", "a\nb", ["  a", "  b"]],
  ["a carriage return", "a\nb", "a\r\nb", ["− a", "+ a[⟨U+000D⟩]", "  b"]],
  ["an additional line", "a\n{}", "a\n{\n}", ["  a", "− {}", "+ {", "+ }"]],
  ["a line feed at the end", "a", "a\n", ["  a", "+ empty line"]],
  ["an emoji", "a😀b", "a😁b", ["− a[😀]b", "+ a[😁]b"]],
  ["the number of repeated lines", "a\na\na", "a\na", ["  a", "  a", "− a"]],
  ["markup", "<b>", "<i>", ["− &lt;[b]&gt;", "+ &lt;[i]&gt;"]],
])("stringDiff compares two strings that differ in %s", (_, expected, signed, lines) => {
  expect(diff(expected, signed)).toEqual(lines);
});
