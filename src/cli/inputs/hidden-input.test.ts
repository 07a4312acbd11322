import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openHiddenInput } from "./hidden-input.ts";

const PROMPT = "Card number: ";

/** A terminal that is typed into: what it echoes would be in `shown`. */
function terminal() {
  const modes: boolean[] = [];
  const keyboard = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => void modes.push(mode) });
  let shown = "";
  const screen = {
    write: (text: string) => {
      shown += text;
    },
  };
  return { keyboard, modes, input: openHiddenInput(keyboard, screen), shown: () => shown };
}

/** The lines that were read, up to the end of the input. */
async function linesOf(chunks: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { keyboard, input, shown } = terminal();
  using _ = input;
  for (const chunk of chunks) keyboard.write(chunk);
  keyboard.end();
  const lines: (string | undefined)[] = [];
  do lines.push(await input.prompt(PROMPT));
  while (lines.at(-1) !== undefined);
  expect(shown()).toBe(`${PROMPT}\n`.repeat(lines.length));
  return lines.slice(0, -1);
}

describe("hidden input", () => {
  test.each<[string, string, readonly string[]]>([
    ["return", "4242\r", ["4242"]],
    ["a line feed", "4242\n", ["4242"]],
    ["what is pasted at once", "4242\r\n12/30\r123\r", ["4242", "12/30", "123"]],
    ["backspace, in both forms", "42\u007F3\b4\r", ["44"]],
    ["backspace in an empty line", "\u007F\u007F1\r", ["1"]],
    ["Ctrl-U and Ctrl-W", "42\u001543\u001744\r", ["44"]],
    ["cursor keys, which move and recall nothing", "2\u001B[D4\u001B[1;5C\u001BOA\r\u001BOA\r", ["42", ""]],
    ["a bracketed paste", "\u001B[200~4242\u001B[201~\r", ["4242"]],
    ["keys that type nothing", "42\u0001\u000C\u001A\r", ["42"]],
    ["Ctrl-D in an empty line", "\u0004", []],
    ["Ctrl-D in a line", "42\u0004\r", ["42"]],
    ["an end within a line", "4242", ["4242"]],
  ])("%s", async (_, typed, lines) => {
    expect(await linesOf([typed])).toEqual(lines);
  });

  test("it does not matter how the text is cut up", async () => {
    const digits = fc.stringMatching(/^[0-9 /-]{0,24}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(digits, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const text = lines.map((each) => `${each}\r`).join("");
          expect(await linesOf(text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [])).toEqual(lines);
        },
      ),
    );
  });

  test("Ctrl-C ends every prompt, and the terminal is as it was", async () => {
    const { keyboard, modes, input, shown } = terminal();
    keyboard.write("42\u0003");
    await expect(input.prompt(PROMPT)).rejects.toMatchObject({ code: "ABORTED" });
    await expect(input.prompt(PROMPT)).rejects.toMatchObject({ code: "ABORTED" });
    expect(modes).toEqual([true, false]);
    expect(shown()).toBe(`${PROMPT}\n`.repeat(2));
  });

  test("disposing of it restores the terminal, within a line too", async () => {
    const { keyboard, modes, input } = terminal();
    keyboard.write("42\r43");
    expect(await input.prompt(PROMPT)).toBe("42");
    expect(modes).toEqual([true]);
    input[Symbol.dispose]();
    expect({ modes, isPaused: keyboard.isPaused() }).toEqual({ modes: [true, false], isPaused: true });
  });
});
