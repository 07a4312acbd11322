/** Checks when notifications are sent, and that they match the inquiry. */
import { getField, getResult, toText } from "../../protocol/json-fields.ts";
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

/** A vaulting with its notifications and inquiries. */
interface NotifiedVaulting {
  readonly response: Exchange;
  readonly inbox: Inbox;
  /** The first notification, if one was received. */
  readonly notification: Notification | undefined;
  /** Inquiries before and after the notification was acknowledged. */
  readonly inquiryBefore: Exchange | undefined;
  readonly inquiryAfter: Exchange;
  readonly metadata: string;
}

/** Vaults a card, or starts a vaulting with `send`, passes the response to `next`, and waits for the notification. */
async function vaultAndWait(
  client: TargetClient,
  change: RequestBody,
  next: (response: Exchange) => Promise<unknown> | unknown,
  send: typeof vault = vault,
): Promise<NotifiedVaulting> {
  const id = client.createId();
  let inquiry: Promise<Exchange> | undefined;
  const inbox = (await client.getListener()).createInbox(async () => {
    inquiry ??= inquire(client, id);
    await inquiry;
    return createAcknowledgement(client.target.clientId);
  });
  const metadata = JSON.stringify({ order: id });
  const response = await send(client, id, { ...change, vaultingNotificationUrl: inbox.url, metadata });
  await next(response);
  await inbox.waitFor(1);
  // On a busy computer, the notification is received long before the inquiry is complete.
  const inquiryBefore = await inquiry?.catch(() => undefined);
  const inquiryAfter = await inquire(client, id);
  const [notification] = inbox.received;
  return { response, inbox, notification, inquiryBefore, inquiryAfter, metadata };
}

const getSuccessfulVaulting = (client: TargetClient): Promise<NotifiedVaulting> =>
  client.once("successful vaulting", () => vaultAndWait(client, {}, requireSuccess));
const getFailedVaulting = (client: TargetClient): Promise<NotifiedVaulting> =>
  client.once("failed vaulting", () => vaultAndWait(client, FAILING_CARD, requireFailure));
const getChallengedVaulting = (client: TargetClient): Promise<NotifiedVaulting> =>
  client.once("challenged vaulting", () =>
    vaultAndWait(client, CHALLENGED_CARD, async (response) => {
      await submitForm(requireChallenge(response), PASS_CHALLENGE);
    }),
  );
const getSessionVaulting = (client: TargetClient): Promise<NotifiedVaulting> =>
  client.once("vaulting in a session", () => vaultAndWait(client, {}, enterCard, createSession));

function requireNotification({ notification }: NotifiedVaulting): Notification {
  if (!notification) throw new CheckSkipped("The target sent no notification.");
  return notification;
}

function expectDelivered({ notification, response }: NotifiedVaulting, kind: string): void {
  if (!notification)
    fail(response, `No notification about ${kind} was received within ${NOTIFICATION_TIMEOUT_MS / 1000} s.`);
}

async function expectOnce(client: TargetClient, vaulting: NotifiedVaulting): Promise<void> {
  const notification = requireNotification(vaulting);
  // The notification of a second vaulting gives the target time to resend the first.
  await vaultAndWait(client, {}, () => {});
  if (vaulting.inbox.received.length > 1)
    failNotification(notification, `Acknowledged notification was sent ${vaulting.inbox.received.length} times.`);
}

/** Codes without a specific reason, which match any vaultingResultCode. */
const GENERIC_CODES: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

