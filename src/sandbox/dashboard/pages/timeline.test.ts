import { describe, expect, test } from "vitest";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import { serializeVaulting } from "../../control/serializers.ts";
import type { Failed, Succeeded, Vaulting, VaultingStart, WaitingForChallenge } from "../../vaulting/state-machine.ts";
import { buildTimeline } from "./timeline.ts";

type Exchange = VaultingHistory["calls"][number];
type Notification = NonNullable<VaultingHistory["notification"]>;

const BEGIN = 1_767_225_600_000;

/** So many seconds into the story. */
const at = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString();

const START: VaultingStart = {
  clientId: "C",
  vaultingRequestId: "V",
  session: null,
  notificationUrl: "http://127.0.0.1:9/",
  redirectUrl: null,
  metadata: null,
  fingerprint: "f",
  createdAt: BEGIN,
};
const CARD = { brand: "VISA", maskedCardNo: "************0768" };
const SESSION = { cardPageId: "x", sessionId: "s", sessionData: "d", expiresAt: BEGIN + 60_000, threeDS: false };
const EXPIRED = { endedBy: "expired", card: null, resultCode: "ORDER_IS_CLOSED", verificationFailed: false } as const;

const challenge = (wrongCodes: number) => ({ id: "x", script: "code_required", wrongCodes }) as const;

const waiting = (wrongCodes = 0): WaitingForChallenge => ({
  ...START,
  status: "PROCESSING",
  card: CARD,
  challenge: challenge(wrongCodes),
  pendingResult: "SUCCESS",
  expiresAt: BEGIN + 900_000,
});

/** Vaulted so many seconds into the story. */
const vaulted = (seconds: number, changed: Partial<Succeeded> = {}): Succeeded => ({
  ...START,
  status: "SUCCESS",
  resultCode: "SUCCESS",
  card: CARD,
  cardToken: "token",
  challenge: null,
  endedBy: "card",
  finishedAt: BEGIN + seconds * 1000,
  ...changed,
});

const failed = (changed: Partial<Failed> = {}): Failed => ({
  ...START,
  status: "FAIL",
  resultCode: "USER_PAYMENT_VERIFICATION_FAILED",
  verificationFailed: true,
  card: CARD,
  challenge: challenge(1),
  endedBy: "challenge",
  finishedAt: BEGIN + 9_000,
  ...changed,
});

const links = {
  challenge: (id: string) => `http://127.0.0.1/3ds/${id}`,
  card: (id: string) => `http://127.0.0.1/card/${id}`,
};

const vaulting = (stored: Vaulting): VaultingHistory["vaulting"] => ({
  view: serializeVaulting({ ...stored, seq: 1, version: 0 }, links),
  stored,
});

const exchange = (sequence: number, changed: Partial<Exchange> = {}): Exchange => ({
  sequence,
  at: at(sequence),
  path: "/p",
  operation: "vaultPaymentMethod",
  durationMs: 1.25,
  request: "{}",
  response: "{}",
  signed: true,
  resultCode: "SUCCESS",
  resultStatus: "S",
  ...changed,
});

const notification = (changed: Partial<Notification>): Notification => ({
  sequence: 1,
  clientId: "C",
  vaultingRequestId: "V",
  url: "http://127.0.0.1:9/",
  state: "PENDING",
  attempts: [],
  body: "{}",
  ...changed,
});

const titles = (story: Partial<VaultingHistory>) =>
  buildTimeline({ vaulting: undefined, calls: [], notification: undefined, ...story }).map(({ title }) => title);

