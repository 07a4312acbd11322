/** The schedule on which a notification comes again until it is acknowledged, on a clock that can be moved. */

import { getClock } from "../conversation/control-api.ts";
import { createAcknowledgement, type Inbox, type Reply } from "../conversation/notification-listener.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD } from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { failNotification } from "../rules/notification-rules.ts";
import type { Check } from "./check.ts";
import { expectSameResponse, getVaultingStatus, inquire, requireSuccess, vault } from "./vaulting-requests.ts";

const MINUTE_MS = 60_000;
const SLACK_MS = 30_000;
/** After the first attempt and the one two minutes later: the documented intervals to the others. */
const INTERVALS_MIN = [10, 10, 60, 120, 360, 900];
const ATTEMPTS = INTERVALS_MIN.length + 2;

interface InvalidReply {
  readonly id: string;
  readonly label: string;
  /** A redirect gets its location from the run. */
  readonly reply: Reply;
}

const ACKNOWLEDGEMENT_BODY = createAcknowledgement("").body ?? "";
/** The acknowledgement, as other languages write it. */
const REFORMATTED_BODY =
  '{\r\n  "result" : { "resultMessage":"success","resultStatus":"S" ,"resultCode":"SUCCESS" }\r\n}\n';
const JSON_HEADERS = { "content-type": "application/json; charset=UTF-8" };
const createReply = (body: string, status = 200): Reply => ({ status, headers: JSON_HEADERS, body });
const createResultBody = (resultCode: string, resultStatus: string): string =>
  JSON.stringify({ result: { resultCode, resultStatus, resultMessage: "No." } });

/** Whatever is not HTTP 200 with the documented body acknowledges nothing. */
const INVALID_REPLIES: readonly InvalidReply[] = [
  { id: "status-500", label: "HTTP 500", reply: createReply(ACKNOWLEDGEMENT_BODY, 500) },
  { id: "status-404", label: "HTTP 404", reply: createReply(ACKNOWLEDGEMENT_BODY, 404) },
  { id: "status-201", label: "HTTP 201", reply: createReply(ACKNOWLEDGEMENT_BODY, 201) },
  { id: "status-204", label: "HTTP 204", reply: { status: 204 } },
  { id: "redirect", label: "a redirect", reply: { status: 307 } },
  { id: "found", label: "a redirect by 302", reply: { status: 302 } },
  { id: "empty", label: "HTTP 200 with nothing", reply: createReply("") },
  { id: "other-json", label: "HTTP 200 with {}", reply: createReply("{}") },
  {
    id: "page",
    label: "HTTP 200 with a page",
    reply: { status: 200, headers: { "content-type": "text/html" }, body: "<p>OK</p>" },
  },
  { id: "text", label: "HTTP 200 with a text", reply: createReply("success") },
  { id: "failure", label: "HTTP 200 with resultStatus F", reply: createReply(createResultBody("PROCESS_FAIL", "F")) },
  {
    id: "unknown",
    label: "HTTP 200 with resultStatus U",
    reply: createReply(createResultBody("UNKNOWN_EXCEPTION", "U")),
  },
  { id: "no-response", label: "a closed connection", reply: { status: 0 } },
];

