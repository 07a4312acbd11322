/** One vaulting's story as a row of events, in the order in which they happened. Pure. */
import { vaultingResultCodes } from "../../../generated/result-codes.ts";
import type { ControlSchemas } from "../control/control.ts";
import type { Story } from "../control/looks.ts";
import type { Tone } from "./parts.ts";

type ExchangeView = ControlSchemas["Exchange"];
type NotificationView = ControlSchemas["Notification"];
type StoredVaulting = NonNullable<Story["vaulting"]>;

export interface TimelineEvent {
  /** On the sandbox's clock, ISO 8601. */
  readonly at: string;
  readonly tone: Tone;
  readonly title: string;
  readonly sentence: string;
  /** The call that it was. */
  readonly exchange?: ExchangeView;
  /** A page that is open for the buyer. */
  readonly link?: { readonly url: string; readonly title: string };
  /** It has not happened yet. */
  readonly ahead?: true;
}

export function timelineOf({ vaulting, exchanges, notification }: Story): readonly TimelineEvent[] {
  const events = [
    ...callsOf(vaulting, exchanges),
    ...(vaulting ? [...pageOf(vaulting), ...challengeOf(vaulting), ...endOf(vaulting)] : []),
    ...(notification ? attemptsOf(notification) : []),
  ];
  // What has happened at the same time stays in the order in which it is told.
  return events.toSorted((a, b) => Number(a.ahead ?? 0) - Number(b.ahead ?? 0) || Date.parse(a.at) - Date.parse(b.at));
}

function callsOf(vaulting: StoredVaulting | undefined, exchanges: readonly ExchangeView[]): readonly TimelineEvent[] {
  const begun = exchanges.find((each) => vaulting && each.operation === vaulting.origin && isAnswered(each));
  const left = exchanges.length > MOST_CALLS ? exchanges.slice(FIRST_CALLS, FIRST_CALLS - MOST_CALLS) : [];
  const told = exchanges.filter((each) => !left.includes(each)).map((exchange) => callOf(exchange, begun));
  const [first] = left;
  if (first) {
    const title = `${left.length} more calls`;
    told.push({ at: first.at, tone: "plain", title, sentence: "They are among the exchanges." });
  }
  if (!vaulting || begun) return told;
  const sentence = "The journal no longer has the call: it keeps the last thousand, in memory.";
  return [{ at: vaulting.createdAt, tone: "plain", title: `Begun by ${vaulting.origin}`, sentence }, ...told];
}

/** Who asks every second how a vaulting is brings many calls: the first ones and the last ones are told. */
const FIRST_CALLS = 5;
const MOST_CALLS = 30;

/** Whether a call may have begun the vaulting. */
const isAnswered = ({ note, resultCode, fault }: ExchangeView): boolean =>
  note === undefined && (resultCode !== undefined ? resultCode !== "PARAM_ILLEGAL" : fault === "drop-after-work");

function callOf(exchange: ExchangeView, begun: ExchangeView | undefined): TimelineEvent {
  const { at, operation = "A call", resultCode, resultStatus } = exchange;
  const tone: Tone =
    resultStatus === "S" ? "good" : resultStatus === "U" || resultStatus === undefined ? "wait" : "bad";
  const answered = resultCode === undefined ? "The connection was dropped" : `Answered ${resultCode}`;
  const again =
    begun !== undefined && exchange !== begun && operation === begun.operation && exchange.sequence > begun.sequence;
  const title =
    operation === "inquireVaulting" ? "Inquired" : again ? `${operation} called again` : `${operation} called`;
  return { at, tone, title, sentence: `${answered} after ${exchange.durationMs.toFixed(1)} ms.`, exchange };
}

/** The hosted page of a session, on which the buyer types the card. */
function pageOf(vaulting: StoredVaulting): readonly TimelineEvent[] {
  const { origin, createdAt, challengeId, maskedCardNo, status, normalUrl, expiresAt } = vaulting;
  if (origin !== "createVaultingSession") return [];
  if (maskedCardNo !== undefined || challengeId !== null) {
    return [{ at: createdAt, tone: "good", title: "Hosted card page", sentence: "The buyer typed a card on it." }];
  }
  if (status !== "PROCESSING") {
    return [{ at: createdAt, tone: "bad", title: "Hosted card page", sentence: "Nobody typed a card on it in time." }];
  }
  const sentence = `Waits for the buyer until ${clockTime(expiresAt)}.`;
  return [open({ at: createdAt, tone: "wait", title: "Hosted card page", sentence }, normalUrl, "Open the card page")];
}

