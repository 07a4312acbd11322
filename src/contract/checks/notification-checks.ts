/** What a merchant is told of a vaulting, when, and whether it agrees with what else is told. */

import { getField, getResult } from "../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox, NOTIFICATION_TIMEOUT_MS } from "../conversation/notification-listener.ts";
import { PASS_CHALLENGE, submitForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD, createRequestBody, FAILING_CARD, type RequestBody } from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";
import { failNotification, NOTIFICATION_RULES } from "../rules/notification-rules.ts";
import type { Check, CheckRow } from "./check.ts";
import {
  createSession,
  enterCard,
  getCardToken,
  getVaultingStatus,
  hasSameCard,
  inquire,
  requireChallenge,
  requireFailure,
  requireSuccess,
  vault,
} from "./vaulting-requests.ts";

/** A vaulting, and all that was told of it. */
interface NotifiedVaulting {
  readonly response: Exchange;
  readonly inbox: Inbox;
  /** What came first, where anything came. */
  readonly notification: Notification | undefined;
  /** What the inquiry said before the notification was acknowledged, and after. */
  readonly inquiryBefore: Exchange | undefined;
  readonly inquiryAfter: Exchange;
  readonly metadata: string;
}

/** Vaults with a listener of the run's own, does what `onward` does, and waits for what comes. */
async function vaultAndWait(
  conversation: TargetClient,
  change: RequestBody,
  onward: (answer: Exchange) => Promise<unknown> | unknown,
): Promise<NotifiedVaulting> {
  const id = conversation.createId();
  let before: Exchange | undefined;
  const inbox = (await conversation.getListener()).createInbox(async () => {
    before ??= await inquire(conversation, id);
    return createAcknowledgement(conversation.target.clientId);
  });
  const metadata = JSON.stringify({ order: id });
  const answer = await vault(conversation, id, { ...change, vaultingNotificationUrl: inbox.url, metadata });
  await onward(answer);
  await inbox.waitFor(1);
  const after = await inquire(conversation, id);
  const [notification] = inbox.received;
  return { response: answer, inbox, notification, inquiryBefore: before, inquiryAfter: after, metadata };
}

const getVaulted = (conversation: TargetClient): Promise<NotifiedVaulting> =>
  conversation.once("notified straight", () => vaultAndWait(conversation, {}, requireSuccess));
const getFailed = (conversation: TargetClient): Promise<NotifiedVaulting> =>
  conversation.once("notified of a failure", () => vaultAndWait(conversation, FAILING_CARD, requireFailure));
const getChallenged = (conversation: TargetClient): Promise<NotifiedVaulting> =>
  conversation.once("notified of a challenge", () =>
    vaultAndWait(conversation, CHALLENGED_CARD, async (answer) => {
      await submitForm(requireChallenge(answer), PASS_CHALLENGE);
    }),
  );

function requireNotification({ notification }: NotifiedVaulting): Notification {
  if (!notification) throw new CheckSkipped("No notification came.");
  return notification;
}

function expectDelivered({ notification, response }: NotifiedVaulting, what: string): void {
  if (!notification) fail(response, `No notification of ${what} came within ${NOTIFICATION_TIMEOUT_MS / 1000} s.`);
}

/** Codes that name no reason: where an inquiry tells one, these do not contradict it. */
const GENERIC_CODES: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** The notification's result is the inquiry's. */
function expectMatchesInquiry(
  { inquiryAfter, response, metadata }: NotifiedVaulting,
  notification: Notification,
): void {
  const id = getField(response.body, "vaultingRequestId");
  if (getField(notification.body, "vaultingRequestId") !== id)
    failNotification(notification, "The notification's vaultingRequestId is not the vaulting's.");
  const { resultStatus, resultCode } = getResult(notification.body);
  const told = { S: "SUCCESS", F: "FAIL" }[String(resultStatus)];
  if (told !== getVaultingStatus(inquiryAfter))
    failNotification(
      notification,
      `The notification tells another result than the inquiry, ${String(getVaultingStatus(inquiryAfter))}.`,
    );
  if (told === "SUCCESS" && !hasSameCard(notification, inquiryAfter))
    failNotification(notification, "The notification tells another paymentMethodDetail than the inquiry.");
  const known = getField(inquiryAfter.body, "vaultingResultCode");
  if (told === "FAIL" && known !== undefined && resultCode !== known && !GENERIC_CODES.has(resultCode))
    failNotification(notification, "The notification tells another reason than the inquiry's vaultingResultCode.");
  if (getCardToken(notification) !== undefined && told !== "SUCCESS")
    failNotification(notification, "The notification of a failure carries a card token.");
  if (getField(notification.body, "metadata") !== metadata)
    failNotification(notification, "The notification's metadata are not those of the vaulting.");
}

const VAULTED = "/components/schemas/VaultingNotificationVaulted";
const FAILED = "/components/schemas/VaultingNotificationFailed";