describe("a vaulting's timeline", () => {
  test("a card that is vaulted at once", () => {
    const story = { vaulting: vaulting(vaulted(1)), exchanges: [exchange(1)] };
    expect(titles(story)).toEqual(["vaultPaymentMethod called", "Vaulted"]);
  });

  test("a challenge with an inquiry and a repeat meanwhile, then the notification, all by time", () => {
    const story: VaultingHistory = {
      vaulting: vaulting(vaulted(9, { endedBy: "challenge", challenge: challenge(1) })),
      calls: [
        exchange(0, { resultCode: "VERIFICATION_IN_PROCESS", resultStatus: "U" }),
        exchange(2, { operation: "inquireVaulting", response: JSON.stringify({ vaultingStatus: "PROCESSING" }) }),
        exchange(3, { resultCode: "VERIFICATION_IN_PROCESS", resultStatus: "U" }),
        exchange(12, { operation: "inquireVaulting" }),
      ],
      notification: notification({
        attempts: [
          {
            number: 1,
            at: at(10),
            durationMs: 3,
            outcome: "UNEXPECTED_HTTP_STATUS",
            httpStatus: 500,
            detail: "Only HTTP 200 acknowledges.",
          },
        ],
        dueAt: at(11),
      }),
    };
    const events = buildTimeline(story);
    expect(events.map(({ title }) => title)).toEqual([
      "vaultPaymentMethod called",
      "3-D Secure challenge",
      "Inquired: PROCESSING",
      "vaultPaymentMethod called again",
      "Challenge ended",
      "Vaulted",
      "Notification, attempt 1",
      "Inquired: SUCCESS",
      "Next attempt at the notification",
    ]);
    // What is still to come is last, even where its time has passed.
    expect(events.at(-1)).toMatchObject({ ahead: true, tone: "wait" });
    expect(events[6]?.text).toBe("Not acknowledged. HTTP 500. Only HTTP 200 acknowledges. It took 3 ms.");
  });

  test("a challenge that waits has its link and the wrong codes", () => {
    const [, event] = buildTimeline({ vaulting: vaulting(waiting(2)), calls: [exchange(0)], notification: undefined });
    expect(event).toMatchObject({
      sentence: "Waits for the buyer’s one-time code until 00:15:00 UTC. So far: 2 wrong codes.",
      link: { url: "http://127.0.0.1/3ds/x" },
    });
  });

  test.each<readonly [Failed["endedBy"], boolean, string]>([
    ["challenge", false, "It was passed, after one wrong code."],
    ["challenge", true, "It was not passed, after one wrong code."],
    ["cancelled", true, "The buyer cancelled it."],
    ["expired", true, "The buyer did not come in time."],
  ])("a challenge that ended by %s (verification failed: %s)", (endedBy, verificationFailed, sentence) => {
    const ended = vaulting(failed({ endedBy, verificationFailed }));
    const events = buildTimeline({ vaulting: ended, calls: [exchange(0)], notification: undefined });
    expect(events.find(({ title }) => title === "Challenge ended")?.text).toBe(sentence);
  });

  test.each<readonly [string, Vaulting, string]>([
    [
      "waits",
      { ...START, session: SESSION, status: "PROCESSING", card: null, challenge: null, expiresAt: SESSION.expiresAt },
      "Waits for the buyer until 00:01:00 UTC.",
    ],
    ["was used", vaulted(9, { session: SESSION }), "The buyer typed a card on it."],
    ["was never used", failed({ ...EXPIRED, session: SESSION, challenge: null }), "Nobody typed a card on it in time."],
  ])("a session's page that %s", (_, session, sentence) => {
    const events = buildTimeline({ vaulting: vaulting(session), calls: [], notification: undefined });
    expect(events.find(({ title }) => title === "Hosted card page")?.text).toBe(sentence);
  });

  test("where the journal has forgotten the call, and where no vaulting was begun", () => {
    expect(titles({ vaulting: vaulting(vaulted(0)) })).toEqual(["Begun by vaultPaymentMethod", "Vaulted"]);
    expect(titles({ calls: [exchange(1, { resultCode: "PARAM_ILLEGAL", resultStatus: "F" })] })).toEqual([
      "vaultPaymentMethod called",
    ]);
  });

  test("of very many calls the first ones and the last ones, and how many were between", () => {
    const calls = Array.from({ length: 500 }, (_, index) => exchange(index + 1));
    const told = buildTimeline({ vaulting: undefined, calls: calls, notification: undefined });
    expect(told).toHaveLength(31);
    expect(told[5]).toMatchObject({ title: "470 more calls" });
    expect(told.map((each) => each.call?.sequence)).toEqual([
      ...[1, 2, 3, 4, 5, undefined],
      ...Array.from({ length: 25 }, (_, index) => 476 + index),
    ]);
  });

  test("inquiries in a row that are told the same are one event, and others between them are told", () => {
    const inquiry = (sequence: number, vaultingStatus: string) =>
      exchange(sequence, { operation: "inquireVaulting", response: JSON.stringify({ vaultingStatus }) });
    const refused = exchange(4, { operation: "inquireVaulting", resultCode: "PARAM_ILLEGAL", resultStatus: "F" });
    const exchanges = [
      ...[inquiry(1, "PROCESSING"), inquiry(2, "PROCESSING"), inquiry(3, "PROCESSING"), refused],
      ...[inquiry(5, "PROCESSING"), exchange(6), inquiry(7, "SUCCESS"), inquiry(8, "SUCCESS")],
    ];
    expect(titles({ calls: exchanges })).toEqual([
      "Inquired 3 times: PROCESSING",
      "Inquired",
      "Inquired: PROCESSING",
      "vaultPaymentMethod called",
      "Inquired 2 times: SUCCESS",
    ]);
    const [first] = buildTimeline({ vaulting: undefined, calls: exchanges, notification: undefined });
    expect(first).toMatchObject({ at: at(1), sentence: "Answered after 1.3 ms, the last time at 00:00:03 UTC." });
  });

  test("a call whose answer was dropped after the work is the one that began it", () => {
    const {
      resultCode: _code,
      resultStatus: _status,
      ...dropped
    } = exchange(1, { fault: "response-dropped", response: "" });
    expect(titles({ vaulting: vaulting(waiting()), calls: [dropped, exchange(2)] })).toEqual([
      "3-D Secure challenge",
      "vaultPaymentMethod called",
      "vaultPaymentMethod called again",
    ]);
  });

  test("an exhausted notification says so after its last attempt", () => {
    const attempts = [1, 2].map((number) => ({
      number,
      at: at(9 + number),
      durationMs: 1,
      outcome: "TIMEOUT" as const,
    }));
    expect(titles({ notification: notification({ state: "EXHAUSTED", attempts }) })).toEqual([
      "Notification, attempt 1",
      "Notification, attempt 2",
      "Notification exhausted",
    ]);
  });
});
