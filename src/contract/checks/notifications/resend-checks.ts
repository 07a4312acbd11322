/**
 * Checks that notifications are resent on schedule until acknowledged, and that abandoned challenges and sessions expire. Requires a clock that the
 * run can move.
 */
import { parseMessageTime } from "../../../protocol/http.ts";
import { getField, getResult, toText } from "../../../protocol/json-fields.ts";
import { type Clock, getClock } from "../../conversation/control-api.ts";
import {
  INVALID_REPLIES,
  type InvalidReply,
  listAcknowledgements,
  REPLY_GROUPS,
} from "../../conversation/merchant-replies.ts";
import type { Inbox } from "../../conversation/notification-listener.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { FAILING_CARD } from "../../document/sample-requests.ts";
import type { Exchange, Notification, ResponseContext } from "../../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../../model/failure.ts";
import { failNotification, NOTIFICATION_RULES } from "../../rules/notification-rules.ts";
import type { Check } from "../check.ts";
import { expectEnded, expectLasting, type ObservedSession, observeSession } from "../session-expiry.ts";
import { expectSameResponse, inquire, requireSuccess, vault } from "../vaulting-requests.ts";
import {
  type AcknowledgedPair,
  createInterleavedCalls,
  type EndedVaulting,
  getEndedVaulting,
  type RepeatedResponses,
  startAbandonedVaultings,
  startAcknowledgedPairs,
} from "./calls-between-attempts.ts";
import { expectOnce } from "./notification-checks.ts";
import { getSettledVaultings, type NotifiedVaulting, waitForDueNotifications } from "./notified-vaulting.ts";
import { VAULTING_KINDS, type VaultingKind } from "./vaulting-kinds.ts";

const MINUTE_MS = 60_000;
/** The documented intervals after the first attempt. */
const INTERVALS_MIN = [2, 10, 10, 60, 120, 360, 900];
const ATTEMPTS = INTERVALS_MIN.length + 1;

/** A vaulting whose notification is never acknowledged: each attempt gets a different invalid reply. */
interface ResentVaulting {
  readonly kind: VaultingKind;
  readonly response: Exchange;
  readonly replies: readonly InvalidReply[];
  readonly inbox: Inbox;
}

/**
 * The number of attempts for each vaulting, counted before and after the time at which the next attempt is due. `before` is absent if that time had
 * already passed when the run counted the attempts.
 */
interface ResendStep {
  readonly before: readonly number[] | undefined;
  readonly after: readonly number[];
}

/** The notifications and inquiry results that a run collects while it advances the clock. */
interface ResendResults {
  readonly resent: readonly ResentVaulting[];
  readonly steps: readonly ResendStep[];
  /** The number of attempts for each vaulting, 30 hours after the last attempt is due. */
  readonly finalCounts: readonly number[];
  /** Vaultings whose notification was acknowledged at the given attempt. */
  readonly acknowledged: readonly { readonly label: string; readonly attempt: number; readonly inbox: Inbox }[];
  /** Vaultings of all kinds whose notification was acknowledged at the first attempt. */
  readonly settled: readonly NotifiedVaulting[];
  /** Notifications that were sent to the target of a redirect. */
  readonly redirected: readonly Notification[];
  /** Responses to repeated calls: one from the start or between attempts, and one from 2 days later. */
  readonly repeated: readonly RepeatedResponses[];
  readonly pairs: readonly AcknowledgedPair[];
  /** The results of the challenges and sessions that the buyer abandoned. */
  readonly abandoned: readonly EndedVaulting[];
  readonly observed: readonly ObservedSession[];
}

/** Text that a target could truncate or damage when it stores a notification to resend it. */
const LONG_NOTE = "\u00e9\u4f60\u{1f4b3}<&>\r\n".repeat(150);

