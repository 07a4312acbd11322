/**
 * Checks that results stay the same for more than 1 month, and that times are correct. All checks except `waitingChecks` require a clock that the
 * run can move.
 */
import { setTimeout } from "node:timers/promises";
import { parseMessageTime } from "../../../protocol/http.ts";
import { getField, toText } from "../../../protocol/json-fields.ts";
import { type Clock, getClock } from "../../conversation/control-api.ts";
import { PASS_CHALLENGE, submitForm } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, FAILING_CARD, type RequestBody } from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import type { Check } from "../check.ts";
import { INTRODUCTION } from "../request-variants.ts";
import { expectPlausibleExpiry, getExpiresAt } from "../session-expiry.ts";
import { createSession, getNormalUrl, inquire, requireChallenge, vault } from "../vaulting-requests.ts";
import { expectRepeated } from "./actions.ts";

const MINUTE_MS = 60_000;
const INTERVALS = [
  { text: "10 minutes", ms: 10 * MINUTE_MS },
  { text: "3 hours", ms: 170 * MINUTE_MS },
  { text: "1 day", ms: 21 * 60 * MINUTE_MS },
] as const;

/** A call whose result must not change. */
interface RepeatedCall {
  readonly subject: string;
  readonly first: Exchange;
  readonly send: () => Promise<Exchange>;
  /** The time after which the result may change, in milliseconds since the Unix epoch. */
  readonly endsAt: number;
}

const CARDS: readonly (readonly [string, RequestBody])[] = [
  ["a vaulted card", {}],
  ["a declined card", FAILING_CARD],
  ["a card that passed 3-D Secure", CHALLENGED_CARD],
];

async function vaultCard(client: TargetClient, card: string, change: RequestBody): Promise<readonly RepeatedCall[]> {
  const id = client.createId();
  const retry = () => vault(client, id, change);
  const url = getNormalUrl(await retry());
  // If the page has no form, the buyer cannot pass the challenge. The vaulting is then not final, so it is left out.
  if (typeof url === "string") await submitForm(url, PASS_CHALLENGE).catch(() => {});
  const calls = [
    { subject: `Retry for ${card}`, send: retry },
    { subject: `Inquiry about ${card}`, send: () => inquire(client, id) },
  ];
  const all = await Promise.all(calls.map(async (call) => ({ ...call, first: await call.send(), endsAt: Infinity })));
  return /^[SF]$/.test(all[0]?.first.resultStatus ?? "") ? all : [];
}

/** Vaults the cards once for all checks. Returns the calls about them. */
const getCardCalls = (client: TargetClient): Promise<readonly RepeatedCall[]> =>
  client.once("cards for later", async () =>
    (await Promise.all(CARDS.map(([card, change]) => vaultCard(client, card, change)))).flat(),
  );

/** Starts a challenge that the buyer does not complete. The URL must not change while the challenge lasts. */
async function startChallenge(client: TargetClient): Promise<readonly RepeatedCall[]> {
  const id = client.createId();
  const send = () => vault(client, id, CHALLENGED_CARD);
  const first = await send();
  return typeof getNormalUrl(first) === "string"
    ? [{ subject: "Retry during 3-D Secure", first, send, endsAt: Infinity }]
    : [];
}

async function openSession(client: TargetClient): Promise<readonly RepeatedCall[]> {
  const id = client.createId();
  const send = () => createSession(client, id);
  const first = await send();
  return first.resultStatus === "S"
    ? [{ subject: "Retry of a session", first, send, endsAt: getExpiresAt(first) - MINUTE_MS }]
    : [];
}

function expectUnchanged(first: Exchange, later: Exchange, subject: string): void {
  if (first.resultStatus !== "U") expectRepeated(first, later, subject);
  // A challenge might have ended in the meantime.
  else if (later.resultStatus === "U" && getNormalUrl(later) !== getNormalUrl(first))
    fail(later, `${subject} returns a different normalUrl.`);
}

/** The delay after which a message must have a different time. Times are accurate to the second. */
const LATER_MS = 2_100;

/** Expects each response to a repeated request to have a different response-time, even if the body is the same. */
async function expectNewTime(client: TargetClient): Promise<void> {
  const [id, failedId, sessionId] = [client.createId(), client.createId(), client.createId()];
  const sendAll = async () => {
    const sent = [vault(client, id), vault(client, failedId, FAILING_CARD), createSession(client, sessionId)];
    return [...(await Promise.all(sent)), await inquire(client, id)];
  };
  const responses = await sendAll();
  await setTimeout(LATER_MS);
  for (const [index, retry] of (await sendAll()).entries()) {
    const time = retry.headers.get("response-time");
    if (time !== null && time === responses[index]?.headers.get("response-time"))
      fail(
        retry,
        "Response to a repeated request has the response-time of the first response, which was sent 2 seconds earlier.",
      );
  }
}

/** Passes a challenge 2 seconds after the request. Expects the vaultingCreateTime of the notification, if present, to be the time of the request. */
async function expectCreateTime(client: TargetClient): Promise<void> {
  const inbox = (await client.getListener()).createInbox();
  const change = { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url };
  const response = await vault(client, client.createId(), change);
  const url = requireChallenge(response);
  await setTimeout(LATER_MS);
  await submitForm(url, PASS_CHALLENGE);
  await inbox.waitFor(1);
  const [notification] = inbox.received;
  const createTime = getField(notification?.body, "vaultingCreateTime");
  if (!notification || createTime === undefined) return;
  // Both times are accurate to the second.
  const requestedAt = parseMessageTime(response.headers.get("response-time") ?? "") ?? response.receivedAt;
  const laterMs = Date.parse(toText(createTime)) - requestedAt;
  if (!(laterMs <= 1_000 && laterMs > -60 * MINUTE_MS))
    failNotification(
      notification,
      "Notification vaultingCreateTime is not the time at which the vaulting was created.",
    );
}

