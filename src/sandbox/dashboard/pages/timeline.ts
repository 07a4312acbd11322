/** One vaulting's story as a row of events, in the order in which they happened. Pure. */
import { vaultingResultCodes } from "../../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import { toIsoTime } from "../../control/serializers.ts";
import { type Final, isFinal, type Vaulting } from "../../vaulting/state-machine.ts";
import type { Tone } from "../frame/components.ts";

type CallView = ControlSchemas["ApiCall"];
type NotificationView = ControlSchemas["Notification"];
type HistoryVaulting = NonNullable<VaultingHistory["vaulting"]>;

export interface TimelineEvent {
  /** On the sandbox's clock, ISO 8601. */
  readonly at: string;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
  /** The call that it was. */
  readonly call?: CallView;
  /** A page that is open for the buyer. */
  readonly link?: { readonly url: string; readonly title: string };
  /** It has not happened yet. */
  readonly upcoming?: true;
}

export function buildTimeline({ vaulting, calls, notification }: VaultingHistory): readonly TimelineEvent[] {
  const events = [
    ...callEvents(vaulting, calls),
    ...(vaulting ? [...cardPageEvents(vaulting), ...challengeEvents(vaulting), ...resultEvents(vaulting.stored)] : []),
    ...(notification ? attemptEvents(notification) : []),
  ];
  // What has happened at the same time stays in the order in which it is told.
  return events.toSorted(
    (a, b) => Number(a.upcoming ?? 0) - Number(b.upcoming ?? 0) || Date.parse(a.at) - Date.parse(b.at),
  );
}

function callEvents(vaulting: HistoryVaulting | undefined, exchanges: readonly CallView[]): readonly TimelineEvent[] {
  const begun = exchanges.find(
    (each) => vaulting && each.operation === vaulting.view.origin && mayHaveCreatedVaulting(each),
  );
  const runs = groupInquiries(exchanges);
  const left = runs.length > MAX_CALLS ? runs.slice(LEADING_CALLS, LEADING_CALLS - MAX_CALLS) : [];
  const told = runs.filter((each) => !left.includes(each)).map((run) => callEvent(run, begun));
  const [first] = left.flat();
  if (first) {
    const title = `${left.flat().length} more calls`;
    told.push({ at: first.at, tone: "plain", title, text: "They are among the exchanges." });
  }
  if (!vaulting || begun) return told;
  const sentence = "The journal no longer has the call: it keeps the last thousand, in memory.";
  return [
    { at: vaulting.view.createdAt, tone: "plain", title: `Begun by ${vaulting.view.origin}`, text: sentence },
    ...told,
  ];
}

/** Who asks every second how a vaulting is brings many calls: the first ones and the last ones are told. */
const LEADING_CALLS = 5;
const MAX_CALLS = 30;

/** Calls in a row that ask the same and are told the same: who waits for a result inquires again and again. */
type Run = [CallView, ...CallView[]];

function groupInquiries(exchanges: readonly CallView[]): readonly Run[] {
  const runs: Run[] = [];
  for (const exchange of exchanges) {
    const run = runs.at(-1);
    if (run && isInquiry(exchange) && isInquiry(run[0]) && inquiryResult(run[0]) === inquiryResult(exchange))
      run.push(exchange);
    else runs.push([exchange]);
  }
  return runs;
}

const isInquiry = ({ operation, resultCode }: CallView): boolean =>
  operation === "inquireVaulting" && resultCode !== undefined;

/** What an answer tells: of the inquired vaulting, where it does, else of the call. */
const inquiryResult = ({ response, resultCode }: CallView): string | undefined =>
  readVaultingStatus(response) ?? resultCode;

/** The state of the vaulting that an inquiry was answered with. */
export function readVaultingStatus(response: string): string | undefined {
  const body: unknown = response === "" ? undefined : JSON.parse(response);
  const found = typeof body === "object" && body !== null && "vaultingStatus" in body ? body.vaultingStatus : undefined;
  return typeof found === "string" ? found : undefined;
}

/** Whether a call may have begun the vaulting. */
const mayHaveCreatedVaulting = ({ note, resultCode, fault }: CallView): boolean =>
  note === undefined && (resultCode !== undefined ? resultCode !== "PARAM_ILLEGAL" : fault === "response-dropped");

function callEvent(run: Readonly<Run>, begun: CallView | undefined): TimelineEvent {
  const [exchange] = run;
  const { at, operation = "A call", resultCode, resultStatus } = exchange;
  if (isInquiry(exchange) && resultStatus === "S") {
    const times = run.length === 1 ? "" : ` ${run.length} times`;
    const last = run.length === 1 ? "" : `, the last time at ${formatClockTime(run.at(-1)?.at)}`;
    return {
      at,
      tone: "plain",
      title: `Inquired${times}: ${inquiryResult(exchange)}`,
      text: `Answered after ${exchange.durationMs.toFixed(1)} ms${last}.`,
      call: exchange,
    };
  }
  const tone: Tone =
    resultStatus === "S" ? "good" : resultStatus === "U" || resultStatus === undefined ? "wait" : "bad";
  const answered = resultCode === undefined ? "The connection was dropped" : `Answered ${resultCode}`;
  const again =
    begun !== undefined && exchange !== begun && operation === begun.operation && exchange.sequence > begun.sequence;
  const title =
    operation === "inquireVaulting" ? "Inquired" : again ? `${operation} called again` : `${operation} called`;
  return { at, tone, title, text: `${answered} after ${exchange.durationMs.toFixed(1)} ms.`, call: exchange };
}

