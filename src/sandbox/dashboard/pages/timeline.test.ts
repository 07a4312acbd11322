import { describe, expect, test } from "vitest";
import type { Story } from "../../control/dashboard-queries.ts";
import { timelineOf } from "./timeline.ts";

type Vaulting = NonNullable<Story["vaulting"]>;
type Exchange = Story["exchanges"][number];
type Notification = NonNullable<Story["notification"]>;

/** So many seconds into the story. */
const at = (seconds: number): string => new Date(1_767_225_600_000 + seconds * 1000).toISOString();

const vaulting = (changed: Partial<Vaulting> = {}): Vaulting => ({
  sequence: 1,
  clientId: "C",
  vaultingRequestId: "V",
  origin: "vaultPaymentMethod",
  status: "PROCESSING",
  createdAt: at(0),
  endedBy: null,
  wrongCodes: 0,
  challengeId: null,
  challengeScript: null,
  verificationFailed: 0,
  notificationUrl: "http://127.0.0.1:9/",
  redirectUrl: null,
  metadata: null,
  ...changed,
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

const titles = (story: Partial<Story>) =>
  timelineOf({ vaulting: undefined, exchanges: [], notification: undefined, ...story }).map(({ title }) => title);

const done = { status: "SUCCESS", resultCode: "SUCCESS", finishedAt: at(9) } as const;

describe("a vaulting's timeline", () => {
  test("a card that is vaulted at once", () => {
    const story = { vaulting: vaulting({ ...done, endedBy: "card", finishedAt: at(1) }), exchanges: [exchange(1)] };
    expect(titles(story)).toEqual(["vaultPaymentMethod called", "Vaulted"]);
  });

  test("a challenge with an inquiry and a repeat meanwhile, then the notification, all by time", () => {
    const story: Story = {
      vaulting: vaulting({ ...done, endedBy: "challenge", challengeId: "x", wrongCodes: 1 }),
      exchanges: [
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
            outcome: "HTTP_STATUS",
            httpStatus: 500,
            detail: "Only HTTP 200 acknowledges.",
          },
        ],
        dueAt: at(11),
      }),
    };
    const events = timelineOf(story);
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
    expect(events[6]?.sentence).toBe("Not acknowledged. HTTP 500. Only HTTP 200 acknowledges. It took 3 ms.");
  });

  test("a challenge that waits has its link and the wrong codes", () => {
    const waiting = vaulting({
      challengeId: "x",
      wrongCodes: 2,
      normalUrl: "http://127.0.0.1/3ds/x",
      expiresAt: at(900),
    });
    const [, event] = timelineOf({ vaulting: waiting, exchanges: [exchange(0)], notification: undefined });
    expect(event).toMatchObject({
      sentence: "Waits for the buyer’s one-time code until 00:15:00 UTC. So far: 2 wrong codes.",
      link: { url: "http://127.0.0.1/3ds/x" },
    });
  });

  test.each<readonly [Vaulting["endedBy"], 0 | 1, string]>([
    ["challenge", 0, "It was passed, after one wrong code."],
    ["challenge", 1, "It was not passed, after one wrong code."],
    ["cancelled", 1, "The buyer cancelled it."],
    ["expired", 1, "The buyer did not come in time."],
  ])("a challenge that ended by %s (%i)", (endedBy, verificationFailed, sentence) => {
    const ended = vaulting({ ...done, challengeId: "x", endedBy, verificationFailed, wrongCodes: 1 });
    const events = timelineOf({ vaulting: ended, exchanges: [exchange(0)], notification: undefined });
    expect(events.find(({ title }) => title === "Challenge ended")?.sentence).toBe(sentence);
  });

  test.each<readonly [string, Partial<Vaulting>, string]>([
    ["waits", { normalUrl: "http://127.0.0.1/card/x", expiresAt: at(60) }, "Waits for the buyer until 00:01:00 UTC."],
    ["was used", { ...done, maskedCardNo: "************0768" }, "The buyer typed a card on it."],
    ["was never used", { status: "FAIL", finishedAt: at(9) }, "Nobody typed a card on it in time."],
  ])("a session's page that %s", (_, changed, sentence) => {
    const session = vaulting({ origin: "createVaultingSession", ...changed });
    const events = timelineOf({ vaulting: session, exchanges: [], notification: undefined });
    expect(events.find(({ title }) => title === "Hosted card page")?.sentence).toBe(sentence);
  });

  test("where the journal has forgotten the call, and where no vaulting was begun", () => {
    expect(titles({ vaulting: vaulting({ ...done, finishedAt: at(0) }) })).toEqual([
      "Begun by vaultPaymentMethod",
      "Vaulted",
    ]);
    expect(titles({ exchanges: [exchange(1, { resultCode: "PARAM_ILLEGAL", resultStatus: "F" })] })).toEqual([
      "vaultPaymentMethod called",
    ]);
  });

  test("of very many calls the first ones and the last ones, and how many were between", () => {
    const calls = Array.from({ length: 500 }, (_, index) => exchange(index + 1));
    const told = timelineOf({ vaulting: undefined, exchanges: calls, notification: undefined });
    expect(told).toHaveLength(31);
    expect(told[5]).toMatchObject({ title: "470 more calls" });
    expect(told.map((each) => each.exchange?.sequence)).toEqual([
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
    expect(titles({ exchanges })).toEqual([
      "Inquired 3 times: PROCESSING",
      "Inquired",
      "Inquired: PROCESSING",
      "vaultPaymentMethod called",
      "Inquired 2 times: SUCCESS",
    ]);
    const [first] = timelineOf({ vaulting: undefined, exchanges, notification: undefined });
    expect(first).toMatchObject({ at: at(1), sentence: "Answered after 1.3 ms, the last time at 00:00:03 UTC." });
  });

  test("a call whose answer was dropped after the work is the one that began it", () => {
    const {
      resultCode: _code,
      resultStatus: _status,
      ...dropped
    } = exchange(1, { fault: "drop-after-work", response: "" });
    expect(titles({ vaulting: vaulting(), exchanges: [dropped, exchange(2)] })).toEqual([
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
