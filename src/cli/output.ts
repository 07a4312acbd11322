/** Where a command writes to, and in what colours. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}

type Paint = (text: string) => string;

export interface Styles {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
}

export interface Output {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly style: Styles;
}

/** Colours on a terminal only, and none where NO_COLOR is set (https://no-color.org). */
export function styles(sink: Sink): Styles {
  const coloured = sink.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  const paint = (on: number, off: number): Paint =>
    coloured ? (text) => `\u001B[${on}m${text}\u001B[${off}m` : (text) => text;
  return { bold: paint(1, 22), dim: paint(2, 22), green: paint(32, 39), red: paint(31, 39) };
}

export const line = (sink: Sink, text = ""): void => {
  sink.write(`${text}\n`);
};

/** Each line of a text moved to the right. */
export const indent = (text: string, by = "    "): string => text.replace(/^/gm, by);

/** What cannot be seen in a text made visible at the ends of its lines, where signatures break: `\r` and a missing last line feed. */
export const showLineEnds = (text: string): string => text.replaceAll("\r", "\\r").replaceAll("\t", "\\t");
