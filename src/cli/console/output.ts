/** Output streams and styles of the commands. @module */
import { escapeControls } from "../../protocol/escape-controls.ts";
import { getWidth, hasColor, type Sink } from "./terminal-capabilities.ts";
import { formatPairs, wrapCommand, wrapText } from "./wrap-text.ts";

/**
 * An exit code: 0 for success; 1 for a failure that the command reports, such as a failed check or vaulting; 2 for a usage or connection error;
 * 130 for an interrupted command.
 */
export type ExitCode = 0 | 1 | 2 | 130;

export interface Output {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly style: Styles;
}

export type Styles = ReturnType<typeof createStyles>;

/** Returns functions that style text. They return the text unchanged if the sink does not support colors. */
export function createStyles(sink: Sink) {
  const isColored = hasColor(sink, process.env);
  const paint = (on: number, off: number) => (text: string) =>
    isColored ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), green: paint(32, 39), red: paint(31, 39), yellow: paint(33, 39) };
}

/** The start of a command line that runs this command, in a checkout or in a project that depends on the package. */
export const commandPrefix = import.meta.url.endsWith(".ts") ? "npm run --silent antom-vault --" : "npx antom-vault";

/** Writes a line of data or formatted text without wrapping it. */
export const writeLine = (sink: Sink, text = ""): void => {
  sink.write(`${text}\n`);
};

/** Writes a value as one line of JSON. Escapes control characters and CI commands in its strings. */
export const writeJson = (sink: Sink, value: unknown): void => writeLine(sink, escapeControls(JSON.stringify(value)));

/** Wraps text to the width of the terminal and writes it. */
export const writeText = (sink: Sink, text: string, label = ""): void =>
  writeLine(sink, wrapText(text, getWidth(sink), label));

/** Writes a row of a table. The row wraps only on a terminal, so that a program that reads a pipe gets each row on one line. */
export const writeRow = (sink: Sink, row: string, label = ""): void =>
  sink.isTTY ? writeText(sink, row, label) : writeLine(sink, label + row);

export const writePairs = (sink: Sink, pairs: Parameters<typeof formatPairs>[0]): void =>
  writeLine(sink, formatPairs(pairs, getWidth(sink)));

export const writeCommand = (sink: Sink, command: string, label?: string): void =>
  writeLine(sink, wrapCommand(command, getWidth(sink), label));

export const indent = (text: string, by = "    "): string => text.replace(/^/gm, by);
