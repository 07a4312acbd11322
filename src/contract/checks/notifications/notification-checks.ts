/** Checks when notifications are sent, and whether they match the inquiry. */
import { TEST_CARDS } from "../../../cards/test-cards.ts";
import { getField, getResult, toText } from "../../../protocol/json-fields.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, withCard } from "../../document/sample-requests.ts";
import type { Exchange, Notification } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { failNotification, NOTIFICATION_RULES } from "../../rules/notification-rules.ts";
import type { Check, CheckRow } from "../check.ts";
import {
  createSession,
  getCardToken,
  getVaultingStatus,
  hasSameCard,
  inquire,
  requireChallenge,
  requireSuccess,
  vault,
} from "../vaulting-requests.ts";
import {
  expectIndependent,
  expectOneForConcurrent,
  expectOwnMerchant,
  expectSharedUrl,
  expectUnchangedUrls,
  expectUnreachableStored,
} from "./notification-urls.ts";
import {
  getSettledVaultings,
  getVaulting,
  type NotifiedVaulting,
  requireDueNotificationsSent,
  requireNotification,
} from "./notified-vaulting.ts";
import { expectSilent } from "./silent-requests.ts";
import { VAULTING_KINDS, type VaultingKind } from "./vaulting-kinds.ts";

/** Expects a notification, and expects the target to store the final result before it sends the notification. */
function expectDelivered({ kind, notification, response, inquiryBefore, inquiryAfter }: NotifiedVaulting): void {
  const isFinal = (inquiry: Exchange) => getVaultingStatus(inquiry) !== "PROCESSING";
  if (!isFinal(inquiryAfter)) throw new CheckSkipped("The vaulting is not final.");
  if (!notification) fail(response, `No notification about ${kind.label} was received.`);
  if (inquiryBefore && !isFinal(inquiryBefore))
    fail(inquiryBefore, `Notification about ${kind.label} was sent while the inquiry returned PROCESSING.`);
}

export function expectOnce({ inbox, kind }: NotifiedVaulting, circumstance = ""): void {
  const [notification, second] = inbox.received;
  if (notification && second)
    failNotification(
      notification,
      `Acknowledged notification about ${kind.label} was sent ${inbox.received.length} times${circumstance}.`,
    );
}

/** Codes without a specific reason, which match any vaultingResultCode. */
const GENERIC_CODES: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

/** Expects a notification about a failed vaulting to have the code of the inquiry, or a code without a specific reason. */
function expectSameCode(notification: Notification, inquiry: Exchange): void {
  const { resultCode } = getResult(notification.body);
  const expected = getField(inquiry.body, "vaultingResultCode");
  if (expected !== undefined && resultCode !== expected && !GENERIC_CODES.has(resultCode))
    failNotification(
      notification,
      "Notification has a result code that differs from the vaultingResultCode of the inquiry.",
    );
}

function expectMatchesInquiry(vaulting: NotifiedVaulting): void {
  const { inquiryAfter, response, metadata } = vaulting;
  const notification = requireNotification(vaulting);
  const id = getField(response.requestBody, "vaultingRequestId");
  if (getField(notification.body, "vaultingRequestId") !== id)
    failNotification(notification, "Notification has a different vaultingRequestId than the vaulting.");
  const { resultStatus } = getResult(notification.body);
  const status = { S: "SUCCESS", F: "FAIL" }[String(resultStatus)];
  if (status !== getVaultingStatus(inquiryAfter))
    failNotification(
      notification,
      `Notification has a different result than the inquiry, which returns ${toText(getVaultingStatus(inquiryAfter))}.`,
    );
  if (status === "SUCCESS" && !hasSameCard(notification, inquiryAfter))
    failNotification(notification, "Notification has a different paymentMethodDetail than the inquiry.");
  if (response.resultStatus === "S" && getCardToken(response) !== undefined && !hasSameCard(notification, response))
    failNotification(notification, "Notification has a different paymentMethodDetail than the response.");
  if (status === "FAIL") expectSameCode(notification, inquiryAfter);
  if (getCardToken(notification) !== undefined && status !== "SUCCESS")
    failNotification(notification, "Notification about a failed vaulting contains a card token.");
  // In a createVaultingSession request, metadata is an unknown field, which the gateway ignores.
  const expectedMetadata = response.operation === "vaultPaymentMethod" ? metadata : undefined;
  if (getField(notification.body, "metadata") !== expectedMetadata)
    failNotification(notification, "Notification has different metadata than the vaulting.");
}

/** Vaults each test card that is declined without 3-D Secure. Expects each notification to have the code of the inquiry. */
async function expectCodes(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  const cards = TEST_CARDS.filter(({ result, challenge }) => result !== "SUCCESS" && challenge === undefined);
  const sent = await Promise.all(
    cards.map(async ({ number, result }) => {
      const id = client.createId();
      const inbox = listener.createInbox();
      const change = { ...withCard({ cardNo: number, brand: undefined }), vaultingNotificationUrl: inbox.url };
      await vault(client, id, change);
      return { id, result, inbox };
    }),
  );
  await Promise.all(sent.map(({ inbox }) => inbox.waitFor(1)));
  for (const { id, result, inbox } of sent) {
    const [notification] = inbox.received;
    // If the notification does not have the test card's code, the inquiry shows whether the target uses a different code for the card.
    if (notification && getResult(notification.body).resultCode !== result)
      expectSameCode(notification, await inquire(client, id));
  }
}

