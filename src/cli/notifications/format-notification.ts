import type { Styles } from "../console/output.ts";
import type { ForwardResult } from "./forward-notification.ts";
import type { ReceivedNotification } from "./notification-listener.ts";

/** Formats a received notification as one line, without the time. */
export function formatNotification(notification: ReceivedNotification, style: Styles): string {
  const { verified, outcome, code, cardToken, vaultingRequestId, count = 1, responseStatus, forwarded } = notification;
  const response = forwarded
    ? formatForwarded(forwarded, style)
    : style.dim(responseStatus === 200 ? "acknowledged" : `status ${responseStatus}`);
  if (!verified) return `${style.red("✗")} rejected (${response})  ${explainRejection(notification)}`;
  const repetition = count > 1 ? style.yellow(` (${formatOrdinal(count)} time)`) : "";
  const result = `${outcome} ${code ?? shortenToken(cardToken ?? "")}`;
  return `${style.green("✓")} verified  ${result}  ${style.dim(vaultingRequestId ?? "")}  ${response}${repetition}`;
}

/** Formats the response of the endpoint to which the notification was forwarded. */
function formatForwarded({ url, status, durationMs, problem }: ForwardResult, { dim, yellow }: Styles): string {
  const sent = dim(`→ ${url}`);
  if (problem === undefined) return `${sent}  ${dim(`acknowledged in ${durationMs} ms`)}`;
  const response = status === undefined ? "no response" : `status ${status} in ${durationMs} ms`;
  return `${sent}  ${yellow(`${response}, not acknowledged.`)} ${problem}`;
}

const explainRejection = ({ cause, reason }: ReceivedNotification): string =>
  cause
    ? `${cause.message} (${cause.id})`
    : (reason?.replace(/ Common causes:.*/, "") ?? "The request is not a notification.");

const ORDINAL_SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const formatOrdinal = (count: number): string => `${count}${ORDINAL_SUFFIXES[ordinals.select(count)] ?? "th"}`;

/** Shortens a long card token to its start, which is enough to recognize it. */
export const shortenToken = (token: string): string => (token.length > 16 ? `${token.slice(0, 14)}…` : token);