function expectMatchesInquiry(
  { inquiryAfter, response, metadata }: NotifiedVaulting,
  notification: Notification,
): void {
  const id = getField(response.requestBody, "vaultingRequestId");
  if (getField(notification.body, "vaultingRequestId") !== id)
    failNotification(notification, "Notification has a different vaultingRequestId than the vaulting.");
  const { resultStatus, resultCode } = getResult(notification.body);
  const status = { S: "SUCCESS", F: "FAIL" }[String(resultStatus)];
  if (status !== getVaultingStatus(inquiryAfter))
    failNotification(
      notification,
      `Notification has a different result than the inquiry, which returns ${toText(getVaultingStatus(inquiryAfter))}.`,
    );
  if (status === "SUCCESS" && !hasSameCard(notification, inquiryAfter))
    failNotification(notification, "Notification has a different paymentMethodDetail than the inquiry.");
  const expectedCode = getField(inquiryAfter.body, "vaultingResultCode");
  if (status === "FAIL" && expectedCode !== undefined && resultCode !== expectedCode && !GENERIC_CODES.has(resultCode))
    failNotification(notification, "Notification has a different result code than the inquiry's vaultingResultCode.");
  if (getCardToken(notification) !== undefined && status !== "SUCCESS")
    failNotification(notification, "Notification about a failed vaulting contains a card token.");
  // The request of a session has no documented metadata.
  if (response.operation === "vaultPaymentMethod" && getField(notification.body, "metadata") !== metadata)
    failNotification(notification, "Notification does not return the metadata of the vaulting.");
}

const VAULTED = "/components/schemas/VaultingNotificationVaulted";
const FAILED = "/components/schemas/VaultingNotificationFailed";

