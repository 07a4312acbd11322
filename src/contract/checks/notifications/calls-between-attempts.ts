/** Calls that the run sends while notifications are unacknowledged. They must affect neither the notifications nor the results. @module */

import { getField } from "../../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox } from "../../conversation/notification-listener.ts";
import { openForm, PASS_CHALLENGE, submitForm } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD } from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { getExpiresAt } from "../session-expiry.ts";
import { createSession, getNormalUrl, getVaultingStatus, inquire, vault } from "../vaulting-requests.ts";

const getId = ({ requestBody }: Exchange): string => String(getField(requestBody, "vaultingRequestId"));
const sendAgain = (client: TargetClient, { operation, requestBody }: Exchange): Promise<Exchange> =>
  client.send({ operation, body: requestBody });

/** Responses that must be equal, byte for byte. */
export interface RepeatedResponses {
  readonly subject: string;
  readonly responses: readonly Exchange[];
}

/** Calls about vaultings whose notifications are not acknowledged. */
export interface InterleavedCalls {
  /**
   * Inquires about each vaulting the first time, and retries each vaultPaymentMethod request the second time. Every time, a second merchant, if
   * there is one, also sends an inquiry.
   */
  readonly callNext: () => Promise<void>;
  /** Repeats all calls. Returns the first and the second response to each call. */
  readonly repeat: () => Promise<readonly RepeatedResponses[]>;
}

export async function createInterleavedCalls(
  client: TargetClient,
  responses: readonly Exchange[],
): Promise<InterleavedCalls> {
  const other = client.target.capabilities?.includes("multiple-merchants")
    ? await client.getOtherMerchant("second merchant")
    : undefined;
  const vaultings = responses.filter(({ operation }) => operation === "vaultPaymentMethod");
  const waiting = [
    () => responses.map((response) => ({ subject: "Inquiry", send: () => inquire(client, getId(response)) })),
    () => vaultings.map((response) => ({ subject: "Retry", send: () => sendAgain(client, response) })),
  ];
  const sent: { readonly subject: string; readonly send: () => Promise<Exchange>; readonly first: Exchange }[] = [];
  return {
    callNext: async () => {
      const calls = waiting.shift()?.() ?? [];
      sent.push(...(await Promise.all(calls.map(async (call) => ({ ...call, first: await call.send() })))));
      if (other) await inquire(other, other.createId());
    },
    repeat: () =>
      Promise.all(sent.map(async ({ subject, send, first }) => ({ subject, responses: [first, await send()] }))),
  };
}

/** A challenge or a session that the buyer abandons. */
export interface AbandonedVaulting {
  readonly kind: "challenge" | "session";
  readonly inbox: Inbox;
  /** Whether the run makes no calls about the vaulting before the vaulting ends. */
  readonly isUnobserved: boolean;
  /** When the vaulting ends, in milliseconds since the Unix epoch, if the response specifies this time. */
  readonly endsAt?: number;
  /** Makes a call about the vaulting, or does nothing if the vaulting is unobserved. The call can be the first one after the vaulting expires. */
  readonly observe: () => Promise<unknown>;
  /** Tries to complete the challenge after it has ended. */
  readonly completeLate?: () => Promise<unknown>;
  readonly getStatus: () => Promise<unknown>;
}

/** Starts 3 challenges: one about which the run makes no calls, one with inquiries, and one whose request is retried. */
async function startAbandonedChallenges(client: TargetClient): Promise<readonly AbandonedVaulting[]> {
  const listener = await client.getListener();
  const observers = [
    undefined,
    (response: Exchange) => inquire(client, getId(response)),
    (response: Exchange) => sendAgain(client, response),
  ];
  return Promise.all(
    observers.map(async (observe, index): Promise<AbandonedVaulting> => {
      const inbox = listener.createInbox();
      const id = client.createId();
      const response = await vault(client, id, { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url });
      const url = getNormalUrl(response);
      // The buyer might still have the form open when the challenge ends.
      const submit = index === 1 && typeof url === "string" ? await openForm(url, PASS_CHALLENGE) : undefined;
      return {
        kind: "challenge",
        inbox,
        isUnobserved: observe === undefined,
        observe: async () => observe?.(response),
        completeLate: async () => submit?.() ?? (typeof url === "string" && submitForm(url, PASS_CHALLENGE)),
        getStatus: async () => getVaultingStatus(await inquire(client, id)),
      };
    }),
  );
}

