/** What a merchant is told of a vaulting, when, and whether it agrees with what else is told. */

import { field, resultOf } from "../../protocol/json-fields.ts";
import { acknowledgement, type Inbox, PATIENCE_MS } from "../conversation/notification-listener.ts";
import { fillIn, PASSES } from "../conversation/simulated-buyer.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { type Body, bodyOf, CHALLENGED, FAILING } from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";
import { failNotification, NOTIFICATION_RULES } from "../rules/notification-rules.ts";
import type { Check, Row } from "./check.ts";
import {
  createSession,
  giveCard,
  inquire,
  needsChallenge,
  needsFailure,
  needsSuccess,
  statusOf,
  tellSame,
  tokenOf,
  vault,
} from "./vaulting-requests.ts";

/** A vaulting, and all that was told of it. */
interface Notified {
  readonly answer: Exchange;
  readonly inbox: Inbox;
  /** What came first, where anything came. */
  readonly notification: Notification | undefined;
  /** What the inquiry said before the notification was acknowledged, and after. */
  readonly before: Exchange | undefined;
  readonly after: Exchange;
  readonly metadata: string;
}

/** Vaults with a listener of the run's own, does what `onward` does, and waits for what comes. */
async function notified(
  conversation: Conversation,
  change: Body,
  onward: (answer: Exchange) => Promise<unknown> | unknown,
): Promise<Notified> {
  const id = conversation.freshId();
  let before: Exchange | undefined;
  const inbox = (await conversation.listener()).inbox(async () => {
    before ??= await inquire(conversation, id);
    return acknowledgement(conversation.target.clientId);
  });
  const metadata = JSON.stringify({ order: id });
  const answer = await vault(conversation, id, { ...change, vaultingNotificationUrl: inbox.url, metadata });
  await onward(answer);
  await inbox.until(1);
  const after = await inquire(conversation, id);
  const [notification] = inbox.received;
  return { answer, inbox, notification, before, after, metadata };
}

const straight = (conversation: Conversation): Promise<Notified> =>
  conversation.once("notified straight", () => notified(conversation, {}, needsSuccess));
const failed = (conversation: Conversation): Promise<Notified> =>
  conversation.once("notified of a failure", () => notified(conversation, FAILING, needsFailure));
const challenged = (conversation: Conversation): Promise<Notified> =>
  conversation.once("notified of a challenge", () =>
    notified(conversation, CHALLENGED, async (answer) => {
      await fillIn(needsChallenge(answer), PASSES);
    }),
  );

function needsNotification({ notification }: Notified): Notification {
  if (!notification) throw new NotApplicable("No notification came.");
  return notification;
}

function expectCame({ notification, answer }: Notified, what: string): void {
  if (!notification) fail(answer, `No notification of ${what} came within ${PATIENCE_MS / 1000} s.`);
}

/** Codes that name no reason: where an inquiry tells one, these do not contradict it. */
const GENERAL: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** The notification's result is the inquiry's. */
function expectAgreement({ after, answer, metadata }: Notified, notification: Notification): void {
  const id = field(answer.body, "vaultingRequestId");
  if (field(notification.body, "vaultingRequestId") !== id)
    failNotification(notification, "The notification's vaultingRequestId is not the vaulting's.");
  const { resultStatus, resultCode } = resultOf(notification.body);
  const told = { S: "SUCCESS", F: "FAIL" }[String(resultStatus)];
  if (told !== statusOf(after))
    failNotification(
      notification,
      `The notification tells another result than the inquiry, ${String(statusOf(after))}.`,
    );
  if (told === "SUCCESS" && !tellSame(notification, after))
    failNotification(notification, "The notification tells another paymentMethodDetail than the inquiry.");
  const known = field(after.body, "vaultingResultCode");
  if (told === "FAIL" && known !== undefined && resultCode !== known && !GENERAL.has(resultCode))
    failNotification(notification, "The notification tells another reason than the inquiry's vaultingResultCode.");
  if (tokenOf(notification) !== undefined && told !== "SUCCESS")
    failNotification(notification, "The notification of a failure carries a card token.");
  if (field(notification.body, "metadata") !== metadata)
    failNotification(notification, "The notification's metadata are not those of the vaulting.");
}

const VAULTED = "/components/schemas/VaultingNotificationVaulted";
const FAILED = "/components/schemas/VaultingNotificationFailed";

