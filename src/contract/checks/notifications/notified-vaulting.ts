/** Starts a vaulting of each kind, and collects its notifications. @module */
import { createAcknowledgement, type Inbox } from "../../conversation/notification-listener.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import type { Exchange, Notification } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { inquire, requireSuccess, vault } from "../vaulting-requests.ts";
import { VAULTING_KINDS, type VaultingKind } from "./vaulting-kinds.ts";

/** A vaulting with its notifications and inquiries. */
export interface NotifiedVaulting {
  readonly kind: VaultingKind;
  readonly response: Exchange;
  readonly inbox: Inbox;
  /** The inbox of the redirectUrl, which must stay empty. */
  readonly redirected: Inbox;
  /** The first notification, if one was received. */
  readonly notification: Notification | undefined;
  /** Inquiries before and after the notification was acknowledged. */
  readonly inquiryBefore: Exchange | undefined;
  readonly inquiryAfter: Exchange;
  readonly metadata: string;
}

/** Starts a vaulting and waits for its notification. */
async function vaultAndWait(client: TargetClient, kind: VaultingKind): Promise<NotifiedVaulting> {
  const id = client.createId();
  let inquiry: Promise<Exchange> | undefined;
  const listener = await client.getListener();
  const redirected = listener.createInbox();
  const inbox = listener.createInbox(async () => {
    inquiry ??= inquire(client, id);
    await inquiry;
    return createAcknowledgement(client.target.clientId);
  });
  const metadata = JSON.stringify({ order: id });
  const response = await kind.start(client, id, {
    vaultingNotificationUrl: inbox.url,
    redirectUrl: redirected.url,
    metadata,
  });
  await inbox.waitFor(1);
  // On a busy computer, the notification can be received long before the inquiry is complete.
  const inquiryBefore = await inquiry?.catch(() => undefined);
  const inquiryAfter = await inquire(client, id);
  const [notification] = inbox.received;
  return { kind, response, inbox, redirected, notification, inquiryBefore, inquiryAfter, metadata };
}

export const getVaulting = (client: TargetClient, kind: VaultingKind): Promise<NotifiedVaulting> =>
  client.once(`notified vaulting ${kind.id}`, () => vaultAndWait(client, kind));

export function requireNotification({ notification }: NotifiedVaulting): Notification {
  if (!notification) throw new CheckSkipped("The target sent no notification.");
  return notification;
}

/**
 * Starts a new vaulting and waits for its notification. By then, all notifications that were due earlier have been sent. Returns whether the
 * notification was received.
 */
export async function waitForDueNotifications(client: TargetClient): Promise<boolean> {
  const inbox = (await client.getListener()).createInbox();
  requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl: inbox.url }));
  return inbox.waitFor(1);
}

export async function requireDueNotificationsSent(client: TargetClient): Promise<void> {
  if (!(await waitForDueNotifications(client))) throw new CheckSkipped("The target sent no notification.");
}

/** Returns the notified vaultings of all kinds after the target has had time to send more notifications. */
export const getSettledVaultings = (client: TargetClient): Promise<readonly NotifiedVaulting[]> =>
  client.once("settled vaultings", async () => {
    const results = await Promise.allSettled(VAULTING_KINDS.map((kind) => getVaulting(client, kind)));
    await requireDueNotificationsSent(client);
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  });
