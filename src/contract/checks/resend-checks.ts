/** Checks that notifications are resent on schedule until acknowledged. Requires a clock that the run can move. */
import { toText } from "../../protocol/json-fields.ts";
import { getClock } from "../conversation/control-api.ts";
import { createAcknowledgement, type Inbox, type Reply } from "../conversation/notification-listener.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD } from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { failNotification } from "../rules/notification-rules.ts";
import type { Check } from "./check.ts";
import { expectEnded, expectLasting, type ObservedSession, observeSession } from "./session-expiry.ts";
import { expectSameResponse, getVaultingStatus, inquire, requireSuccess, vault } from "./vaulting-requests.ts";

const MINUTE_MS = 60_000;
const SLACK_MS = 30_000;
/** The documented intervals after the second attempt, which follows the first by 2 minutes. */
const INTERVALS_MIN = [10, 10, 60, 120, 360, 900];
const ATTEMPTS = INTERVALS_MIN.length + 2;

interface InvalidReply {
  readonly id: string;
  readonly label: string;
  /** The reply to the first attempt. For a redirect, the run adds the Location header. */
  readonly reply: Reply;
}

const ACKNOWLEDGEMENT_BODY = createAcknowledgement("").body ?? "";
/** The acknowledgement as other languages may serialize it. */
const REFORMATTED_BODY =
  '{\r\n  "result" : { "resultMessage":"success","resultStatus":"S" ,"resultCode":"SUCCESS" }\r\n}\n';
const JSON_HEADERS = { "content-type": "application/json; charset=UTF-8" };
const createReply = (body: string, status = 200): Reply => ({ status, headers: JSON_HEADERS, body });
const createResultBody = (resultCode: string, resultStatus: string): string =>
  JSON.stringify({ result: { resultCode, resultStatus, resultMessage: "No." } });

/** Replies that do not acknowledge: anything except HTTP 200 with the documented body. */
const INVALID_REPLIES: readonly InvalidReply[] = [
  { id: "status-500", label: "HTTP 500", reply: createReply(ACKNOWLEDGEMENT_BODY, 500) },
  { id: "status-404", label: "HTTP 404", reply: createReply(ACKNOWLEDGEMENT_BODY, 404) },
  { id: "status-201", label: "HTTP 201", reply: createReply(ACKNOWLEDGEMENT_BODY, 201) },
  { id: "status-204", label: "HTTP 204", reply: { status: 204 } },
  { id: "redirect", label: "a redirect with HTTP 307", reply: { status: 307 } },
  { id: "found", label: "a redirect with HTTP 302", reply: { status: 302 } },
  { id: "empty", label: "HTTP 200 with an empty body", reply: createReply("") },
  { id: "other-json", label: "HTTP 200 with {}", reply: createReply("{}") },
  {
    id: "page",
    label: "HTTP 200 with an HTML page",
    reply: { status: 200, headers: { "content-type": "text/html" }, body: "<p>OK</p>" },
  },
  { id: "text", label: "HTTP 200 with plain text", reply: createReply("success") },
  { id: "failure", label: "HTTP 200 with resultStatus F", reply: createReply(createResultBody("PROCESS_FAIL", "F")) },
  {
    id: "unknown",
    label: "HTTP 200 with resultStatus U",
    reply: createReply(createResultBody("UNKNOWN_EXCEPTION", "U")),
  },
  { id: "no-response", label: "a closed connection", reply: { status: 0 } },
];

/** The notifications and inquiry results that a run collects while it advances the clock. */
interface ResendResults {
  /** The number of attempts by reply ID: 30 seconds before the second attempt is due (`countsBefore`), and after it (`countsAfter`). */
  readonly countsBefore: ReadonlyMap<string, number>;
  readonly countsAfter: ReadonlyMap<string, number>;
  /** Notifications that followed a redirect. */
  readonly redirected: readonly Notification[];
  readonly acknowledged: Inbox;
  /** The inbox whose acknowledgement has different whitespace and a different field order. */
  readonly reformatted: Inbox;
  /** Inquiries about the same vaulting: at the start, and 2 days later. */
  readonly inquiries: readonly Exchange[];
  /** The number of attempts that `unacknowledged` has received: at the end of each interval, and 30 hours after the last one. */
  readonly attemptCounts: readonly number[];
  readonly unacknowledged: Inbox;
  /** The status of a challenge that the buyer abandoned 2 days earlier. */
  readonly abandonedStatus: unknown;
  readonly observed: ObservedSession;
}

