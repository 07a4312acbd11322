/** Builds the timeline of a vaulting. */
import { vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { describeAttempt } from "../../../control-api/attempt-outcomes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import { toIsoTime } from "../../control/serializers.ts";
import { type Final, isFinal, type Vaulting } from "../../vaulting/state-machine.ts";
import type { Tone } from "../frame/components.ts";

type CallView = ControlSchemas["ApiCall"];
type NotificationView = ControlSchemas["Notification"];
type HistoryVaulting = NonNullable<VaultingHistory["vaulting"]>;

export interface TimelineEvent {
  /** The time on the sandbox clock, in ISO 8601. */
  readonly at: string;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
  readonly call?: CallView;
  /** A delivery attempt of a notification. */
  readonly attempt?: { readonly sequence: number; readonly number: number };
  /** A page that is waiting for the buyer. */
  readonly link?: { readonly url: string; readonly title: string };
  /** Set if the event has not happened yet. */
  readonly upcoming?: true;
}

export function buildTimeline(history: VaultingHistory): readonly TimelineEvent[] {
  const { vaulting, notification } = history;
  const events = [
    ...callEvents(history),
    ...(vaulting ? [...cardPageEvents(vaulting), ...challengeEvents(vaulting), ...resultEvents(vaulting.stored)] : []),
    ...(notification ? attemptEvents(notification) : []),
  ];
  // The sort is stable: events with the same time keep the order above.
  return events.toSorted(
    (a, b) => Number(a.upcoming ?? 0) - Number(b.upcoming ?? 0) || Date.parse(a.at) - Date.parse(b.at),
  );
}

function callEvents({ vaulting, calls, omittedCalls }: VaultingHistory): readonly TimelineEvent[] {
  const creatingCall = vaulting && calls.find((call) => mightHaveCreatedVaulting(call, vaulting));
  const runs = groupInquiries(calls);
  const omitted = runs.length > MAX_CALLS ? runs.slice(LEADING_CALLS, LEADING_CALLS - MAX_CALLS) : [];
  const events = runs
    .filter((run) => !omitted.includes(run))
    .map((run) => callEvent(run, isRepeated(run[0], vaulting, creatingCall)));
  const omittedCount = omitted.flat().length + omittedCalls;
  if (omittedCount > 0) {
    const { at = "" } = omitted[0]?.[0] ?? calls[(calls.length >> 1) - 1] ?? {};
    const title = `${omittedCount} more ${omittedCount === 1 ? "call" : "calls"}`;
    events.push({ at, tone: "plain", title, text: "All calls are listed under API calls." });
  }
  if (!vaulting || creatingCall) return events;
  const { createdAt, origin } = vaulting.view;
  const text = "The call is no longer in the call log, which keeps the last 10,000 calls for up to 7 days.";
  return [{ at: createdAt, tone: "plain", title: `Created by ${origin}`, text }, ...events];
}

/** Returns whether a call repeats the operation that created the vaulting. The call that created the vaulting might no longer be in the call log. */
function isRepeated(call: CallView, vaulting?: HistoryVaulting, creatingCall?: CallView): boolean {
  if (!vaulting || call.operation !== vaulting.view.origin) return false;
  return creatingCall ? call.sequence > creatingCall.sequence : call.at > vaulting.view.createdAt;
}

/** The maximum number of entries for calls. A client that polls makes many calls, so a long timeline shows only the first and the last ones. */
const MAX_CALLS = 30;
/** The number of entries for calls at the start of a shortened timeline. */
const LEADING_CALLS = 5;

/** Consecutive inquiries with the same result, or a single call. */
type Run = [CallView, ...CallView[]];

function groupInquiries(calls: readonly CallView[]): readonly Run[] {
  const runs: Run[] = [];
  for (const call of calls) {
    const run = runs.at(-1);
    if (run && isInquiry(call) && isInquiry(run[0]) && getInquiryResult(run[0]) === getInquiryResult(call))
      run.push(call);
    else runs.push([call]);
  }
  return runs;
}

const isInquiry = ({ operation, resultCode }: CallView): boolean =>
  operation === "inquireVaulting" && resultCode !== undefined;

/** Returns the status of the vaulting or, if the inquiry failed, the result code of the call. */
const getInquiryResult = ({ response, resultCode }: CallView): string | undefined =>
  readVaultingStatus(response) ?? resultCode;

/** Returns the vaultingStatus in a response, or `undefined` if the response has none. */
export function readVaultingStatus(response: string): string | undefined {
  const body: unknown = response === "" ? undefined : JSON.parse(response);
  const status =
    typeof body === "object" && body !== null && "vaultingStatus" in body ? body.vaultingStatus : undefined;
  return typeof status === "string" ? status : undefined;
}

/** Returns whether a call might have created the vaulting: it arrived before the vaulting was created, and was not rejected. */
const mightHaveCreatedVaulting = ({ operation, at, note, resultCode, fault }: CallView, { view }: HistoryVaulting) =>
  operation === view.origin &&
  at <= view.createdAt &&
  note === undefined &&
  (resultCode !== undefined ? resultCode !== "PARAM_ILLEGAL" : fault === "response-dropped");

function callEvent(run: Readonly<Run>, repeated: boolean): TimelineEvent {
  const [call] = run;
  const { at, operation = "Unknown operation", resultCode, resultStatus } = call;
  const duration = `${call.durationMs.toFixed(1)} ms`;
  if (isInquiry(call) && resultStatus === "S") {
    const times = run.length === 1 ? "" : ` ${run.length} times`;
    const last = run.length === 1 ? "" : ` Last inquiry at ${formatClockTime((run.at(-1) ?? call).at)}.`;
    const title = `Inquired${times}: ${getInquiryResult(call)}`;
    return { at, tone: "plain", title, text: `Responded in ${duration}.${last}`, call };
  }
  const tone: Tone =
    resultStatus === "S" ? "good" : resultStatus === "U" || resultStatus === undefined ? "wait" : "bad";
  const result = resultCode === undefined ? "Connection dropped after" : `Returned ${resultCode} in`;
  const title =
    operation === "inquireVaulting" ? "Inquired" : repeated ? `${operation} called again` : `${operation} called`;
  return { at, tone, title, text: `${result} ${duration}.`, call };
}

/** Returns the events of the hosted card page. */
function cardPageEvents({ view, stored }: HistoryVaulting): readonly TimelineEvent[] {
  if (stored.session === null) return [];
  const page = { at: view.createdAt, title: "Hosted card page" };
  if (stored.card !== null) return [{ ...page, tone: "good", text: "The buyer entered a card." }];
  if (isFinal(stored)) return [{ ...page, tone: "bad", text: "The buyer did not enter a card in time." }];
  const text = `Waiting for the buyer until ${formatClockTime(toIsoTime(stored.expiresAt))}.`;
  return [withLink({ ...page, tone: "wait", text }, view.normalUrl, "Open card page")];
}

const withLink = (event: TimelineEvent, url: string | undefined, title: string): TimelineEvent =>
  url === undefined ? event : { ...event, link: { url, title } };

function challengeEvents({ view, stored }: HistoryVaulting): readonly TimelineEvent[] {
  if (stored.challenge === null) return [];
  const { wrongCodes } = stored.challenge;
  const codes = wrongCodes === 1 ? "1 incorrect code" : `${wrongCodes} incorrect codes`;
  const start = { at: view.createdAt, title: "3-D Secure challenge" };
  if (!isFinal(stored)) {
    const soFar = wrongCodes === 0 ? "" : ` ${codes} so far.`;
    const text = `Waiting for the one-time code until ${formatClockTime(toIsoTime(stored.expiresAt))}.${soFar}`;
    return [withLink({ ...start, tone: "wait", text }, view.normalUrl, "Open challenge page")];
  }
  return [
    { ...start, tone: "plain", text: "The vaulting required a challenge." },
    {
      at: toIsoTime(stored.finishedAt),
      tone: isUnverified(stored) ? "bad" : "good",
      title: "Challenge ended",
      text: describeChallengeEnd(stored, wrongCodes === 0 ? "" : ` after ${codes}`),
    },
  ];
}

const isUnverified = (stored: Final): boolean => stored.status === "FAIL" && stored.verificationFailed;

function describeChallengeEnd(stored: Final, afterCodes: string): string {
  if (stored.endedBy === "cancelled") return "The buyer cancelled the challenge.";
  if (stored.endedBy === "expired") return "The buyer did not complete the challenge in time.";
  return `${isUnverified(stored) ? "Not passed" : "Passed"}${afterCodes}.`;
}

function resultEvents(stored: Vaulting): readonly TimelineEvent[] {
  if (!isFinal(stored)) return [];
  const at = toIsoTime(stored.finishedAt);
  if (stored.status === "SUCCESS") {
    return [{ at, tone: "good", title: "Vaulted", text: "The card is vaulted. This result is final." }];
  }
  const { resultCode } = stored;
  const text = `${describeResultCode(resultCode)} This result is final.`;
  return [{ at, tone: "bad", title: `Failed: ${resultCode}`, text }];
}

/** Returns the documented meaning of a vaultingResultCode, or an empty string if the code is unknown. */
export const describeResultCode = (code: string): string =>
  vaultingResultCodes.find((row) => row.code === code)?.meaning ?? "";

function attemptEvents({ sequence, attempts, state, dueAt, url }: NotificationView): readonly TimelineEvent[] {
  const past = attempts.map((attempt): TimelineEvent => {
    const { at, number, outcome, durationMs } = attempt;
    const text = `${describeAttempt(attempt)} Duration: ${Math.round(durationMs)} ms.`;
    const tone = outcome === "ACKNOWLEDGED" ? "good" : "bad";
    return { at, tone, title: `Notification attempt ${number}`, text, attempt: { sequence, number } };
  });
  if (state === "EXHAUSTED") {
    const at = attempts.at(-1)?.at ?? "";
    const text = "The last retry failed. To try again, resend the notification.";
    return [...past, { at, tone: "bad", title: "Notification attempts exhausted", text }];
  }
  if (dueAt === undefined) return past;
  const title = attempts.length === 0 ? "First notification attempt" : "Next notification attempt";
  return [...past, { at: dueAt, tone: "wait", title, text: `To ${url}`, upcoming: true }];
}

const formatClockTime = (iso: string): string => `${iso.slice(11, 19)} UTC`;