/** Creates a session about which the run makes no calls. Returns an empty list if the target does not support sessions. */
async function startAbandonedSession(client: TargetClient): Promise<readonly AbandonedVaulting[]> {
  const inbox = (await client.getListener()).createInbox();
  const id = client.createId();
  const session = await createSession(client, id, { vaultingNotificationUrl: inbox.url });
  const getStatus = async () => getVaultingStatus(await inquire(client, id));
  const endsAt = getExpiresAt(session);
  return session.resultStatus === "S"
    ? [{ kind: "session", inbox, isUnobserved: true, endsAt, observe: async () => {}, getStatus }]
    : [];
}

export const startAbandonedVaultings = async (client: TargetClient): Promise<readonly AbandonedVaulting[]> =>
  (await Promise.all([startAbandonedChallenges(client), startAbandonedSession(client)])).flat();

/** How an abandoned challenge or session ended. */
export interface EndedVaulting {
  readonly kind: AbandonedVaulting["kind"];
  readonly inbox: Inbox;
  readonly status: unknown;
  /** The status after the buyer tried to complete the challenge. */
  readonly lateStatus?: unknown;
  /** Whether the notification was sent before an inquiry could trigger it. True if the run cannot determine this. */
  readonly isNotifiedInTime: boolean;
}

/** The time within which a notification that is due must arrive. */
const DUE_MS = 1_000;

/** Returns how an abandoned challenge or session ended. `now` is the time of the target's clock. */
export async function getEndedVaulting(
  { kind, inbox, ...abandoned }: AbandonedVaulting,
  now: number,
): Promise<EndedVaulting> {
  const { isUnobserved, endsAt = 0, completeLate, getStatus } = abandoned;
  const isNotifiedInTime = !isUnobserved || endsAt > now - HOUR_MS || (await inbox.waitFor(1, DUE_MS));
  const status = await getStatus();
  if (status !== "FAIL" || !completeLate) return { kind, inbox, status, isNotifiedInTime };
  // The target may reject the late submission in any way.
  await completeLate().catch(() => {});
  return { kind, inbox, status, lateStatus: await getStatus(), isNotifiedInTime };
}

const HOUR_MS = 3_600_000;

/** Two vaultings. Only the notification about the first one is acknowledged. */
export interface AcknowledgedPair {
  readonly label: string;
  /** Counts the attempts for each of the 2 vaultings. */
  readonly count: () => readonly number[];
}

/** Starts 2 vaultings with the same vaultingNotificationUrl. */
async function startVaultingsWithSharedUrl(client: TargetClient): Promise<AcknowledgedPair> {
  const ids = [client.createId(), client.createId()];
  const inbox = (await client.getListener()).createInbox(({ body }) =>
    getField(body, "vaultingRequestId") === ids[0] ? createAcknowledgement(client.target.clientId) : { status: 503 },
  );
  await Promise.all(ids.map((id) => vault(client, id, { vaultingNotificationUrl: inbox.url })));
  return {
    label: "with the same URL",
    count: () =>
      ids.map((id) => inbox.received.filter(({ body }) => getField(body, "vaultingRequestId") === id).length),
  };
}

/** Starts vaultings of 2 merchants with the same ID. */
async function startVaultingsWithSharedId(client: TargetClient): Promise<AcknowledgedPair> {
  const id = client.createId();
  const other = await client.getOtherMerchant("second merchant");
  const inboxes = [
    (await client.getListener()).createInbox(),
    (await other.getListener()).createInbox(() => ({ status: 503 })),
  ] as const;
  await vault(client, id, { vaultingNotificationUrl: inboxes[0].url });
  await inboxes[0].waitFor(1);
  await vault(other, id, { vaultingNotificationUrl: inboxes[1].url });
  return { label: "of 2 merchants with the same ID", count: () => inboxes.map(({ received }) => received.length) };
}

export const startAcknowledgedPairs = (client: TargetClient): Promise<readonly AcknowledgedPair[]> =>
  Promise.all([
    startVaultingsWithSharedUrl(client),
    ...(client.target.capabilities?.includes("multiple-merchants") ? [startVaultingsWithSharedId(client)] : []),
  ]);