/** Advances the target's clock by 2 days, once for all checks, and collects what the target sends. */
const getResendResults = (client: TargetClient): Promise<ResendResults> =>
  client.once("resends", async () => {
    const { target } = client;
    const listener = await client.getListener();
    const clock = await getClock(target);
    const vaultAndWait = async (inbox: Inbox) => {
      requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl: inbox.url }));
      return inbox.waitFor(1);
    };
    /** Waits until notifications that are due have been sent, which happens before the notification of a new vaulting. */
    const waitForDue = async () => {
      if (!(await vaultAndWait(listener.createInbox()))) throw new CheckSkipped("The target sent no notification.");
    };
    const redirectTarget = listener.createInbox();
    /** Creates an inbox that sends the reply to the first attempt, and acknowledges the later ones. */
    const createInboxFor = (reply: Reply): Inbox => {
      const isRedirect = reply.status === 307 || reply.status === 302;
      const replies = [isRedirect ? { ...reply, headers: { location: redirectTarget.url } } : reply];
      return listener.createInbox(() => replies.shift() ?? createAcknowledgement(target.clientId));
    };
    const inboxes = new Map(INVALID_REPLIES.map(({ id, reply }) => [id, createInboxFor(reply)]));
    const acknowledged = listener.createInbox();
    const reformatted = listener.createInbox(() => createReply(REFORMATTED_BODY));
    const unacknowledged = listener.createInbox(() => ({ status: 503 }));
    const all = [...inboxes.values(), acknowledged, reformatted, unacknowledged];
    const [id, challengeId] = [client.createId(), client.createId()];
    requireSuccess(await vault(client, id));
    const inquiries = [await inquire(client, id)];
    await vault(client, challengeId, CHALLENGED_CARD);
    const observed = await observeSession(client);
    if (!(await Promise.all(all.map(vaultAndWait))).every(Boolean))
      throw new CheckSkipped("The target sent no notification.");
    const countAttempts = () => new Map([...inboxes].map(([replyId, { received }]) => [replyId, received.length]));
    try {
      // The clock keeps running, so leave time for a slow computer on both sides of the 2 minutes.
      await clock.advance(2 * MINUTE_MS - SLACK_MS);
      await waitForDue();
      const countsBefore = countAttempts();
      await clock.advance(SLACK_MS + 5_000);
      await waitForDue();
      await Promise.all([...inboxes.values()].map((inbox) => inbox.waitFor(2)));
      const countsAfter = countAttempts();
      const attemptCounts: number[] = [];
      await unacknowledged.waitFor(2);
      attemptCounts.push(unacknowledged.received.length);
      for (const [index, minutes] of INTERVALS_MIN.entries()) {
        await clock.advance(minutes * MINUTE_MS + 5_000);
        await waitForDue();
        await observed.observe();
        const wasReceived = await unacknowledged.waitFor(index + 3);
        attemptCounts.push(unacknowledged.received.length);
        if (!wasReceived) break;
      }
      await clock.advance(30 * 60 * MINUTE_MS);
      await waitForDue();
      attemptCounts.push(unacknowledged.received.length);
      inquiries.push(await inquire(client, id));
      await observed.enterCard();
      const abandonedStatus = getVaultingStatus(await inquire(client, challengeId));
      return {
        countsBefore,
        countsAfter,
        redirected: redirectTarget.received,
        acknowledged,
        reformatted,
        inquiries,
        attemptCounts,
        unacknowledged,
        abandonedStatus,
        observed,
      };
    } finally {
      await clock.restore();
    }
  });

const SOURCE = "/webhooks/notifyVaulting/post";