const rows: readonly CheckRow[] = [
  {
    id: "vaulted.delivered",
    title: "sends a notification about a successful vaulting",
    source: VAULTED,
    run: async (client) => expectDelivered(await getSuccessfulVaulting(client), "a vaulting"),
  },
  {
    id: "vaulted.matches-inquiry",
    title: "sends the same result in the notification about a successful vaulting as in the inquiry",
    source: VAULTED,
    run: async (client) => {
      const vaulting = await getSuccessfulVaulting(client);
      const notification = requireNotification(vaulting);
      if (!hasSameCard(notification, vaulting.response))
        failNotification(notification, "Notification has a different paymentMethodDetail than the response.");
      expectMatchesInquiry(vaulting, notification);
    },
  },
  {
    id: "vaulted.stored",
    title: "stores the result before it sends the notification",
    source: VAULTED,
    run: async (client) => {
      const vaulting = await getSuccessfulVaulting(client);
      requireNotification(vaulting);
      if (vaulting.inquiryBefore && getVaultingStatus(vaulting.inquiryBefore) !== "SUCCESS")
        fail(
          vaulting.inquiryBefore,
          "Notification was sent before the result was stored: the inquiry did not return SUCCESS.",
        );
    },
  },
  {
    id: "vaulted.once",
    title: "does not immediately resend an acknowledged notification",
    run: async (client) => expectOnce(client, await getSuccessfulVaulting(client)),
  },
  {
    id: "repeated.none",
    title: "sends no second notification when a request is retried after its notification was acknowledged",
    run: async (client) => {
      const vaulting = await getSuccessfulVaulting(client);
      const notification = requireNotification(vaulting);
      const { requestBody } = vaulting.response;
      const retry = await client.send({ operation: "vaultPaymentMethod", body: requestBody });
      requireSuccess(retry);
      await vaultAndWait(client, {}, () => {});
      if (vaulting.inbox.received.length > 1)
        failNotification(notification, "Notification was sent again because the request was retried.");
    },
  },
  {
    id: "rejected.none",
    title: "sends no notification for a request that it rejects with PARAM_ILLEGAL",
    run: async (client) => {
      const inbox = (await client.getListener()).createInbox();
      const { env: _, ...invalidBody } = createRequestBody("vaultPaymentMethod", client.createId(), {
        vaultingNotificationUrl: inbox.url,
      });
      await client.send({ operation: "vaultPaymentMethod", body: invalidBody, expect: "rejected" });
      requireNotification(await vaultAndWait(client, {}, requireSuccess));
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "Notification was sent for a rejected request.");
    },
  },
  {
    id: "address.query",
    title: "calls vaultingNotificationUrl with its query unchanged",
    run: async (client) => {
      const inbox = (await client.getListener()).createInbox();
      const vaultingNotificationUrl = `${inbox.url}?merchant=7&next=%2Fa%20b`;
      requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl }));
      requireNotification(await getSuccessfulVaulting(client));
      if (!(await inbox.waitFor(1)))
        throw new ContractFailure(
          "No notification was sent to a URL with a query, but one was sent to a URL without a query.",
        );
      const [notification] = inbox.received;
      if (notification && !vaultingNotificationUrl.endsWith(notification.path))
        failNotification(notification, "Notification has a different path or query than vaultingNotificationUrl.");
    },
  },
  {
    id: "failed.delivered",
    title: "sends a notification about a failed vaulting",
    source: FAILED,
    run: async (client) => expectDelivered(await getFailedVaulting(client), "a failed vaulting"),
  },
  {
    id: "failed.matches-inquiry",
    title: "sends the same result in the notification about a failed vaulting as in the inquiry",
    source: FAILED,
    run: async (client) => {
      const vaulting = await getFailedVaulting(client);
      expectMatchesInquiry(vaulting, requireNotification(vaulting));
    },
  },
  {
    id: "challenged.delivered",
    title: "sends a notification only after the buyer passes 3-D Secure",
    source: VAULTED,
    run: async (client) => {
      const vaulting = await getChallengedVaulting(client);
      expectDelivered(vaulting, "a vaulting with 3-D Secure");
      const notification = requireNotification(vaulting);
      if (vaulting.inquiryBefore && getVaultingStatus(vaulting.inquiryBefore) !== "SUCCESS")
        failNotification(notification, "Notification was sent before the inquiry returned SUCCESS.");
      expectMatchesInquiry(vaulting, notification);
    },
  },
  {
    id: "challenged.not-before",
    title: "sends no notification while the buyer is on the 3-D Secure page",
    run: async (client) => {
      const id = client.createId();
      const inbox = (await client.getListener()).createInbox();
      const change = { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url };
      requireChallenge(await vault(client, id, change));
      requireNotification(await vaultAndWait(client, {}, requireSuccess));
      const [notification] = inbox.received;
      if (notification)
        failNotification(notification, "Notification was sent while the buyer was still on the 3-D Secure page.");
    },
  },
  {
    id: "session.delivered",
    title: "sends a notification about the card that the buyer enters on the session page",
    source: VAULTED,
    run: async (client) => expectDelivered(await getSessionVaulting(client), "the card entered on the session page"),
  },
  {
    id: "session.matches-inquiry",
    title: "sends the same result in the notification about the card of a session as in the inquiry",
    source: VAULTED,
    run: async (client) => {
      const vaulting = await getSessionVaulting(client);
      expectMatchesInquiry(vaulting, requireNotification(vaulting));
    },
  },
  {
    id: "session.once",
    title: "does not immediately resend an acknowledged notification about the card of a session",
    source: VAULTED,
    run: async (client) => expectOnce(client, await getSessionVaulting(client)),
  },
  {
    id: "session.not-before",
    title: "sends no notification about a session before the buyer enters a card",
    run: async (client) => {
      const inbox = (await client.getListener()).createInbox();
      requireSuccess(await createSession(client, client.createId(), { vaultingNotificationUrl: inbox.url }));
      requireNotification(await vaultAndWait(client, {}, requireSuccess));
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "Notification was sent before the buyer entered a card.");
    },
  },
  ...NOTIFICATION_RULES.map(
    ({ id, title }): CheckRow => ({
      id: `message.${id}`,
      title,
      after: "others",
      run: async (client) => {
        await Promise.allSettled([getSuccessfulVaulting(client), getFailedVaulting(client)]);
        if (client.record.notificationCount === 0) throw new CheckSkipped("The target sent no notification.");
        client.record.expectNoViolation("notifyVaulting", id);
      },
    }),
  ),
];

const NOTIFICATION = "/webhooks/notifyVaulting/post";

export const createNotificationChecks = (): readonly Check[] =>
  rows.map(({ id, source = NOTIFICATION, ...row }) => ({
    ...row,
    id: `notifyVaulting.${id}`,
    operation: "notifyVaulting",
    source,
    requires: ["state", "notifications"],
  }));
