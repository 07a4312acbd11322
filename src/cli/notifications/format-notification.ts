/** A notification that has come, as a person reads it. */

import type { Styles } from "../console/output.ts";
import type { Heard } from "./notification-listener.ts";

/** What came, without the time. */
export function heardText(heard: Heard, style: Styles): string {
  const { verified, outcome, code, cardToken, vaultingRequestId, time = 1, reason, mistake, answered } = heard;
  const answer = style.dim(answered === 200 ? "acknowledged" : `answered ${answered}`);
  if (!verified) {
    const why = mistake
      ? `The mistake: ${mistake.sentence} (${mistake.id})`
      : (reason?.replace(/ Usual causes:.*/, "") ?? "It could not be read.");
    return `${style.red("✗")} not taken: ${why} ${answer}`;
  }
  const again = time > 1 ? style.yellow(` (${ordinal(time)} time)`) : "";
  return `${style.green("✓")} verified  ${outcome} ${code ?? shortToken(cardToken ?? "")}  ${style.dim(vaultingRequestId ?? "")}  ${answer}${again}`;
}

const ordinal = (count: number): string => ["1st", "2nd", "3rd"][count - 1] ?? `${count}th`;

/** The beginning of a token, by which it is known again. */
export const shortToken = (token: string): string => (token.length > 16 ? `${token.slice(0, 14)}…` : token);