const open = (event: TimelineEvent, url: string | undefined, title: string): TimelineEvent =>
  url === undefined ? event : { ...event, link: { url, title } };

function challengeOf(vaulting: StoredVaulting): readonly TimelineEvent[] {
  const { challengeId, status, wrongCodes, createdAt, finishedAt, expiresAt, normalUrl, endedBy } = vaulting;
  if (challengeId === null) return [];
  const title = "3-D Secure challenge";
  const wrong = wrongCodes === 0 ? "" : ` ${wrongCodes === 1 ? "One wrong code" : `${wrongCodes} wrong codes`} so far.`;
  const begun = { at: createdAt, tone: "wait", title } as const;
  if (status === "PROCESSING") {
    const sentence = `Waits for the buyer’s one-time code until ${clockTime(expiresAt)}.${wrong}`;
    return [open({ ...begun, sentence }, normalUrl, "Open the challenge page")];
  }
  const failed = vaulting.verificationFailed === 1;
  const ends: Readonly<Record<string, string>> = {
    cancelled: "The buyer cancelled it.",
    expired: "The buyer did not come in time.",
    challenge: failed ? `It was not passed.${wrong.replace(" so far", "")}` : "It was passed.",
  };
  return [
    { ...begun, tone: "plain", sentence: "The buyer was sent to it." },
    {
      at: finishedAt ?? createdAt,
      tone: failed ? "bad" : "good",
      title: "Challenge ended",
      sentence: ends[endedBy ?? ""] ?? "",
    },
  ];
}

function endOf({ status, finishedAt, resultCode = "" }: StoredVaulting): readonly TimelineEvent[] {
  if (finishedAt === undefined) return [];
  if (status === "SUCCESS") {
    return [
      { at: finishedAt, tone: "good", title: "Vaulted", sentence: "The card has a token. This result is final." },
    ];
  }
  const sentence = `${meaningOf(resultCode)} This result is final.`;
  return [{ at: finishedAt, tone: "bad", title: `Failed: ${resultCode}`, sentence }];
}

/** What a vaultingResultCode means, as the table says. */
export const meaningOf = (code: string): string =>
  vaultingResultCodes.find((each) => each.code === code)?.meaning ?? "";

function attemptsOf({ attempts, state, dueAt, url }: NotificationView): readonly TimelineEvent[] {
  const made = attempts.map(({ at, number, outcome, httpStatus, detail, durationMs }): TimelineEvent => {
    const http = httpStatus === undefined ? "" : ` HTTP ${httpStatus}.`;
    const sentence = `${OUTCOMES[outcome]}${http}${detail === undefined ? "" : ` ${detail}`} It took ${Math.round(durationMs)} ms.`;
    return {
      at,
      tone: outcome === "ACKNOWLEDGED" ? "good" : "bad",
      title: `Notification, attempt ${number}`,
      sentence,
    };
  });
  if (state === "EXHAUSTED") {
    const at = attempts.at(-1)?.at ?? "";
    const sentence = "The schedule is over, and nothing more is sent unless you say so.";
    return [...made, { at, tone: "bad", title: "Notification exhausted", sentence }];
  }
  if (dueAt === undefined) return made;
  const title = attempts.length === 0 ? "First attempt at the notification" : "Next attempt at the notification";
  return [...made, { at: dueAt, tone: "wait", title, sentence: `To ${url}`, ahead: true }];
}

const OUTCOMES: Readonly<Record<NotificationView["attempts"][number]["outcome"], string>> = {
  ACKNOWLEDGED: "Acknowledged.",
  WRONG_ANSWER: "Not acknowledged: another answer than the documented one.",
  HTTP_STATUS: "Not acknowledged.",
  ADDRESS_REFUSED: "Not sent: the sandbox does not call this address.",
  NAME_NOT_FOUND: "Not sent: the name of the host is not known.",
  CONNECTION_FAILED: "Not sent: no connection.",
  TLS_FAILED: "Not sent: no connection that can be trusted.",
  TIMEOUT: "No answer in time.",
  ANSWER_TOO_LARGE: "Not acknowledged: the answer was too large.",
};

const clockTime = (iso: string | undefined): string => (iso === undefined ? "its end" : `${iso.slice(11, 19)} UTC`);
