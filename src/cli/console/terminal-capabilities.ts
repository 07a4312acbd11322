/** The capabilities of the terminal, derived from the streams and the environment of the command. @module */

export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Env = Readonly<Record<string, string | undefined>>;

const isEnabled = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

/** Reports whether the command runs in CI, where no user can type or open a browser. */
export const isCi = (env: Env): boolean => isEnabled(env["CI"]);

/**
 * Reports whether to use colors: on a terminal that is not dumb, unless NO_COLOR is set (https://no-color.org). FORCE_COLOR takes precedence,
 * as in Node.js. Its values 0 and false turn colors off.
 */
export function hasColor({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced === "" || isEnabled(forced);
  return isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Returns the number of columns at which text wraps: the value of COLUMNS; if it is not set, the terminal's width; if that is unknown, 80. */
export const getWidth = ({ columns }: Pick<Sink, "columns">, env: Env = process.env): number =>
  Number(env["COLUMNS"]) || columns || 80;

/** Reports whether to overwrite lines, as a spinner does. */
export const canAnimate = ({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean =>
  isTTY === true && env["TERM"] !== "dumb" && !isCi(env);

/** Reports whether a user can be prompted. */
export const canPrompt = (stdin: Pick<Sink, "isTTY">, stderr: Pick<Sink, "isTTY">, env: Env): boolean =>
  stdin.isTTY === true && stderr.isTTY === true && !isCi(env);
