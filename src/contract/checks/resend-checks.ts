/** The schedule on which a notification comes again until it is acknowledged, on a clock that can be moved. */

import { takeClock } from "../conversation/control-api.ts";
import { acknowledgement, type Inbox, type Reply } from "../conversation/notification-listener.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { CHALLENGED } from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import { failNotification } from "../rules/notification-rules.ts";
import type { Check } from "./check.ts";
import { expectSame, inquire, needsSuccess, statusOf, vault } from "./vaulting-requests.ts";

const MINUTE_MS = 60_000;
const SLACK_MS = 30_000;
/** After the first attempt and the one two minutes later: the documented intervals to the others. */
const INTERVALS_MIN = [10, 10, 60, 120, 360, 900];
const ATTEMPTS = INTERVALS_MIN.length + 2;

interface Refusal {
  readonly id: string;
  readonly what: string;
  /** A redirect gets its location from the run. */
  readonly reply: Reply;
}

const right = acknowledgement("").body ?? "";
/** The acknowledgement, as other languages write it. */
const OTHERWISE = '{\r\n  "result" : { "resultMessage":"success","resultStatus":"S" ,"resultCode":"SUCCESS" }\r\n}\n';
const json = { "content-type": "application/json; charset=UTF-8" };
const saying = (body: string, status = 200): Reply => ({ status, headers: json, body });
const result = (resultCode: string, resultStatus: string): string =>
  JSON.stringify({ result: { resultCode, resultStatus, resultMessage: "No." } });

/** Whatever is not HTTP 200 with the documented body acknowledges nothing. */
const REFUSALS: readonly Refusal[] = [
  { id: "status-500", what: "HTTP 500", reply: saying(right, 500) },
  { id: "status-404", what: "HTTP 404", reply: saying(right, 404) },
  { id: "status-201", what: "HTTP 201", reply: saying(right, 201) },
  { id: "status-204", what: "HTTP 204", reply: { status: 204 } },
  { id: "redirect", what: "a redirect", reply: { status: 307 } },
  { id: "found", what: "a redirect by 302", reply: { status: 302 } },
  { id: "empty", what: "HTTP 200 with nothing", reply: saying("") },
  { id: "other-json", what: "HTTP 200 with {}", reply: saying("{}") },
  {
    id: "page",
    what: "HTTP 200 with a page",
    reply: { status: 200, headers: { "content-type": "text/html" }, body: "<p>OK</p>" },
  },
  { id: "text", what: "HTTP 200 with a text", reply: saying("success") },
  { id: "failure", what: "HTTP 200 with resultStatus F", reply: saying(result("PROCESS_FAIL", "F")) },
  { id: "unknown", what: "HTTP 200 with resultStatus U", reply: saying(result("UNKNOWN_EXCEPTION", "U")) },
  { id: "no-answer", what: "a closed connection", reply: { status: 0 } },
];

/** What came to an inbox at each moment that the clock was stopped at. */
interface Journey {
  /** How many had come to each inbox of {@link REFUSALS}: half a minute before two minutes had passed, and after them. */
  readonly early: ReadonlyMap<string, number>;
  readonly resent: ReadonlyMap<string, number>;
  /** What was led elsewhere by a redirect. */
  readonly led: readonly Notification[];
  readonly acknowledged: Inbox;
  /** Acknowledged by the same body in other white space and order. */
  readonly otherwise: Inbox;
  /** What an inquiry says of the acknowledged vaulting, before and two days later. */
  readonly kept: readonly Exchange[];
  /** How many attempts of the notification that is never acknowledged had come after each interval, and a day after the last. */
  readonly never: readonly number[];
  readonly neverInbox: Inbox;
  /** What an inquiry says of a challenge that nobody has answered for more than a day. */
  readonly abandoned: unknown;
}