/** The invalid replies to all attempts. The last ones are used twice, because there are more attempts than replies. */
const REPLIES = [...INVALID_REPLIES, ...INVALID_REPLIES.toReversed()];
/** Suffixes of the vaultingNotificationUrl, which the target must not change. The kinds of vaultings use them in turn. */
const URL_SUFFIXES = ["?order=7&next=%2Fa", "/a%2Fb%20c/", "/v;v=1/b:c@d,e?sig=AbC/%2b==", ""];

/** Starts a vaulting of each kind, and replies to each attempt with a different invalid reply. Leaves out kinds that the target does not support. */
async function startResentVaultings(client: TargetClient, redirectUrl: string): Promise<readonly ResentVaulting[]> {
  const listener = await client.getListener();
  const started = VAULTING_KINDS.map(async (kind, index) => {
    const replies = REPLIES.slice(index * INTERVALS_MIN.length, (index + 1) * INTERVALS_MIN.length);
    const waiting = replies.map(({ group, reply }) =>
      group === "redirect" ? { ...reply, headers: { ...reply.headers, location: redirectUrl } } : reply,
    );
    const inbox = listener.createInbox(() => waiting.shift() ?? { status: 503 });
    const id = client.createId();
    const response = await kind.start(client, id, {
      vaultingNotificationUrl: inbox.url + URL_SUFFIXES[index % URL_SUFFIXES.length],
      metadata: JSON.stringify({ order: id, note: LONG_NOTE }),
    });
    return (await inbox.waitFor(1)) ? [{ kind, response, replies, inbox }] : [];
  });
  const results = await Promise.allSettled(started);
  return results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}

/**
 * Starts a vaulting for each form of the acknowledgement, with which the merchant acknowledges attempt 1, 2, or 3. Starts 2 vaultings for the
 * documented form: the merchant acknowledges attempt 1 for the first vaulting, and attempt 2 for the second.
 */
async function startAcknowledgedVaultings(client: TargetClient): Promise<ResendResults["acknowledged"]> {
  const listener = await client.getListener();
  const replies = listAcknowledgements(client.target.clientId);
  const [documented] = replies;
  const rows = [...replies.map((row, index) => ({ ...row, attempt: 1 + (index % 3) })), { ...documented, attempt: 2 }];
  return Promise.all(
    rows.map(async ({ label = "", reply = { status: 503 }, attempt }, index) => {
      let count = 0;
      const inbox = listener.createInbox(() => {
        count += 1;
        return count < attempt ? { status: 503 } : reply;
      });
      const card = index % 2 === 0 ? {} : FAILING_CARD;
      await vault(client, client.createId(), { ...card, vaultingNotificationUrl: inbox.url });
      if (!(await inbox.waitFor(1))) throw new CheckSkipped("The target sent no notification.");
      return { label, attempt, inbox };
    }),
  );
}

async function expectDueNotificationsSent(client: TargetClient): Promise<void> {
  if (!(await waitForDueNotifications(client)))
    throw new ContractFailure(
      "No notification about a new vaulting was sent while notifications about other vaultings were unacknowledged.",
    );
}

/** Advances the clock from one attempt to the next, and counts the attempts. */
async function collectSteps(
  client: TargetClient,
  clock: Clock,
  { resent, startedAt }: { readonly resent: readonly ResentVaulting[]; readonly startedAt: number },
  observe: () => Promise<void>,
): Promise<readonly ResendStep[]> {
  const countAttempts = () => resent.map(({ inbox }) => inbox.received.length);
  const advanceTo = async (time: number) => {
    if (time > clock.now()) await clock.advance(time - clock.now());
    const movedAt = performance.now();
    await expectDueNotificationsSent(client);
    return performance.now() - movedAt;
  };
  const steps: ResendStep[] = [];
  let dueAt = startedAt;
  let lastAt = clock.now();
  let isComplete = true;
  for (const [index, minutes] of INTERVALS_MIN.entries()) {
    const intervalMs = minutes * MINUTE_MS;
    // An interval may start when the previous attempt was due, or when it was sent.
    dueAt += intervalMs;
    await advanceTo(dueAt - Math.min(MINUTE_MS, intervalMs / 4));
    const counts = countAttempts();
    const before = clock.now() < dueAt ? counts : undefined;
    const dueMs = await advanceTo(lastAt + intervalMs + 5_000);
    const active = resent.filter(({ inbox }) => inbox.received.length > index);
    // The attempts should have been sent by now. On a busy computer, some are received later than others.
    const timeoutMs: number = isComplete ? Math.max(2_000, 10 * dueMs) : 500;
    const received = await Promise.all(active.map(({ inbox }) => inbox.waitFor(index + 2, timeoutMs)));
    isComplete &&= !received.includes(false);
    lastAt = clock.now();
    await observe();
    steps.push({ before, after: countAttempts() });
    if (!received.includes(true)) break;
  }
  return steps;
}

