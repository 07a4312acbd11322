import { describe, expect, test } from "vitest";
import type { VaultingHistory } from "../../control/dashboard-queries.ts";
import { serializeVaulting } from "../../control/serializers.ts";
import type { Failed, Succeeded, Vaulting, VaultingStart, WaitingForChallenge } from "../../vaulting/state-machine.ts";
import { buildTimeline } from "./timeline.ts";

type Call = VaultingHistory["calls"][number];
type Notification = NonNullable<VaultingHistory["notification"]>;

const START_MS = 1_767_225_600_000;

/** Returns the time that is the given number of seconds after the start. */
const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();

const START: VaultingStart = {
  clientId: "C",
  vaultingRequestId: "V",
  session: null,
  notificationUrl: "http://127.0.0.1:9/",
  redirectUrl: null,
  metadata: null,
  fingerprint: "f",
  createdAt: START_MS,
};
const CARD = { brand: "VISA", maskedCardNo: "************0768", details: null };
const SESSION = { cardPageId: "x", sessionId: "s", sessionData: "d", expiresAt: START_MS + 60_000, threeDS: false };
const EXPIRED = { endedBy: "expired", card: null, resultCode: "ORDER_IS_CLOSED", verificationFailed: false } as const;

const createChallenge = (wrongCodes: number) => ({ id: "x", script: "code_required", wrongCodes }) as const;

const createWaiting = (wrongCodes = 0): WaitingForChallenge => ({
  ...START,
  status: "PROCESSING",
  card: CARD,
  challenge: createChallenge(wrongCodes),
  pendingResult: "SUCCESS",
  expiresAt: START_MS + 900_000,
});

/** Creates a vaulting that succeeded the given number of seconds after the start. */
const createSucceeded = (seconds: number, overrides: Partial<Succeeded> = {}): Succeeded => ({
  ...START,
  status: "SUCCESS",
  resultCode: "SUCCESS",
  card: CARD,
  cardToken: "token",
  challenge: null,
  endedBy: "card",
  finishedAt: START_MS + seconds * 1000,
  ...overrides,
});

const createFailed = (overrides: Partial<Failed> = {}): Failed => ({
  ...START,
  status: "FAIL",
  resultCode: "USER_PAYMENT_VERIFICATION_FAILED",
  verificationFailed: true,
  card: CARD,
  challenge: createChallenge(1),
  endedBy: "challenge",
  finishedAt: START_MS + 9_000,
  ...overrides,
});

const links = {
  challenge: (id: string) => `http://127.0.0.1/3ds/${id}`,
  card: (id: string) => `http://127.0.0.1/card/${id}`,
};

const toHistoryVaulting = (stored: Vaulting): VaultingHistory["vaulting"] => ({
  view: serializeVaulting({ ...stored, seq: 1, version: 0 }, links),
  stored,
});

const createCall = (sequence: number, overrides: Partial<Call> = {}): Call => ({
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
  ...overrides,
});

const createNotification = (overrides: Partial<Notification>): Notification => ({
  sequence: 1,
  clientId: "C",
  vaultingRequestId: "V",
  url: "http://127.0.0.1:9/",
  state: "PENDING",
  attempts: [],
  body: "{}",
  ...overrides,
});

const build = (history: Partial<VaultingHistory>) =>
  buildTimeline({ vaulting: undefined, calls: [], omittedCalls: 0, notification: undefined, ...history });
const getTitles = (history: Partial<VaultingHistory>) => build(history).map(({ title }) => title);

