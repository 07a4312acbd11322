import { expect, test } from "vitest";
import { escapeControls, escapeLines } from "./escape-controls.ts";

test.each([
  ["line breaks", "a\r\nb\u2028\u2029\u0085", "a\\u000d\\u000ab\\u2028\\u2029\\u0085"],
  ["terminal control sequences", "\u001b[2J\u009b2J\u007f", "\\u001b[2J\\u009b2J\\u007f"],
  ["bidirectional controls and other invisible characters", "\u202e\u2066\u200b\ufeff", "\\u202e\\u2066\\u200b\\ufeff"],
  ["tag characters and lone surrogates", "\u{e0041}\ud800", "\\udb40\\udc41\\ud800"],
  ["a GitHub workflow command", "::error::x", "\\u003a:error::x"],
  [
    "a GitHub workflow command after a space, because line wrapping could move it to the start of a line",
    "x ::error::",
    "x \\u003a:error::",
  ],
  [
    "GitHub and Azure Pipelines commands that start with ##",
    "x ##[error]y ##vso[task.x]",
    "x \\u0023#[error]y \\u0023#vso[task.x]",
  ],
])("escapeControls escapes %s", (_, text, escaped) => {
  expect(escapeControls(text)).toBe(escaped);
});

test("escapeControls leaves other text unchanged", () => {
  const text = "Zoë 王 😀 [::1] a::b #1 https://x.example";
  expect(escapeControls(text)).toBe(text);
});

test("escapeControls does not change the value that JSON text parses to", () => {
  const value = { text: "\u009b\u202e\u{e0041} ::error:: ##[error]" };
  expect(JSON.parse(escapeControls(JSON.stringify(value)))).toEqual(value);
});

test("escapeLines keeps line feeds, and escapes commands and control characters in each line", () => {
  expect(escapeLines("a\n::error::b\u001b")).toBe("a\n\\u003a:error::b\\u001b");
});
