import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openHiddenInput } from "./hidden-input.ts";

const PROMPT = "Card number: ";

/** Opens a hidden input on a fake terminal. `getOutput` returns everything that was written to the screen. */
function openTerminal() {
  const modes: boolean[] = [];
  const keyboard = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => void modes.push(mode) });
  let output = "";
  const screen = {
    write: (text: string) => {
      output += text;
    },
  };
  return { keyboard, modes, input: openHiddenInput(keyboard, screen), getOutput: () => output };
}

/** Returns the lines up to the end of the input. */
async function readLines(chunks: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { keyboard, input, getOutput } = openTerminal();
  using _ = input;
  for (const chunk of chunks) keyboard.write(chunk);
  keyboard.end();
  const lines: (string | undefined)[] = [];
  do lines.push(await input.prompt(PROMPT));
  while (lines.at(-1) !== undefined);
  expect(getOutput()).toBe(`${PROMPT}\n`.repeat(lines.length));
  return lines.slice(0, -1);
}

describe("hidden input", () => {
  test.each<[string, string, readonly string[]]>([
    ["the return key", "4242\r", ["4242"]],
    ["a line feed", "4242\n", ["4242"]],
    ["several pasted lines", "4242\r\n12/30\r123\r", ["4242", "12/30", "123"]],
    ["backspace, in both forms", "42\u007F3\b4\r", ["44"]],
    ["backspace on an empty line", "\u007F\u007F1\r", ["1"]],
    ["Ctrl-U and Ctrl-W", "42\u001543\u001744\r", ["44"]],
    ["cursor keys, which are ignored", "2\u001B[D4\u001B[1;5C\u001BOA\r\u001BOA\r", ["42", ""]],
    ["a bracketed paste", "\u001B[200~4242\u001B[201~\r", ["4242"]],
    ["control keys, which are ignored", "42\u0001\u000C\u001A\r", ["42"]],
    ["Ctrl-D on an empty line", "\u0004", []],
    ["Ctrl-D after other keys", "42\u0004\r", ["42"]],
    ["a last line without a line ending", "4242", ["4242"]],
  ])("returns the lines of input with %s", async (_, typed, lines) => {
    expect(await readLines([typed])).toEqual(lines);
  });

  test("reads the same lines however the input is split", async () => {
    const digits = fc.stringMatching(/^[0-9 /-]{0,24}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(digits, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const text = lines.map((line) => `${line}\r`).join("");
          expect(await readLines(text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [])).toEqual(lines);
        },
      ),
    );
  });

  test("rejects every prompt after Ctrl-C and restores the terminal", async () => {
    const { keyboard, modes, input, getOutput } = openTerminal();
    keyboard.write("42\u0003");
    await expect(input.prompt(PROMPT)).rejects.toMatchObject({ code: "ABORTED" });
    await expect(input.prompt(PROMPT)).rejects.toMatchObject({ code: "ABORTED" });
    expect(modes).toEqual([true, false]);
    expect(getOutput()).toBe(`${PROMPT}\n`.repeat(2));
  });

  test("restores the terminal if the input is disposed of in the middle of a line", async () => {
    const { keyboard, modes, input } = openTerminal();
    keyboard.write("42\r43");
    expect(await input.prompt(PROMPT)).toBe("42");
    expect(modes).toEqual([true]);
    input[Symbol.dispose]();
    expect({ modes, isPaused: keyboard.isPaused() }).toEqual({ modes: [true, false], isPaused: true });
  });
});