/** Advances the target's clock by more than 2 days, once for all checks, and collects the notifications and inquiry results. */
const getResendResults = (client: TargetClient): Promise<ResendResults> =>
  client.onceExclusive("resends", async () => {
    const listener = await client.getListener();
    const clock = await getClock(client.target);
    const redirectTarget = listener.createInbox();
    const id = client.createId();
    requireSuccess(await vault(client, id));
    const inquiry = await inquire(client, id);
    const abandoned = await startAbandonedVaultings(client);
    const observed = await Promise.all(
      [{}, { is3DSAuthentication: true }].map(async (change) => {
        const inbox = listener.createInbox();
        return { inbox, ...(await observeSession(client, { ...change, vaultingNotificationUrl: inbox.url })) };
      }),
    );
    const settled = await getSettledVaultings(client);
    const startedAt = clock.now();
    const [resent, acknowledged, pairs] = await Promise.all([
      startResentVaultings(client, redirectTarget.url),
      startAcknowledgedVaultings(client),
      startAcknowledgedPairs(client),
    ]);
    if (resent.length === 0) throw new CheckSkipped("The target sent no notification.");
    const calls = await createInterleavedCalls(
      client,
      resent.map(({ response }) => response),
    );
    const observe = async () => {
      await Promise.all([...observed, ...abandoned].map((one) => one.observe()));
      await calls.callNext();
    };
    try {
      const steps = await collectSteps(client, clock, { resent, startedAt }, observe);
      await clock.advance(30 * 60 * MINUTE_MS);
      await expectDueNotificationsSent(client);
      const finalCounts = resent.map(({ inbox }) => inbox.received.length);
      const inquiries = { subject: "Inquiry", responses: [inquiry, await inquire(client, id)] };
      const repeated = [inquiries, ...(await calls.repeat())];
      await Promise.all(observed.map((session) => session.reuse()));
      const sessions = observed.map(({ inbox, inquiries: all }) => ({
        kind: "session" as const,
        status: getField(all.at(-1)?.inquiry.body, "vaultingStatus"),
        inbox,
        isNotifiedInTime: true,
      }));
      const ended = [...(await Promise.all(abandoned.map((one) => getEndedVaulting(one, clock.now())))), ...sessions];
      await Promise.all(ended.map((one) => one.status === "FAIL" && one.inbox.waitFor(1)));
      return {
        resent,
        steps,
        finalCounts,
        acknowledged,
        settled,
        redirected: redirectTarget.received,
        repeated,
        pairs,
        abandoned: ended,
        observed,
      };
    } finally {
      await clock.restore();
    }
  });

/**
 * Returns the problem with the next attempt for a vaulting after `attempts` attempts, or `undefined`. Reports
 * `not resent` only if the notification about a different vaulting was resent at that time: otherwise, the schedule is the cause, not the reply.
 */
function findResendProblem(
  { before, after }: ResendStep,
  vaulting: number,
  attempts: number,
): "resent too early" | "resent more than once" | "not resent" | undefined {
  const count = after[vaulting] ?? 0;
  if ((before?.[vaulting] ?? 0) > attempts) return "resent too early";
  if (count > attempts + 1) return "resent more than once";
  return count <= attempts && after.some((other) => other > attempts) ? "not resent" : undefined;
}

