/** Prints a notification that the sandbox has stored, with each attempt to deliver it. @module */
import { toPrintable } from "../../cards/mask-card-data.ts";
import { adviseAttempt } from "../../control-api/attempt-outcomes.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { getResult } from "../../protocol/json-fields.ts";
import { formatSignedString } from "../console/format-signed-string.ts";
import { indent, type Output, writeLine, writePairs, writeText } from "../console/output.ts";

type Notification = ControlSchemas["Notification"];
type Attempt = ControlSchemas["Attempt"];

/** Describes the outcome of an attempt, for example `NOT_ACKNOWLEDGED (status 200)`. */
export const describeAttempt = ({ outcome, httpStatus }: Attempt): string =>
  outcome === "ACKNOWLEDGED" || httpStatus === undefined ? outcome : `${outcome} (status ${httpStatus})`;

/** Formats the time until an event, for example `in 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 120) return `in ${seconds} s`;
  if (seconds < 7200) return `in ${Math.round(seconds / 60)} min`;
  return `in ${Math.round(seconds / 3600)} h`;
}

const formatTime = (time: string): string => `${time.slice(0, 23).replace("T", " ")} UTC`;

/** Prints a notification and its attempts, starting with the oldest. `now` is the time of the sandbox clock. */
export function printNotification(output: Output, notification: Notification, now: number): void {
  const { stdout, style } = output;
  const { sequence, state, vaultingRequestId, clientId, url, dueAt, attempts, body } = notification;
  const paint = state === "ACKNOWLEDGED" ? style.green : style.yellow;
  const { resultCode, resultStatus } = getResult(JSON.parse(body));
  writeLine(stdout, `${style.bold(`Notification ${sequence}`)}  ${paint(state)}`);
  writePairs(stdout, [
    ["ID", toPrintable(vaultingRequestId)],
    ["Client ID", clientId],
    ["Result", `${resultCode} (${resultStatus})`],
    ["Endpoint", toPrintable(url)],
    ["Next attempt", dueAt && `${formatDuration(Date.parse(dueAt) - now)}, ${formatTime(dueAt)} on the sandbox clock`],
    ["Body", attempts.some(({ request }) => request) ? undefined : toPrintable(body)],
  ]);
  for (const attempt of attempts) printAttempt(output, attempt, notification);
}

function printAttempt({ stdout, style }: Output, attempt: Attempt, { clientId, body }: Notification): void {
  const { number, at, durationMs, outcome, detail, request, response } = attempt;
  const paint = outcome === "ACKNOWLEDGED" ? style.green : style.red;
  const printPart = (title: string, lines: string) => {
    writeLine(stdout, `  ${style.bold(title)}`);
    if (lines !== "") writeLine(stdout, indent(lines));
  };
  writeLine(stdout);
  writeLine(stdout, `${style.bold(`Attempt ${number}`)}  ${paint(describeAttempt(attempt))}  ${durationMs} ms`);
  writeText(stdout, `${formatTime(at)} on the sandbox clock`, "  ");
  if (detail !== undefined) writeText(stdout, toPrintable(detail), "  ");
  const advice = adviseAttempt(attempt);
  if (advice !== "") writeText(stdout, advice, "  What to do: ");
  if (request) {
    if (request.fault) writeText(stdout, style.yellow(`The fault ${request.fault} was applied to this request.`), "  ");
    printPart(`Request: POST ${toPrintable(request.path)}`, formatHeaders(request.headers));
    const time = new Headers(request.headers).get("request-time") ?? "";
    const message = { path: request.path, clientId, time, body: new TextEncoder().encode(body) };
    printPart("Signed string", formatSignedString(message));
  }
  if (response) {
    const { headers, body: responseBody, bodySize, truncated } = response;
    printPart(`Response: status ${attempt.httpStatus ?? "unknown"}`, formatHeaders(headers));
    const size =
      responseBody === undefined ? `${bodySize} bytes that are not text` : `the first part of ${bodySize} bytes`;
    const note = responseBody === undefined || truncated ? `: ${size}` : "";
    printPart(`Response body${bodySize === 0 ? ": empty" : note}`, escapeBody(responseBody ?? ""));
  }
}

const formatHeaders = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => toPrintable(`${name}: ${value}`))
    .join("\n");

/** Escapes a body from an untrusted server, line by line. */
const escapeBody = (text: string): string => text.split(/\r?\n/).map(toPrintable).join("\n");

/** Returns a curl command that sends the last request again, byte for byte, or `undefined` if the sandbox has not created a request. */
export function formatCurl({ url, body, attempts }: Notification): string | undefined {
  const request = attempts.findLast((attempt) => attempt.request)?.request;
  if (!request) return undefined;
  const headers = Object.entries(request.headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  return ["curl -sS -i", ...headers, `--data-binary ${shellQuote(body)}`, shellQuote(addDefaultScheme(url))].join(
    " \\\n  ",
  );
}