const rows: readonly Row[] = [
  {
    id: "vaulted.comes",
    title: "the merchant is notified of a vaulting",
    source: VAULTED,
    run: async (conversation) => expectCame(await straight(conversation), "a vaulting"),
  },
  {
    id: "vaulted.agrees",
    title: "the notification of a vaulting tells what the inquiry tells",
    source: VAULTED,
    run: async (conversation) => {
      const told = await straight(conversation);
      const notification = needsNotification(told);
      if (!tellSame(notification, told.answer))
        failNotification(notification, "The notification tells another paymentMethodDetail than the answer.");
      expectAgreement(told, notification);
    },
  },
  {
    id: "vaulted.stored",
    title: "what is notified is stored: an inquiry at that moment tells it",
    source: VAULTED,
    run: async (conversation) => {
      const told = await straight(conversation);
      needsNotification(told);
      if (told.before && statusOf(told.before) !== "SUCCESS")
        fail(told.before, "The notification came before the result was stored: the inquiry did not say SUCCESS.");
    },
  },
  {
    id: "vaulted.once",
    title: "an acknowledged notification does not come again at once",
    run: async (conversation) => {
      const told = await straight(conversation);
      const notification = needsNotification(told);
      // Time enough for another vaulting's to come.
      await notified(conversation, {}, () => {});
      if (told.inbox.received.length > 1)
        failNotification(notification, `The acknowledged notification came ${told.inbox.received.length} times.`);
    },
  },
  {
    id: "repeated.none",
    title: "a repetition of what is final and acknowledged is not notified again",
    run: async (conversation) => {
      const told = await straight(conversation);
      const notification = needsNotification(told);
      const { asked } = told.answer;
      const again = await conversation.send({ operation: "vaultPaymentMethod", body: asked });
      needsSuccess(again);
      await notified(conversation, {}, () => {});
      if (told.inbox.received.length > 1)
        failNotification(notification, "The merchant is notified again because the same ID was sent again.");
    },
  },
  {
    id: "refused.none",
    title: "a request that is refused with PARAM_ILLEGAL is not notified",
    run: async (conversation) => {
      const inbox = (await conversation.listener()).inbox();
      const { env: _, ...without } = bodyOf("vaultPaymentMethod", conversation.freshId(), {
        vaultingNotificationUrl: inbox.url,
      });
      await conversation.send({ operation: "vaultPaymentMethod", body: without, expect: "refused" });
      needsNotification(await notified(conversation, {}, needsSuccess));
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "The merchant is notified of a request that was refused.");
    },
  },
  {
    id: "address.query",
    title: "an address with a query is called as it was given, and the signature covers its path",
    run: async (conversation) => {
      const inbox = (await conversation.listener()).inbox();
      const vaultingNotificationUrl = `${inbox.url}?merchant=7&next=%2Fa%20b`;
      needsSuccess(await vault(conversation, conversation.freshId(), { vaultingNotificationUrl }));
      needsNotification(await straight(conversation));
      if (!(await inbox.until(1)))
        throw new ContractFailure(
          "No notification came to an address with a query, and one came to an address without.",
        );
      const [notification] = inbox.received;
      if (notification && !vaultingNotificationUrl.endsWith(notification.path))
        failNotification(notification, "The notification is sent to another path or query than was given.");
    },
  },
  {
    id: "failed.comes",
    title: "the merchant is notified of a vaulting that failed",
    source: FAILED,
    run: async (conversation) => expectCame(await failed(conversation), "a vaulting that failed"),
  },
  {
    id: "failed.agrees",
    title: "the notification of a failure tells what the inquiry tells",
    source: FAILED,
    run: async (conversation) => {
      const told = await failed(conversation);
      expectAgreement(told, needsNotification(told));
    },
  },
  {
    id: "challenged.comes",
    title: "the merchant is notified once the buyer has passed 3-D Secure, and not before",
    source: VAULTED,
    run: async (conversation) => {
      const told = await challenged(conversation);
      expectCame(told, "a vaulting with 3-D Secure");
      const notification = needsNotification(told);
      if (told.before && statusOf(told.before) !== "SUCCESS")
        failNotification(notification, "The notification came while the inquiry did not say SUCCESS.");
      expectAgreement(told, notification);
    },
  },
  {
    id: "challenged.not-before",
    title: "the merchant is not notified while the buyer is on the page",
    run: async (conversation) => {
      const id = conversation.freshId();
      const inbox = (await conversation.listener()).inbox();
      const change = { ...CHALLENGED, vaultingNotificationUrl: inbox.url };
      needsChallenge(await vault(conversation, id, change));
      const other = await notified(conversation, {}, needsSuccess);
      needsNotification(other);
      const [notification] = inbox.received;
      if (notification)
        failNotification(notification, "The merchant is notified while the buyer is still on the page.");
    },
  },
  {
    id: "session.comes",
    title: "the merchant is notified of the card that a buyer gave on a session's page",
    source: VAULTED,
    run: async (conversation) => {
      const id = conversation.freshId();
      const inbox = (await conversation.listener()).inbox();
      const session = await createSession(conversation, id, { vaultingNotificationUrl: inbox.url });
      await giveCard(session);
      if (!(await inbox.until(1)))
        fail(session, `No notification of the card on the session's page came within ${PATIENCE_MS / 1000} s.`);
      const [notification] = inbox.received;
      const inquiry = await inquire(conversation, id);
      if (notification && !tellSame(notification, inquiry))
        failNotification(notification, "The notification tells another paymentMethodDetail than the inquiry.");
    },
  },
  ...NOTIFICATION_RULES.map(
    ({ id, title }): Row => ({
      id: `message.${id}`,
      title,
      after: "others",
      run: async (conversation) => {
        await straight(conversation).catch(() => {});
        if (conversation.ledger.notifications === 0) throw new NotApplicable("No notification came.");
        conversation.ledger.expectNeverBroken("notifyVaulting", id);
      },
    }),
  ),
];

const NOTIFICATION = "/webhooks/notifyVaulting/post";

export const notificationChecks = (): readonly Check[] =>
  rows.map(({ id, source = NOTIFICATION, ...row }) => ({
    ...row,
    id: `notifyVaulting.${id}`,
    operation: "notifyVaulting",
    source,
    needs: ["state", "notifies"],
  }));