describe("buildTimeline", () => {
  test("shows the call and the result if a card is vaulted immediately", () => {
    const history = { vaulting: toHistoryVaulting(createSucceeded(1)), calls: [createCall(0)] };
    expect(getTitles(history)).toEqual(["vaultPaymentMethod called", "Vaulted"]);
  });

  test("sorts calls, the challenge, and notification attempts by time, with upcoming events last", () => {
    const history: VaultingHistory = {
      vaulting: toHistoryVaulting(createSucceeded(9, { endedBy: "challenge", challenge: createChallenge(1) })),
      calls: [
        createCall(0, { resultCode: "VERIFICATION_IN_PROCESS", resultStatus: "U" }),
        createCall(2, { operation: "inquireVaulting", response: JSON.stringify({ vaultingStatus: "PROCESSING" }) }),
        createCall(3, { resultCode: "VERIFICATION_IN_PROCESS", resultStatus: "U" }),
        createCall(12, { operation: "inquireVaulting" }),
      ],
      omittedCalls: 0,
      notification: createNotification({
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
    const events = buildTimeline(history);
    expect(events.map(({ title }) => title)).toEqual([
      "vaultPaymentMethod called",
      "3-D Secure challenge",
      "Inquired: PROCESSING",
      "vaultPaymentMethod called again",
      "Challenge ended",
      "Vaulted",
      "Notification attempt 1",
      "Inquired: SUCCESS",
      "Next notification attempt",
    ]);
    // Upcoming events are last, even if their time has passed.
    expect(events.at(-1)).toMatchObject({ upcoming: true, tone: "wait" });
    expect(events[6]?.text).toBe("Not acknowledged. HTTP 500. Only HTTP 200 acknowledges. Duration: 3 ms.");
  });

  test("shows the link of a pending challenge and the number of incorrect codes", () => {
    const [, event] = build({ vaulting: toHistoryVaulting(createWaiting(2)), calls: [createCall(0)] });
    expect(event).toMatchObject({
      text: "Waiting for the one-time code until 00:15:00 UTC. 2 incorrect codes so far.",
      link: { url: "http://127.0.0.1/3ds/x" },
    });
  });

  test.each<readonly [Failed["endedBy"], boolean, string]>([
    ["challenge", false, "Passed after 1 incorrect code."],
    ["challenge", true, "Not passed after 1 incorrect code."],
    ["cancelled", true, "The buyer cancelled the challenge."],
    ["expired", true, "The buyer did not complete the challenge in time."],
  ])("describes a challenge with endedBy %s and verificationFailed %s", (endedBy, verificationFailed, text) => {
    const ended = toHistoryVaulting(createFailed({ endedBy, verificationFailed }));
    const events = build({ vaulting: ended, calls: [createCall(0)] });
    expect(events.find(({ title }) => title === "Challenge ended")?.text).toBe(text);
  });

  test.each<readonly [string, Vaulting, string]>([
    [
      "is open",
      { ...START, session: SESSION, status: "PROCESSING", card: null, challenge: null, expiresAt: SESSION.expiresAt },
      "Waiting for the buyer until 00:01:00 UTC.",
    ],
    ["was used", createSucceeded(9, { session: SESSION }), "The buyer entered a card."],
    [
      "was never used",
      createFailed({ ...EXPIRED, session: SESSION, challenge: null }),
      "The buyer did not enter a card in time.",
    ],
  ])("shows a card page that %s", (_, vaulting, text) => {
    const events = build({ vaulting: toHistoryVaulting(vaulting) });
    expect(events.find(({ title }) => title === "Hosted card page")?.text).toBe(text);
  });

  test("shows vaultings without a logged call, and calls without a vaulting", () => {
    expect(getTitles({ vaulting: toHistoryVaulting(createSucceeded(0)) })).toEqual([
      "Created by vaultPaymentMethod",
      "Vaulted",
    ]);
    expect(getTitles({ calls: [createCall(1, { resultCode: "PARAM_ILLEGAL", resultStatus: "F" })] })).toEqual([
      "vaultPaymentMethod called",
    ]);
  });

  test("shows only the first 5 and the last 25 of 500 calls", () => {
    const calls = Array.from({ length: 500 }, (_, index) => createCall(index + 1));
    const events = build({ calls });
    expect(events).toHaveLength(31);
    expect(events[5]).toMatchObject({ title: "470 more calls" });
    expect(events.map((event) => event.call?.sequence)).toEqual([
      ...[1, 2, 3, 4, 5, undefined],
      ...Array.from({ length: 25 }, (_, index) => 476 + index),
    ]);
  });

  test('shows calls as "called again" if the call that created the vaulting is no longer in the call log', () => {
    const calls = [createCall(1), createCall(2, { resultCode: "PARAM_ILLEGAL", resultStatus: "F" })];
    expect(getTitles({ vaulting: toHistoryVaulting(createSucceeded(0)), calls })).toEqual([
      "Created by vaultPaymentMethod",
      "Vaulted",
      "vaultPaymentMethod called again",
      "vaultPaymentMethod called again",
    ]);
  });

  test("shows the number of calls that a long history omits", () => {
    const calls = [1, 2, 8, 9].map((sequence) => createCall(sequence));
    expect(getTitles({ calls, omittedCalls: 5 })[2]).toBe("5 more calls");
    const many = Array.from({ length: 500 }, (_, index) => createCall(index + 1));
    expect(getTitles({ calls: many, omittedCalls: 2 })[5]).toBe("472 more calls");
  });

  test("groups consecutive inquiries with the same result", () => {
    const inquiry = (sequence: number, vaultingStatus: string) =>
      createCall(sequence, { operation: "inquireVaulting", response: JSON.stringify({ vaultingStatus }) });
    const rejected = createCall(4, { operation: "inquireVaulting", resultCode: "PARAM_ILLEGAL", resultStatus: "F" });
    const calls = [
      ...[inquiry(1, "PROCESSING"), inquiry(2, "PROCESSING"), inquiry(3, "PROCESSING"), rejected],
      ...[inquiry(5, "PROCESSING"), createCall(6), inquiry(7, "SUCCESS"), inquiry(8, "SUCCESS")],
    ];
    expect(getTitles({ calls })).toEqual([
      "Inquired 3 times: PROCESSING",
      "Inquired",
      "Inquired: PROCESSING",
      "vaultPaymentMethod called",
      "Inquired 2 times: SUCCESS",
    ]);
    const [first] = build({ calls });
    expect(first).toMatchObject({ at: at(1), text: "Responded in 1.3 ms. Last inquiry at 00:00:03 UTC." });
  });

  test("treats a call with a dropped response as the call that created the vaulting", () => {
    const call = createCall(0, { fault: "response-dropped", response: "" });
    const { resultCode: _code, resultStatus: _status, ...dropped } = call;
    expect(getTitles({ vaulting: toHistoryVaulting(createWaiting()), calls: [dropped, createCall(2)] })).toEqual([
      "vaultPaymentMethod called",
      "3-D Secure challenge",
      "vaultPaymentMethod called again",
    ]);
  });

  test("ends with an event for the exhausted notification attempts", () => {
    const attempts = [1, 2].map((number) => ({
      number,
      at: at(9 + number),
      durationMs: 1,
      outcome: "TIMEOUT" as const,
    }));
    expect(getTitles({ notification: createNotification({ state: "EXHAUSTED", attempts }) })).toEqual([
      "Notification attempt 1",
      "Notification attempt 2",
      "Notification attempts exhausted",
    ]);
  });
});
