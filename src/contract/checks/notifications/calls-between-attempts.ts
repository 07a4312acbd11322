/** Calls that are sent while notifications are unacknowledged. They must affect neither the notifications nor the results. @module */

import { getField } from "../../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox } from "../../conversation/notification-listener.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD } from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { getVaultingStatus, inquire, vault } from "../vaulting-requests.ts";

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
  /** The first time, inquires about each vaulting; the second time, retries each vaultPaymentMethod request. Each time, a second merchant, if there is one, sends an inquiry. */
  readonly callNext: () => Promise<void>;
  /** Repeats all calls. */
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

/** A challenge that the buyer does not complete. */
export interface AbandonedChallenge {
  readonly inbox: Inbox;
  /** Sends a call about the challenge, or nothing. The call may be the first one after the challenge expires. */
  readonly observe: () => Promise<unknown>;
  readonly getStatus: () => Promise<unknown>;
}

/** Starts 3 challenges: one without any calls about it, one with inquiries, and one whose request is retried. */
export const startAbandonedChallenges = async (client: TargetClient): Promise<readonly AbandonedChallenge[]> => {
  const listener = await client.getListener();
  const observers = [
    async () => {},
    (response: Exchange) => inquire(client, getId(response)),
    (response: Exchange) => sendAgain(client, response),
  ];
  return Promise.all(
    observers.map(async (observe) => {
      const inbox = listener.createInbox();
      const id = client.createId();
      const response = await vault(client, id, { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url });
      return {
        inbox,
        observe: () => observe(response),
        getStatus: async () => getVaultingStatus(await inquire(client, id)),
      };
    }),
  );
};

/** Starts 2 vaultings with the same vaultingNotificationUrl, and acknowledges only the notification about the first. Returns a function that counts the attempts for each. */
export async function startSharedUrl(client: TargetClient): Promise<() => readonly number[]> {
  const ids = [client.createId(), client.createId()];
  const inbox = (await client.getListener()).createInbox(({ body }) =>
    getField(body, "vaultingRequestId") === ids[0] ? createAcknowledgement(client.target.clientId) : { status: 503 },
  );
  await Promise.all(ids.map((id) => vault(client, id, { vaultingNotificationUrl: inbox.url })));
  return () => ids.map((id) => inbox.received.filter(({ body }) => getField(body, "vaultingRequestId") === id).length);
}
