/** What the terminal that a command writes to can do. Pure: it is read off the stream and the environment. */

export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set and does not say no. */
const isEnabled = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

/** Whether a program of a CI runs this, where nobody types, looks or has a browser. */
export const isCi = (env: Env): boolean => isEnabled(env["CI"]);

/**
 * Whether to colour: on a terminal that is not dumb, unless NO_COLOR is set (https://no-color.org). FORCE_COLOR decides over all of it, as it
 * does for Node itself: 0 and false for no.
 */
export function hasColor({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced === "" || isEnabled(forced);
  return isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Whether what is written may be written over again. */
export const canAnimate = ({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean =>
  isTTY === true && env["TERM"] !== "dumb" && !isCi(env);

/** Whether somebody is there who can be asked. */
export const canPrompt = (
  stdin: { readonly isTTY?: boolean },
  stderr: { readonly isTTY?: boolean },
  env: Env,
): boolean => stdin.isTTY === true && stderr.isTTY === true && !isCi(env);