const createKindRows = (kind: VaultingKind): readonly CheckRow[] => [
  {
    id: `${kind.id}.delivered`,
    title: `stores the result of ${kind.label}, then sends a notification`,
    source: kind.source,
    run: async (client) => expectDelivered(await getVaulting(client, kind)),
  },
  {
    id: `${kind.id}.matches-inquiry`,
    title: `reports the same result in the notification about ${kind.label} as in the inquiry`,
    source: kind.source,
    run: async (client) => expectMatchesInquiry(await getVaulting(client, kind)),
  },
  {
    id: `${kind.id}.once`,
    title: `does not immediately resend an acknowledged notification about ${kind.label}`,
    run: async (client) => {
      const vaulting = await getVaulting(client, kind);
      requireNotification(vaulting);
      await getSettledVaultings(client);
      expectOnce(vaulting);
    },
  },
];

const rows: readonly CheckRow[] = [
  ...VAULTING_KINDS.flatMap(createKindRows),
  {
    id: "failed.codes",
    title: "reports the same result code in the notification about each kind of declined card as in the inquiry",
    run: expectCodes,
  },
  {
    id: "repeated.none",
    title: "sends no second notification when a request is retried after its notification has been acknowledged",
    run: async (client) => {
      const vaultings = await getSettledVaultings(client);
      await Promise.all(
        vaultings.map(({ response: { operation, requestBody } }) => client.send({ operation, body: requestBody })),
      );
      await requireDueNotificationsSent(client);
      for (const vaulting of vaultings) expectOnce(vaulting, " after the request was retried");
    },
  },
  {
    id: "rejected.none",
    title: "sends no notification for rejected requests, inquiries, or requests that reuse an ID",
    run: expectSilent,
  },
  {
    id: "address.redirect-url",
    title: "sends no notification to redirectUrl",
    run: async (client) => {
      for (const { redirected } of await getSettledVaultings(client)) {
        const [notification] = redirected.received;
        if (notification) failNotification(notification, "Notification was sent to redirectUrl.");
      }
    },
  },
  {
    id: "address.query",
    title: "calls vaultingNotificationUrl with its path and query unchanged",
    run: expectUnchangedUrls,
  },
  {
    id: "address.shared",
    title: "sends a notification for each of several vaultings with the same vaultingNotificationUrl",
    run: expectSharedUrl,
  },
  {
    id: "address.independent",
    title: "sends a notification even while the endpoint for a different vaulting does not respond",
    run: expectIndependent,
  },
  {
    id: "address.unreachable",
    title: "stores the result of a vaulting whose vaultingNotificationUrl cannot be reached",
    run: expectUnreachableStored,
  },
  {
    id: "concurrent.once",
    title: "sends one notification about a vaulting that is requested by several concurrent calls",
    run: expectOneForConcurrent,
  },
  {
    id: "address.other-merchant",
    title: "sends each notification to the URL of its merchant, even if 2 merchants use the same ID",
    requires: ["multiple-merchants"],
    run: expectOwnMerchant,
  },
  {
    id: "challenged.not-before",
    title: "sends no notification while the buyer is on the 3-D Secure page",
    run: async (client) => {
      const id = client.createId();
      const inbox = (await client.getListener()).createInbox();
      const change = { ...CHALLENGED_CARD, vaultingNotificationUrl: inbox.url };
      requireChallenge(await vault(client, id, change));
      await requireDueNotificationsSent(client);
      const [notification] = inbox.received;
      if (notification)
        failNotification(notification, "Notification was sent while the buyer was still on the 3-D Secure page.");
    },
  },
  {
    id: "session.not-before",
    title: "sends no notification about a session before the buyer enters a card",
    run: async (client) => {
      const inbox = (await client.getListener()).createInbox();
      requireSuccess(await createSession(client, client.createId(), { vaultingNotificationUrl: inbox.url }));
      await requireDueNotificationsSent(client);
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "Notification was sent before the buyer entered a card.");
    },
  },
  {
    id: "all.delivered",
    title: "sends a notification for every final vaulting in the run",
    after: "everything",
    run: async (client) => {
      const { root } = await client.getListener();
      await getSettledVaultings(client).catch(() => {});
      await requireDueNotificationsSent(client);
      const [missing] = client.record.history.listWithoutNotification(root.url);
      if (missing) fail(missing, "No notification was sent for this vaulting, although it is final.");
    },
  },
  ...NOTIFICATION_RULES.map(
    ({ id, title }): CheckRow => ({
      id: `message.${id}`,
      title,
      after: "everything",
      run: async (client) => {
        await getSettledVaultings(client).catch(() => {});
        if (client.record.notificationCount === 0) throw new CheckSkipped("The target sent no notification.");
        client.record.expectNoViolation("notifyVaulting", id);
      },
    }),
  ),
];

const NOTIFICATION = "/webhooks/notifyVaulting/post";

export const createNotificationChecks = (): readonly Check[] =>
  rows.map(({ id, source = NOTIFICATION, requires = [], ...row }) => ({
    ...row,
    id: `notifyVaulting.${id}`,
    operation: "notifyVaulting",
    source,
    requires: ["state", "notifications", ...requires],
  }));
