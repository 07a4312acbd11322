import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineEditor } from "./line-editor.ts";

const line = (text: string) => ({ kind: "line", text });

describe("the line editor", () => {
  test.each<[string, string, readonly object[]]>([
    ["return", "4242\r", [line("4242")]],
    ["a line feed", "4242\n", [line("4242")]],
    ["what is pasted at once", "4242\r\n12/30\r123\r", [line("4242"), line("12/30"), line("123")]],
    ["backspace, in both forms", "42\u007F3\b4\r", [line("44")]],
    ["backspace in an empty line", "\u007F\u007F1\r", [line("1")]],
    ["Ctrl-U and Ctrl-W", "42\u001543\u001744\r", [line("44")]],
    ["cursor keys", "4\u001B[D2\u001B[1;5C\u001BOA\r", [line("42")]],
    ["a bracketed paste", "\u001B[200~4242\u001B[201~\r", [line("4242")]],
    ["tabs and other keys that type nothing", "4\t2\u0001\r", [line("42")]],
    ["Ctrl-C", "42\u0003", [{ kind: "interrupt" }]],
    ["Ctrl-D in an empty line", "\u0004", [{ kind: "end" }]],
    ["Ctrl-D in a line", "42\u0004\r", [line("42")]],
  ])("%s", (_, typed, done) => {
    expect(createLineEditor().feed(typed)).toEqual(done);
  });

  test("it does not matter how the text is cut up", () => {
    const digits = fc.stringMatching(/^[0-9 /-]{0,24}$/);
    fc.assert(
      fc.property(fc.array(digits, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 7 }), (lines, size) => {
        const text = lines.map((each) => `${each}\r`).join("");
        const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
        const editor = createLineEditor();
        expect(chunks.flatMap((chunk) => editor.feed(chunk))).toEqual(lines.map(line));
      }),
    );
  });
});
