/** What the terminal that a command writes to can do. Pure: it is read off the stream and the environment. */

export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set and does not say no. */
const isOn = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

/** Whether a program of a CI runs this, where nobody types, looks or has a browser. */
export const inCi = (env: Env): boolean => isOn(env["CI"]);

/**
 * Whether to colour: on a terminal that is not dumb, unless NO_COLOR is set (https://no-color.org). FORCE_COLOR decides over all of it, as it
 * does for Node itself: 0 and false for no.
 */
export function isColoured({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced === "" || isOn(forced);
  return isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Whether what is written may be written over again. */
export const canAnimate = ({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean =>
  isTTY === true && env["TERM"] !== "dumb" && !inCi(env);

/** Whether somebody is there who can be asked. */
export const canAsk = (stdin: { readonly isTTY?: boolean }, stderr: { readonly isTTY?: boolean }, env: Env): boolean =>
  stdin.isTTY === true && stderr.isTTY === true && !inCi(env);

const WITH_LINKS: ReadonlySet<string> = new Set(["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"]);

/**
 * Whether the terminal is known to have links (OSC 8). One that has none would show the escape sequence, or nothing. Within tmux and screen
 * nobody knows, so FORCE_HYPERLINK says so there.
 */
export function hasLinks({ isTTY }: Pick<Sink, "isTTY">, env: Env): boolean {
  const { FORCE_HYPERLINK: forced, TERM: term = "", TERM_PROGRAM: program = "" } = env;
  if (isTTY !== true || term === "dumb" || inCi(env)) return false;
  if (forced !== undefined) return isOn(forced);
  if (/^(?:screen|tmux)/.test(term) || env["TMUX"]) return false;
  return (
    WITH_LINKS.has(program) ||
    Number(env["VTE_VERSION"] ?? 0) >= 5000 ||
    ["KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION"].some((name) => env[name]) ||
    /^(?:xterm-kitty|foot|alacritty)/.test(term)
  );
}

/** An address that can be clicked where the terminal has links; the address itself elsewhere, and always readable. */
export const link = (sink: Pick<Sink, "isTTY">, env: Env, url: string): string =>
  hasLinks(sink, env) ? `\u001B]8;;${url}\u001B\\${url}\u001B]8;;\u001B\\` : url;