const rows: readonly CheckRow[] = [
  {
    id: "vaulted.delivered",
    title: "the merchant is notified of a vaulting",
    source: VAULTED,
    run: async (conversation) => expectDelivered(await getVaulted(conversation), "a vaulting"),
  },
  {
    id: "vaulted.matches-inquiry",
    title: "the notification of a vaulting tells what the inquiry tells",
    source: VAULTED,
    run: async (conversation) => {
      const told = await getVaulted(conversation);
      const notification = requireNotification(told);
      if (!hasSameCard(notification, told.response))
        failNotification(notification, "The notification tells another paymentMethodDetail than the answer.");
      expectMatchesInquiry(told, notification);
    },
  },
  {
    id: "vaulted.stored",
    title: "what is notified is stored: an inquiry at that moment tells it",
    source: VAULTED,
    run: async (conversation) => {
      const told = await getVaulted(conversation);
      requireNotification(told);
      if (told.inquiryBefore && getVaultingStatus(told.inquiryBefore) !== "SUCCESS")
        fail(
          told.inquiryBefore,
          "The notification came before the result was stored: the inquiry did not say SUCCESS.",
        );
    },
  },
  {
    id: "vaulted.once",
    title: "an acknowledged notification does not come again at once",
    run: async (conversation) => {
      const told = await getVaulted(conversation);
      const notification = requireNotification(told);
      // Time enough for another vaulting's to come.
      await vaultAndWait(conversation, {}, () => {});
      if (told.inbox.received.length > 1)
        failNotification(notification, `The acknowledged notification came ${told.inbox.received.length} times.`);
    },
  },
  {
    id: "repeated.none",
    title: "a repetition of what is final and acknowledged is not notified again",
    run: async (conversation) => {
      const told = await getVaulted(conversation);
      const notification = requireNotification(told);
      const { requestBody } = told.response;
      const again = await conversation.send({ operation: "vaultPaymentMethod", body: requestBody });
      requireSuccess(again);
      await vaultAndWait(conversation, {}, () => {});
      if (told.inbox.received.length > 1)
        failNotification(notification, "The merchant is notified again because the same ID was sent again.");
    },
  },
  {
    id: "rejected.none",
    title: "a request that is refused with PARAM_ILLEGAL is not notified",
    run: async (conversation) => {
      const inbox = (await conversation.getListener()).createInbox();
      const { env: _, ...without } = createRequestBody("vaultPaymentMethod", conversation.createId(), {
        vaultingNotificationUrl: inbox.url,
      });
      await conversation.send({ operation: "vaultPaymentMethod", body: without, expect: "rejected" });
      requireNotification(await vaultAndWait(conversation, {}, requireSuccess));
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "The merchant is notified of a request that was refused.");
    },
  },
  {
    id: "address.query",
    title: "an address with a query is called as it was given, and the signature covers its path",
    run: async (conversation) => {
      const inbox = (await conversation.getListener()).createInbox();
      const vaultingNotificationUrl = `${inbox.url}?merchant=7&next=%2Fa%20b`;
      requireSuccess(await vault(conversation, conversation.createId(), { vaultingNotificationUrl }));
      requireNotification(await getVaulted(conversation));
      if (!(await inbox.waitFor(1)))
        throw new ContractFailure(
          "No notification came to an address with a query, and one came to an address without.",
        );
      const [notification] = inbox.received;
      if (notification && !vaultingNotificationUrl.endsWith(notification.path))
        failNotification(notification, "The notification is sent to another path or query than was given.");
    },
  },
  {
    id: "failed.delivered",
    title: "the merchant is notified of a vaulting that failed",
    source: FAILED,
    run: async (conversation) => expectDelivered(await getFailed(conversation), "a vaulting that failed"),
  },
  {
    id: "failed.matches-inquiry",
    title: "the notification of a failure tells what the inquiry tells",
    source: FAILED,
    run: async (conversation) => {
      const told = await getFailed(conversation);
      expectMatchesInquiry(told, requireNotification(told));
    },
  },
  {
    id: "challenged.delivered",
    title: "the merchant is notified once the buyer has passed 3-D Secure, and not before",
    source: VAULTED,
    run: async (conversation) => {
      const told = await getChallenged(conversation);
      expectDelivered(told, "a vaulting with 3-D Secure");
      const notification = requireNotification(told);
      if (told.inquiryBefore && getVaultingStatus(told.inquiryBefore) !== "SUCCESS")
        failNotification(notification, "The notification came while the inquiry did not say SUCCESS.");
      expectMatchesInquiry(told, notification);
    },
  },
  {
    id: "challenged.not-before",
    title: "the merchant is not notified while the buyer is on the page",
    run: async (conversation) => {
      const id = conversation.createId();
      const inbox = (await conversation.getListener()).createInbox();
      const change = { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url };
      requireChallenge(await vault(conversation, id, change));
      const other = await vaultAndWait(conversation, {}, requireSuccess);
      requireNotification(other);
      const [notification] = inbox.received;
      if (notification)
        failNotification(notification, "The merchant is notified while the buyer is still on the page.");
    },
  },
  {
    id: "session.delivered",
    title: "the merchant is notified of the card that a buyer gave on a session's page",
    source: VAULTED,
    run: async (conversation) => {
      const id = conversation.createId();
      const inbox = (await conversation.getListener()).createInbox();
      const session = await createSession(conversation, id, { vaultingNotificationUrl: inbox.url });
      await enterCard(session);
      if (!(await inbox.waitFor(1)))
        fail(
          session,
          `No notification of the card on the session's page came within ${NOTIFICATION_TIMEOUT_MS / 1000} s.`,
        );
      const [notification] = inbox.received;
      const inquiry = await inquire(conversation, id);
      if (notification && !hasSameCard(notification, inquiry))
        failNotification(notification, "The notification tells another paymentMethodDetail than the inquiry.");
    },
  },
  ...NOTIFICATION_RULES.map(
    ({ id, title }): CheckRow => ({
      id: `message.${id}`,
      title,
      after: "others",
      run: async (conversation) => {
        await getVaulted(conversation).catch(() => {});
        if (conversation.record.notificationCount === 0) throw new CheckSkipped("No notification came.");
        conversation.record.expectNoViolation("notifyVaulting", id);
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
    requires: ["state", "notifications"],
  }));