/** A day and more of the target's time, once for all checks. */
const journey = (conversation: Conversation): Promise<Journey> =>
  conversation.once("resends", async () => {
    const { target } = conversation;
    const listener = await conversation.listener();
    const clock = await takeClock(target);
    const into = async (inbox: Inbox) => {
      needsSuccess(await vault(conversation, conversation.freshId(), { vaultingNotificationUrl: inbox.url }));
      return inbox.until(1);
    };
    /** What is due has been sent once the notification of a vaulting made afterwards has come. */
    const settle = async () => {
      if (!(await into(listener.inbox()))) throw new NotApplicable("No notification came.");
    };
    const elsewhere = listener.inbox();
    /** Refuses the first attempt and acknowledges the second. */
    const refusingOnce = (reply: Reply): Inbox => {
      const isRedirect = reply.status === 307 || reply.status === 302;
      const replies = [isRedirect ? { ...reply, headers: { location: elsewhere.url } } : reply];
      return listener.inbox(() => replies.shift() ?? acknowledgement(target.clientId));
    };
    const inboxes = new Map(REFUSALS.map(({ id, reply }) => [id, refusingOnce(reply)]));
    const acknowledged = listener.inbox();
    const otherwise = listener.inbox(() => saying(OTHERWISE));
    const neverInbox = listener.inbox(() => ({ status: 503 }));
    const all = [...inboxes.values(), acknowledged, otherwise, neverInbox];
    const challenge = conversation.freshId();
    const keptId = conversation.freshId();
    needsSuccess(await vault(conversation, keptId));
    const kept = [await inquire(conversation, keptId)];
    await vault(conversation, challenge, CHALLENGED);
    if (!(await Promise.all(all.map(into))).every(Boolean)) throw new NotApplicable("No notification came.");
    const counts = () => new Map([...inboxes].map(([id, { received }]) => [id, received.length]));
    try {
      // The clock runs on by itself too, so there is room for a slow machine on both sides of the two minutes.
      await clock.advance(2 * MINUTE_MS - SLACK_MS);
      await settle();
      const early = counts();
      await clock.advance(SLACK_MS + 5_000);
      await settle();
      await Promise.all([...inboxes.values()].map((inbox) => inbox.until(2)));
      const resent = counts();
      const never: number[] = [];
      await neverInbox.until(2);
      never.push(neverInbox.received.length);
      for (const [at, minutes] of INTERVALS_MIN.entries()) {
        await clock.advance(minutes * MINUTE_MS + 5_000);
        await settle();
        const came = await neverInbox.until(at + 3);
        never.push(neverInbox.received.length);
        if (!came) break;
      }
      await clock.advance(30 * 60 * MINUTE_MS);
      await settle();
      never.push(neverInbox.received.length);
      kept.push(await inquire(conversation, keptId));
      const abandoned = statusOf(await inquire(conversation, challenge));
      return { early, resent, led: elsewhere.received, acknowledged, otherwise, kept, never, neverInbox, abandoned };
    } finally {
      await clock.restore();
    }
  });

const INTRODUCTION = "/webhooks/notifyVaulting/post";

export const resendChecks = (): readonly Check[] => [
  ...REFUSALS.map(({ id, what }) =>
    check(
      `resent.after-${id}`,
      `a notification that was answered by ${what} comes again after two minutes`,
      ({ early, resent }) => {
        const broken = (how: string) => new ContractFailure(`A notification that was answered by ${what} ${how}.`);
        const came = resent.get(id) ?? 0;
        if ((early.get(id) ?? 0) > 1) throw broken("came again before two minutes had passed");
        if (came < 2) throw broken("did not come again after two minutes");
        if (came > 2) throw broken("came more than once after two minutes");
      },
    ),
  ),
  check("resent.redirect-not-followed", "a redirect of the merchant's is not followed", ({ led: [notification] }) => {
    if (notification) failNotification(notification, "The notification followed a redirect.");
  }),
  check("resent.acknowledged-ends", "an acknowledged notification never comes again", ({ acknowledged }) => {
    const { received } = acknowledged;
    const [, again] = received;
    if (again) failNotification(again, `The acknowledged notification came ${received.length} times within two days.`);
  }),
  check(
    "resent.acknowledged-otherwise-ends",
    "an acknowledgement is one in whatever order and white space it is written",
    ({ otherwise: { received } }) => {
      const [, again] = received;
      if (again) failNotification(again, "The notification came again, though its acknowledgement was right JSON.");
    },
  ),
  check("state.kept", "a result is known for two days and more, and stays the same", ({ kept }) =>
    expectSame(kept, "An inquiry two days later"),
  ),
  check(
    "resent.schedule",
    "a notification that nobody acknowledges comes at 0 s, 2 and 12 and 22 minutes, 1 h 22, 3 h 22, 9 h 22 and 24 h 22",
    ({ never }) => {
      const came = never.slice(0, -1);
      const expected = came.map((_, at) => at + 2);
      if (came.some((count, at) => count !== expected[at]))
        throw new ContractFailure(
          `After each interval ${expected.join(", ")} attempts should have come, and ${came.join(", ")} had.`,
        );
    },
  ),
  check("resent.ends", `after ${ATTEMPTS} attempts no more come`, ({ never, neverInbox: { received } }) => {
    const last = received.at(-1);
    if ((never.at(-1) ?? 0) > ATTEMPTS && last)
      failNotification(last, `${never.at(-1)} attempts came in the place of ${ATTEMPTS}.`);
  }),
  check("resent.same", "every attempt tells the same", ({ neverInbox: { received } }) => {
    const [first, ...others] = received.map(({ bytes }) => new TextDecoder().decode(bytes));
    const [, ...notifications] = received;
    const other = notifications[others.findIndex((each) => each !== first)];
    if (other) failNotification(other, "A later attempt tells something else than the first.");
  }),
  check("challenge.ends", "a challenge that nobody answers ends in a failure within two days", ({ abandoned }) => {
    if (abandoned !== "FAIL")
      throw new ContractFailure(
        `Nobody answered the challenge for two days, and the inquiry says ${String(abandoned)}.`,
      );
  }),
];

const check = (id: string, title: string, expect: (found: Journey) => void): Check => ({
  id: `notifyVaulting.${id}`,
  operation: "notifyVaulting",
  title,
  source: INTRODUCTION,
  needs: ["state", "notifies", "clock"],
  after: "others",
  run: async (conversation) => expect(await journey(conversation)),
});
