/** A notification that has come, as a person reads it. */

import type { Styles } from "../console/output.ts";
import type { ReceivedNotification } from "./notification-listener.ts";

/** What came, without the time. */
export function formatNotification(heard: ReceivedNotification, style: Styles): string {
  const { verified, outcome, code, cardToken, vaultingRequestId, count = 1, reason, cause, responseStatus } = heard;
  const answer = style.dim(responseStatus === 200 ? "acknowledged" : `answered ${responseStatus}`);
  if (!verified) {
    const why = cause
      ? `The mistake: ${cause.message} (${cause.id})`
      : (reason?.replace(/ Common causes:.*/, "") ?? "It could not be read.");
    return `${style.red("✗")} not taken: ${why} ${answer}`;
  }
  const again = count > 1 ? style.yellow(` (${formatOrdinal(count)} time)`) : "";
  return `${style.green("✓")} verified  ${outcome} ${code ?? shortenToken(cardToken ?? "")}  ${style.dim(vaultingRequestId ?? "")}  ${answer}${again}`;
}

const formatOrdinal = (count: number): string => ["1st", "2nd", "3rd"][count - 1] ?? `${count}th`;

/** The beginning of a token, by which it is known again. */
export const shortenToken = (token: string): string => (token.length > 16 ? `${token.slice(0, 14)}…` : token);