/** What came to an inbox at each moment that the clock was stopped at. */
interface ResendResults {
  /** How many had come to each inbox of {@link INVALID_REPLIES}: half a minute before two minutes had passed, and after them. */
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
const getResendResults = (conversation: TargetClient): Promise<ResendResults> =>
  conversation.once("resends", async () => {
    const { target } = conversation;
    const listener = await conversation.getListener();
    const clock = await getClock(target);
    const into = async (inbox: Inbox) => {
      requireSuccess(await vault(conversation, conversation.createId(), { vaultingNotificationUrl: inbox.url }));
      return inbox.waitFor(1);
    };
    /** What is due has been sent once the notification of a vaulting made afterwards has come. */
    const settle = async () => {
      if (!(await into(listener.createInbox()))) throw new CheckSkipped("No notification came.");
    };
    const elsewhere = listener.createInbox();
    /** Refuses the first attempt and acknowledges the second. */
    const refusingOnce = (reply: Reply): Inbox => {
      const isRedirect = reply.status === 307 || reply.status === 302;
      const replies = [isRedirect ? { ...reply, headers: { location: elsewhere.url } } : reply];
      return listener.createInbox(() => replies.shift() ?? createAcknowledgement(target.clientId));
    };
    const inboxes = new Map(INVALID_REPLIES.map(({ id, reply }) => [id, refusingOnce(reply)]));
    const acknowledged = listener.createInbox();
    const otherwise = listener.createInbox(() => createReply(REFORMATTED_BODY));
    const neverInbox = listener.createInbox(() => ({ status: 503 }));
    const all = [...inboxes.values(), acknowledged, otherwise, neverInbox];
    const challenge = conversation.createId();
    const keptId = conversation.createId();
    requireSuccess(await vault(conversation, keptId));
    const kept = [await inquire(conversation, keptId)];
    await vault(conversation, challenge, CHALLENGED_CARD);
    if (!(await Promise.all(all.map(into))).every(Boolean)) throw new CheckSkipped("No notification came.");
    const counts = () => new Map([...inboxes].map(([id, { received }]) => [id, received.length]));
    try {
      // The clock runs on by itself too, so there is room for a slow machine on both sides of the two minutes.
      await clock.advance(2 * MINUTE_MS - SLACK_MS);
      await settle();
      const early = counts();
      await clock.advance(SLACK_MS + 5_000);
      await settle();
      await Promise.all([...inboxes.values()].map((inbox) => inbox.waitFor(2)));
      const resent = counts();
      const never: number[] = [];
      await neverInbox.waitFor(2);
      never.push(neverInbox.received.length);
      for (const [at, minutes] of INTERVALS_MIN.entries()) {
        await clock.advance(minutes * MINUTE_MS + 5_000);
        await settle();
        const came = await neverInbox.waitFor(at + 3);
        never.push(neverInbox.received.length);
        if (!came) break;
      }
      await clock.advance(30 * 60 * MINUTE_MS);
      await settle();
      never.push(neverInbox.received.length);
      kept.push(await inquire(conversation, keptId));
      const abandoned = getVaultingStatus(await inquire(conversation, challenge));
      return { early, resent, led: elsewhere.received, acknowledged, otherwise, kept, never, neverInbox, abandoned };
    } finally {
      await clock.restore();
    }
  });

const INTRODUCTION = "/webhooks/notifyVaulting/post";

export const resendChecks = (): readonly Check[] => [
  ...INVALID_REPLIES.map(({ id, label }) =>
    createCheck(
      `resent.after-${id}`,
      `a notification that was answered by ${label} comes again after two minutes`,
      ({ early, resent }) => {
        const broken = (how: string) => new ContractFailure(`A notification that was answered by ${label} ${how}.`);
        const came = resent.get(id) ?? 0;
        if ((early.get(id) ?? 0) > 1) throw broken("came again before two minutes had passed");
        if (came < 2) throw broken("did not come again after two minutes");
        if (came > 2) throw broken("came more than once after two minutes");
      },
    ),
  ),
  createCheck(
    "resent.redirect-not-followed",
    "a redirect of the merchant's is not followed",
    ({ led: [notification] }) => {
      if (notification) failNotification(notification, "The notification followed a redirect.");
    },
  ),
  createCheck(
    "resent.stops-when-acknowledged",
    "an acknowledged notification never comes again",
    ({ acknowledged }) => {
      const { received } = acknowledged;
      const [, again] = received;
      if (again)
        failNotification(again, `The acknowledged notification came ${received.length} times within two days.`);
    },
  ),
  createCheck(
    "resent.accepts-reformatted-acknowledgement",
    "an acknowledgement is one in whatever order and white space it is written",
    ({ otherwise: { received } }) => {
      const [, again] = received;
      if (again) failNotification(again, "The notification came again, though its acknowledgement was right JSON.");
    },
  ),
  createCheck("state.retained", "a result is known for two days and more, and stays the same", ({ kept }) =>
    expectSameResponse(kept, "An inquiry two days later"),
  ),
  createCheck(
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
  createCheck(
    "resent.stops-after-last",
    `after ${ATTEMPTS} attempts no more come`,
    ({ never, neverInbox: { received } }) => {
      const last = received.at(-1);
      if ((never.at(-1) ?? 0) > ATTEMPTS && last)
        failNotification(last, `${never.at(-1)} attempts came in the place of ${ATTEMPTS}.`);
    },
  ),
  createCheck("resent.same", "every attempt tells the same", ({ neverInbox: { received } }) => {
    const [first, ...others] = received.map(({ bytes }) => new TextDecoder().decode(bytes));
    const [, ...notifications] = received;
    const other = notifications[others.findIndex((each) => each !== first)];
    if (other) failNotification(other, "A later attempt tells something else than the first.");
  }),
  createCheck(
    "challenge.expires",
    "a challenge that nobody answers ends in a failure within two days",
    ({ abandoned }) => {
      if (abandoned !== "FAIL")
        throw new ContractFailure(
          `Nobody answered the challenge for two days, and the inquiry says ${String(abandoned)}.`,
        );
    },
  ),
];

const createCheck = (id: string, title: string, expect: (found: ResendResults) => void): Check => ({
  id: `notifyVaulting.${id}`,
  operation: "notifyVaulting",
  title,
  source: INTRODUCTION,
  requires: ["state", "notifications", "clock"],
  after: "others",
  run: async (conversation) => expect(await getResendResults(conversation)),
});