function expectResent({ resent, steps }: ResendResults, group: string): void {
  for (const [vaulting, { kind, replies }] of resent.entries())
    for (const [index, step] of steps.entries()) {
      const reply = replies[index];
      const isReceived = index === 0 || steps[index - 1]?.after[vaulting] === index + 1;
      const problem = isReceived && reply?.group === group && findResendProblem(step, vaulting, index + 1);
      if (problem)
        throw new ContractFailure(
          `Notification about ${kind.label} was ${problem} after ${reply.label}, the reply to attempt ${index + 1}.`,
        );
    }
}

/** Expects each attempt to satisfy the rules for notifications, and to differ from the first only in time and signature. */
function expectSameAttempts({ kind, inbox: { received } }: ResentVaulting, context: ResponseContext): void {
  const [first] = received;
  if (!first) return;
  const getContent = ({ method, path, signedPath, headers, bytes }: Notification) => ({
    method,
    path,
    "signed path": signedPath,
    "Client-Id": headers.get("client-id"),
    "Content-Type": headers.get("content-type"),
    body: new TextDecoder().decode(bytes),
  });
  const expected = Object.entries(getContent(first));
  const getTime = ({ headers }: Notification) => parseMessageTime(headers.get("request-time") ?? "") ?? 0;
  let lastTime = 0;
  for (const [index, notification] of received.entries()) {
    for (const { expect } of NOTIFICATION_RULES) expect(notification, context);
    const content = new Map(Object.entries(getContent(notification)));
    const subject = `Attempt ${index + 1} to send the notification about ${kind.label}`;
    const [different] = expected.find(([name, value]) => content.get(name) !== value) ?? [];
    if (different) failNotification(notification, `${subject} has a different ${different} than the first.`);
    // The time of a message has a resolution of 1 second.
    if (getTime(notification) < lastTime - 1_000)
      failNotification(notification, `${subject} has an earlier Request-Time than an earlier attempt.`);
    lastTime = getTime(notification);
  }
}

const SOURCE = "/webhooks/notifyVaulting/post";

export const createResendChecks = (): readonly Check[] => [
  ...Object.entries(REPLY_GROUPS).map(([group, label]) =>
    createCheck(`resent.after-${group}`, `resends a notification on schedule after ${label}`, (results) =>
      expectResent(results, group),
    ),
  ),
  createCheck(
    "resent.redirect-not-followed",
    "does not follow a redirect from the merchant",
    ({ redirected: [notification] }) => {
      if (notification) failNotification(notification, "Notification was sent to the URL of a redirect.");
    },
  ),
  createCheck(
    "resent.stops-when-acknowledged",
    "stops resending a notification after an acknowledgement in any valid format",
    ({ acknowledged, settled }) => {
      for (const vaulting of settled) expectOnce(vaulting, " within 2 days");
      for (const { label, attempt, inbox } of acknowledged) {
        const next = inbox.received[attempt];
        if (next)
          failNotification(
            next,
            `Notification was sent ${inbox.received.length} times within 2 days, although attempt ${attempt} received ${label}.`,
          );
      }
    },
  ),
  createCheck(
    "resent.shared-url",
    "resends a notification even if a different notification, to the same URL or about a different merchant's vaulting with the same ID, is acknowledged",
    ({ pairs }) => {
      for (const { label, count } of pairs) {
        const [first, second] = count();
        if (first !== 1 || second !== ATTEMPTS)
          throw new ContractFailure(
            `Notifications about 2 vaultings ${label} were sent ${first} and ${second} times, expected 1 and ${ATTEMPTS}: only the first was acknowledged.`,
          );
      }
    },
  ),
  createCheck(
    "state.retained",
    "returns the same results for at least 2 days, even if notifications are not acknowledged",
    ({ repeated: [first, ...others] }) => {
      if (first) expectSameResponse(first.responses, `${first.subject} 2 days later`);
      const isFinal = ({ resultStatus }: Exchange) => resultStatus === "S" || resultStatus === "F";
      for (const { subject, responses } of others)
        if (responses.every(isFinal)) expectSameResponse(responses, `${subject} 2 days later`);
    },
  ),
  createCheck(
    "resent.schedule",
    "sends an unacknowledged notification after 0, 2, 12, and 22 min, 1 h 22 min, 3 h 22 min, 9 h 22 min, and 24 h 22 min",
    ({ steps, resent }) => {
      for (const [index, { before = [], after }] of steps.entries()) {
        const describe = (problem: string, vaulting: number) =>
          `Attempt ${index + 2} of the notification about ${resent[vaulting]?.kind.label ?? ""} was ${problem} ${INTERVALS_MIN[index]} min after the previous one.`;
        const early = before.findIndex((count) => count > index + 1);
        if (early >= 0) throw new ContractFailure(describe("sent less than", early));
        if (!after.some((count) => count > index + 1)) throw new ContractFailure(describe("not sent", 0));
      }
    },
  ),
  createCheck("resent.stops-after-last", `stops resending after ${ATTEMPTS} attempts`, ({ finalCounts, resent }) => {
    for (const [index, count] of finalCounts.entries()) {
      const last = resent[index]?.inbox.received.at(-1);
      if (count > ATTEMPTS && last)
        failNotification(last, `Notification was sent ${count} times, expected ${ATTEMPTS}.`);
    }
  }),
  createCheck(
    "resent.same",
    "sends valid notifications with the same content in every attempt",
    ({ resent }, { context }) => {
      for (const vaulting of resent) expectSameAttempts(vaulting, context);
    },
  ),
  ...createExpiryChecks(),
];