export const createResendChecks = (): readonly Check[] => [
  ...INVALID_REPLIES.map(({ id, label }) =>
    createCheck(
      `resent.after-${id}`,
      `resends a notification 2 minutes after ${label}`,
      ({ countsBefore, countsAfter }) => {
        const createFailure = (problem: string) => new ContractFailure(`Notification ${problem} after ${label}.`);
        const count = countsAfter.get(id) ?? 0;
        if ((countsBefore.get(id) ?? 0) > 1) throw createFailure("was resent less than 2 minutes");
        if (count < 2) throw createFailure("was not resent within 2 minutes");
        if (count > 2) throw createFailure("was resent more than once within 2 minutes");
      },
    ),
  ),
  createCheck(
    "resent.redirect-not-followed",
    "does not follow a redirect from the merchant",
    ({ redirected: [notification] }) => {
      if (notification) failNotification(notification, "Notification followed a redirect.");
    },
  ),
  createCheck("resent.stops-when-acknowledged", "never resends an acknowledged notification", ({ acknowledged }) => {
    const { received } = acknowledged;
    const [, second] = received;
    if (second) failNotification(second, `Acknowledged notification was sent ${received.length} times within 2 days.`);
  }),
  createCheck(
    "resent.accepts-reformatted-acknowledgement",
    "accepts an acknowledgement with a different field order and whitespace",
    ({ reformatted: { received } }) => {
      const [, second] = received;
      if (second) failNotification(second, "Notification was resent although its acknowledgement was valid JSON.");
    },
  ),
  createCheck("state.retained", "returns the same result for at least 2 days", ({ inquiries }) =>
    expectSameResponse(inquiries, "Inquiry 2 days later"),
  ),
  createCheck(
    "resent.schedule",
    "sends an unacknowledged notification after 0, 2, 12, and 22 min, 1 h 22 min, 3 h 22 min, 9 h 22 min, and 24 h 22 min",
    ({ attemptCounts }) => {
      const counts = attemptCounts.slice(0, -1);
      const expected = counts.map((_, index) => index + 2);
      if (counts.some((count, index) => count !== expected[index]))
        throw new ContractFailure(
          `Attempts sent by the end of each interval: ${counts.join(", ")}; expected ${expected.join(", ")}.`,
        );
    },
  ),
  createCheck(
    "resent.stops-after-last",
    `stops resending after ${ATTEMPTS} attempts`,
    ({ attemptCounts, unacknowledged: { received } }) => {
      const last = received.at(-1);
      if ((attemptCounts.at(-1) ?? 0) > ATTEMPTS && last)
        failNotification(last, `${attemptCounts.at(-1)} attempts were sent, expected ${ATTEMPTS}.`);
    },
  ),
  createCheck("resent.same", "sends the same content in every attempt", ({ unacknowledged: { received } }) => {
    const [first, ...others] = received.map(({ bytes }) => new TextDecoder().decode(bytes));
    const [, ...notifications] = received;
    const other = notifications[others.findIndex((body) => body !== first)];
    if (other) failNotification(other, "A later attempt has a different body than the first.");
  }),
  createCheck("challenge.expires", "fails an abandoned challenge within 2 days", ({ abandonedStatus }) => {
    if (abandonedStatus !== "FAIL")
      throw new ContractFailure(
        `Abandoned challenge has the status ${toText(abandonedStatus)} after 2 days, expected FAIL.`,
      );
  }),
  createCheck("session.lasts", "waits for a card until the expiry time of the session", ({ observed }) =>
    expectLasting(observed),
  ),
  createCheck("session.expires", "ends a session after its expiry time, and vaults no card in it", ({ observed }) =>
    expectEnded(observed),
  ),
];

const createCheck = (id: string, title: string, expect: (results: ResendResults) => void): Check => ({
  id: `notifyVaulting.${id}`,
  operation: "notifyVaulting",
  title,
  source: SOURCE,
  requires: ["state", "notifications", "clock"],
  after: "others",
  run: async (client) => expect(await getResendResults(client)),
});