/** The hosted page of a session, on which the buyer types the card. */
function cardPageEvents({ view, stored }: HistoryVaulting): readonly TimelineEvent[] {
  if (stored.session === null) return [];
  const page = { at: view.createdAt, title: "Hosted card page" };
  if (stored.card !== null) return [{ ...page, tone: "good", text: "The buyer typed a card on it." }];
  if (isFinal(stored)) return [{ ...page, tone: "bad", text: "Nobody typed a card on it in time." }];
  const sentence = `Waits for the buyer until ${formatClockTime(toIsoTime(stored.expiresAt))}.`;
  return [withLink({ ...page, tone: "wait", text: sentence }, view.normalUrl, "Open the card page")];
}

const withLink = (event: TimelineEvent, url: string | undefined, title: string): TimelineEvent =>
  url === undefined ? event : { ...event, link: { url, title } };

function challengeEvents({ view, stored }: HistoryVaulting): readonly TimelineEvent[] {
  if (stored.challenge === null) return [];
  const { wrongCodes } = stored.challenge;
  const codes = wrongCodes === 1 ? "one wrong code" : `${wrongCodes} wrong codes`;
  const begun = { at: view.createdAt, title: "3-D Secure challenge" };
  if (!isFinal(stored)) {
    const wrong = wrongCodes === 0 ? "" : ` So far: ${codes}.`;
    const sentence = `Waits for the buyer’s one-time code until ${formatClockTime(toIsoTime(stored.expiresAt))}.${wrong}`;
    return [withLink({ ...begun, tone: "wait", text: sentence }, view.normalUrl, "Open the challenge page")];
  }
  return [
    { ...begun, tone: "plain", text: "The answer names its page, for the buyer." },
    {
      at: toIsoTime(stored.finishedAt),
      tone: isUnverified(stored) ? "bad" : "good",
      title: "Challenge ended",
      text: challengeEnd(stored, wrongCodes === 0 ? "" : `, after ${codes}`),
    },
  ];
}

const isUnverified = (stored: Final): boolean => stored.status === "FAIL" && stored.verificationFailed;

function challengeEnd(stored: Final, afterCodes: string): string {
  if (stored.endedBy === "cancelled") return "The buyer cancelled it.";
  if (stored.endedBy === "expired") return "The buyer did not come in time.";
  return `It was ${isUnverified(stored) ? "not " : ""}passed${afterCodes}.`;
}

function resultEvents(stored: Vaulting): readonly TimelineEvent[] {
  if (!isFinal(stored)) return [];
  const at = toIsoTime(stored.finishedAt);
  if (stored.status === "SUCCESS") {
    return [{ at, tone: "good", title: "Vaulted", text: "The card has a token. This result is final." }];
  }
  const { resultCode } = stored;
  const sentence = `${describeResultCode(resultCode)} This result is final.`;
  return [{ at, tone: "bad", title: `Failed: ${resultCode}`, text: sentence }];
}

/** What a vaultingResultCode means, as the table says. */
export const describeResultCode = (code: string): string =>
  vaultingResultCodes.find((each) => each.code === code)?.meaning ?? "";

function attemptEvents({ attempts, state, dueAt, url }: NotificationView): readonly TimelineEvent[] {
  const made = attempts.map(({ at, number, outcome, httpStatus, detail, durationMs }): TimelineEvent => {
    const http = httpStatus === undefined ? "" : ` HTTP ${httpStatus}.`;
    const sentence = `${ATTEMPT_OUTCOMES[outcome]}${http}${detail === undefined ? "" : ` ${detail}`} It took ${Math.round(durationMs)} ms.`;
    return {
      at,
      tone: outcome === "ACKNOWLEDGED" ? "good" : "bad",
      title: `Notification, attempt ${number}`,
      text: sentence,
    };
  });
  if (state === "EXHAUSTED") {
    const at = attempts.at(-1)?.at ?? "";
    const sentence = "The schedule is over, and nothing more is sent unless you say so.";
    return [...made, { at, tone: "bad", title: "Notification exhausted", text: sentence }];
  }
  if (dueAt === undefined) return made;
  const title = attempts.length === 0 ? "First attempt at the notification" : "Next attempt at the notification";
  return [...made, { at: dueAt, tone: "wait", title, text: `To ${url}`, upcoming: true }];
}

const ATTEMPT_OUTCOMES: Readonly<Record<NotificationView["attempts"][number]["outcome"], string>> = {
  ACKNOWLEDGED: "Acknowledged.",
  NOT_ACKNOWLEDGED: "Not acknowledged: another answer than the documented one.",
  UNEXPECTED_HTTP_STATUS: "Not acknowledged.",
  ADDRESS_BLOCKED: "Not sent: the sandbox does not call this address.",
  HOST_NOT_FOUND: "Not sent: the name of the host is not known.",
  CONNECTION_FAILED: "Not sent.",
  TLS_FAILED: "Not sent: no connection that can be trusted.",
  TIMEOUT: "No answer in time.",
  RESPONSE_TOO_LARGE: "Not acknowledged: the answer was too large.",
};

const formatClockTime = (iso: string | undefined): string =>
  iso === undefined ? "its end" : `${iso.slice(11, 19)} UTC`;