/** Checks of challenges and sessions that the buyer abandons. */
const createExpiryChecks = (): readonly Check[] => [
  createCheck(
    "challenge.expires",
    "fails an abandoned challenge within 2 days, and does not change the result if the buyer completes the challenge later",
    ({ abandoned }) => {
      for (const { kind, status, lateStatus = status } of abandoned) {
        if (kind === "challenge" && status !== "FAIL")
          throw new ContractFailure(
            `Abandoned challenge has the status ${toText(status)} after 2 days, expected FAIL.`,
          );
        if (lateStatus !== status)
          throw new ContractFailure(
            `Abandoned challenge has the status ${toText(lateStatus)} after the buyer completed the challenge late, expected FAIL.`,
          );
      }
    },
  ),
  ...(["challenge", "session"] as const).map((kind) =>
    createCheck(
      `${kind}.expiry-notified`,
      `sends one notification when an abandoned ${kind} fails`,
      ({ abandoned }) => {
        const ended = abandoned.filter((one) => one.kind === kind && one.status === "FAIL");
        if (ended.length === 0) throw new CheckSkipped(`The abandoned ${kind} did not fail.`);
        for (const { inbox, isNotifiedInTime } of ended) {
          if (!isNotifiedInTime)
            throw new ContractFailure(
              `No notification about an abandoned ${kind} was sent before the first inquiry about the ${kind}.`,
            );
          const [notification, second] = inbox.received;
          if (!notification || second)
            throw new ContractFailure(
              `Notification about an abandoned ${kind} was sent ${inbox.received.length} times, expected 1.`,
            );
          if (getResult(notification.body).resultStatus !== "F")
            failNotification(notification, `Notification about an abandoned ${kind} does not have resultStatus F.`);
        }
      },
    ),
  ),
  createCheck("session.lasts", "keeps a session open until its expiry time", ({ observed }) =>
    observed.forEach(expectLasting),
  ),
  createCheck("session.expires", "ends a session after its expiry time, and vaults no card afterward", ({ observed }) =>
    observed.forEach(expectEnded),
  ),
];

const createCheck = (
  id: string,
  title: string,
  expect: (results: ResendResults, client: TargetClient) => void,
): Check => ({
  id: `notifyVaulting.${id}`,
  operation: "notifyVaulting",
  title,
  source: SOURCE,
  requires: ["state", "notifications", "clock"],
  after: "others",
  run: async (client) => expect(await getResendResults(client), client),
});
