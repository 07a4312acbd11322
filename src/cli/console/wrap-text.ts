/** Text layout in columns, with the word wrapping of commander's help. @module */
import { Help } from "commander";

const help = new Help();

/** Returns the width of text in columns, without its styles. */
const measure = (text: string): number => help.displayWidth(text);

/**
 * Wraps text between words, except for indented lines, which are commands to copy. The first line starts with `label`. Other lines are indented by
 * the width of the label.
 */
export function wrapText(text: string, width: number, label = ""): string {
  const wrap = (line: string) => (line.startsWith("  ") ? line : help.boxWrap(line, width - measure(label)));
  const lines = text.split("\n").map(wrap).join("\n").split("\n");
  return label + lines.join(`\n${" ".repeat(measure(label))}`);
}

/** Returns names and values in 2 columns, wrapped to `width`. Omits pairs without a value. */
export function formatPairs(
  pairs: readonly (readonly [name: string, value: string | undefined])[],
  width: number,
): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const nameWidth = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => wrapText(value, width, `  ${name.padEnd(nameWidth)}  `)).join("\n");
}

/** A word of a shell command, together with the option or redirection that precedes it. A quoted part can contain spaces. */
const SHELL_WORD = /(?:(?:--?[\w-]*|>) (?![->]))?(?:'[^']*'|"[^"]*"|\\.|\S)+/g;

/** Wraps a shell command, but never between an option and its value. Every line but the last ends with a backslash, so the command can be copied. */
export function wrapCommand(command: string, width: number, label = "  "): string {
  const lines: string[] = [];
  let line = label;
  let separator = "";
  for (const word of command.match(SHELL_WORD) ?? []) {
    if (separator !== "" && measure(line) + 1 + word.length + CONTINUED.length > width) {
      lines.push(line + CONTINUED);
      line = `${" ".repeat(measure(label))}  ${word}`;
    } else line += separator + word;
    separator = " ";
  }
  return [...lines, line].join("\n");
}

const CONTINUED = " \\";
