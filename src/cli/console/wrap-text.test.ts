import { describe, expect, test } from "vitest";
import { formatPairs, wrapCommand, wrapText } from "./wrap-text.ts";

describe("text layout", () => {
  test("wrapText wraps between words and aligns the lines with the text after the label", () => {
    const text = "Target rejected a valid request. See https://gateway.example/a-url-that-is-longer-than-the-line/v1";
    expect(wrapText(text, 50, "  ✗ ").split("\n")).toEqual([
      "  ✗ Target rejected a valid request. See",
      "    https://gateway.example/a-url-that-is-longer-than-the-line/v1",
    ]);
  });

  test("wrapText does not wrap an indented line, so that its command can be copied", () => {
    const text =
      "The mock requires packages that are not installed. Run:\n  npm install --save-dev a-package@1.0.0 another@2";
    expect(wrapText(text, 56, "antom-vault: ").split("\n")).toEqual([
      "antom-vault: The mock requires packages that are not",
      "             installed. Run:",
      "               npm install --save-dev a-package@1.0.0 another@2",
    ]);
  });

  test("wrapText ignores styles when it measures a line", () => {
    const styled = `\u001B[31m✗\u001B[39m ${"word ".repeat(9).trim()}`;
    expect(wrapText(styled, 46)).toBe(styled);
  });

  test("formatPairs aligns values, wraps them in their column, and omits pairs without a value", () => {
    const pairs = [
      ["ID", "order-17"],
      ["Page", undefined],
      ["Meaning", "The buyer must complete 3-D Secure or enter the card."],
    ] as const;
    expect(formatPairs(pairs, 60).split("\n")).toEqual([
      "  ID       order-17",
      "  Meaning  The buyer must complete 3-D Secure or enter the",
      "           card.",
    ]);
  });

  test("wrapCommand wraps a long shell command with backslashes, but never inside quotes", () => {
    const command = "antom-vault sign --body 'my own request, with spaces.json' --curl > vault.sh";
    expect(wrapCommand(command, 40).split("\n")).toEqual([
      "  antom-vault sign \\",
      "    --body 'my own request, with spaces.json' \\",
      "    --curl > vault.sh",
    ]);
  });
});