/** Repeats the calls after 32 days, and creates sessions at times at which programs often miscalculate dates. */
const getLaterResults = (client: TargetClient) =>
  client.onceExclusive("months later", async () => {
    const clock = await getClock(client.target);
    const calls = await getCardCalls(client);
    try {
      await clock.advance(32 * 24 * 60 * MINUTE_MS);
      const repeated = await Promise.all(calls.map(async (call) => ({ ...call, later: await call.send() })));
      const failure = await expectExpiryAtCriticalTimes(client, clock).then(
        () => undefined,
        (error: unknown) => error,
      );
      return { failure, repeated };
    } finally {
      await clock.restore();
    }
  });

/**
 * Returns, in order, the next times after `now` at which programs often miscalculate dates: the end of December, the end of January, the end of
 * February, January 1, and a December 31 that is in the first ISO week of the following year.
 */
export function listCriticalTimes(now: number): readonly number[] {
  const year = new Date(now).getUTCFullYear();
  const years = Array.from({ length: 8 }, (_, index) => year + index);
  const getNext = (times: readonly number[]) => times.filter((time) => time > now).slice(0, 1);
  const isInWeekOfNextYear = (time: number) => [1, 2, 3].includes(new Date(time).getUTCDay());
  return [
    ...getNext(years.map((one) => Date.UTC(one, 11, 31, 23, 50))),
    ...getNext(years.map((one) => Date.UTC(one, 0, 1, 12))),
    ...getNext(years.map((one) => Date.UTC(one, 0, 31, 23, 50))),
    ...getNext(years.map((one) => Date.UTC(one, 1, 28, 23, 50))),
    ...getNext(years.map((one) => Date.UTC(one, 11, 31, 12)).filter(isInWeekOfNextYear)),
  ].toSorted((one, other) => one - other);
}

/** The longest advance that the control API accepts. */
const MAX_ADVANCE_MS = 366 * 24 * 60 * MINUTE_MS;

async function expectExpiryAtCriticalTimes(client: TargetClient, clock: Clock): Promise<void> {
  for (const time of listCriticalTimes(clock.now())) {
    while (clock.now() < time) await clock.advance(Math.min(time - clock.now(), MAX_ADVANCE_MS));
    await expectPlausibleExpiry(client, await createSession(client, client.createId()));
  }
}

/** Checks that wait for 2 seconds. They come first, so that other checks run in the meantime. */
export const waitingChecks: readonly Check[] = [
  {
    id: "vaultPaymentMethod.idempotency.response-time",
    operation: "vaultPaymentMethod",
    title: "returns the time of the retry in response-time when a request is retried",
    source: "/components/headers/ResponseTime",
    requires: ["state"],
    run: expectNewTime,
  },
  {
    id: "notifyVaulting.challenged.create-time",
    operation: "notifyVaulting",
    title: "sends the time of the request, not that of the result, as vaultingCreateTime",
    source: "/components/schemas/VaultingNotificationVaulted/properties/vaultingCreateTime",
    requires: ["state", "notifications"],
    run: expectCreateTime,
  },
];

export const createLaterChecks = (): readonly Check[] => [
  {
    id: "createVaultingSession.session.calendar",
    operation: "createVaultingSession",
    title: "returns an expiry time between 1 minute and 1 year in the future, even at the end of a month or year",
    source: "/components/schemas/CreateVaultingSessionCreated",
    requires: ["state", "clock"],
    after: "others",
    run: async (client) => {
      const { failure } = await getLaterResults(client);
      if (failure !== undefined) throw failure;
    },
  },
  {
    id: "protocol.state.retained",
    operation: "protocol",
    title: "returns the same results to retries and inquiries more than 1 month later",
    source: INTRODUCTION,
    requires: ["state", "clock"],
    after: "others",
    run: async (client) => {
      const { repeated } = await getLaterResults(client);
      if (repeated.length === 0) throw new CheckSkipped("The target returns no final result.");
      for (const { subject, first, later } of repeated) expectUnchanged(first, later, `${subject} 1 month later`);
    },
  },
  {
    id: "protocol.state.later",
    operation: "protocol",
    title: "returns the same results to retries and inquiries 10 minutes, 3 hours, and 1 day later",
    source: INTRODUCTION,
    requires: ["state", "clock"],
    after: "others",
    run: (client) =>
      client.runExclusive(async () => {
        const clock = await getClock(client.target);
        const calls = (await Promise.all([getCardCalls(client), startChallenge(client), openSession(client)])).flat();
        if (calls.length === 0) throw new CheckSkipped("The target returns no final result.");
        try {
          for (const { text, ms } of INTERVALS) {
            await clock.advance(ms);
            const current = calls.filter(({ endsAt }) => clock.now() < endsAt);
            await Promise.all(
              current.map(async ({ subject, first, send }) =>
                expectUnchanged(first, await send(), `${subject} ${text} later`),
              ),
            );
          }
        } finally {
          await clock.restore();
        }
      }),
  },
];
