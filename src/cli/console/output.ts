/** Where a command writes to, in what colours, and how it ends. */
import { hasColor, type Sink } from "./terminal-capabilities.ts";

export type { Sink } from "./terminal-capabilities.ts";

/**
 * An exit code of the command: 0 for success, 1 if a check or a vaulting failed, 2 for a usage or connection error, 130 if a person
 * interrupted it.
 */
export type ExitCode = 0 | 1 | 2 | 130;

export interface Output {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly style: Styles;
}

export type Styles = ReturnType<typeof createStyles>;

/** Colours where the sink shows them. */
export function createStyles(sink: Sink) {
  const coloured = hasColor(sink, process.env);
  const paint = (on: number, off: number) => (text: string) => (coloured ? `\u001B[${on}m${text}\u001B[${off}m` : text);
  return { bold: paint(1, 22), dim: paint(2, 22), green: paint(32, 39), red: paint(31, 39), yellow: paint(33, 39) };
}

/** The words that start this command, for what it prints: in a checkout, or in a project that has installed the package. */
export const commandPrefix = import.meta.url.endsWith(".ts") ? "npm run --silent antom-vault --" : "npx antom-vault";

export const writeLine = (sink: Sink, text = ""): void => {
  sink.write(`${text}\n`);
};

/** Names and what they say, a line each, the second column aligned. What has no value is left out. */
export function formatPairs(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n");
}

/** Each line of a text moved to the right. */
export const indent = (text: string, by = "    "): string => text.replace(/^/gm, by);
