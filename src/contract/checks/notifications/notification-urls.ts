/** Checks which URL a notification calls. @module */
import { getField } from "../../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox } from "../../conversation/notification-listener.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { FAILING_CARD } from "../../document/sample-requests.ts";
import { CheckSkipped, ContractFailure } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import { getCardToken, requireSuccess, vault } from "../vaulting-requests.ts";
import { getVaulting, requireNotification } from "./notified-vaulting.ts";
import { SUCCESSFUL_VAULTING } from "./vaulting-kinds.ts";

/** What follows the path of the listener in a vaultingNotificationUrl. */
const URL_SUFFIXES = [
  `?a=2&a=1&empty=&flag&q=x+y%2Bz&next=%2Fa%20b&state=${"x".repeat(1200)}`,
  "/a%2Fb%20c/%E4%BD%A0/",
  "/v;v=1/b:c@d,e?sig=AbC/%2b==&time=12:00",
];

export async function expectUnchangedUrls(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  requireNotification(await getVaulting(client, SUCCESSFUL_VAULTING));
  const sent = await Promise.all(
    URL_SUFFIXES.map(async (suffix) => {
      const inbox = listener.createInbox();
      const vaultingNotificationUrl = inbox.url + suffix;
      requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl }));
      return { inbox, path: vaultingNotificationUrl.slice(new URL(inbox.url).origin.length) };
    }),
  );
  for (const { inbox, path } of sent) {
    if (!(await inbox.waitFor(1)))
      throw new ContractFailure(
        `No notification was sent to the path ${path.slice(0, 100)}, but one was sent to a URL without a query.`,
      );
    const [notification] = inbox.received;
    if (notification && notification.path !== path)
      failNotification(notification, "Notification has a different path or query than vaultingNotificationUrl.");
  }
}

/** Expects one notification about each of several vaultings with the same URL. */
export async function expectSharedUrl(client: TargetClient): Promise<void> {
  const inbox = (await client.getListener()).createInbox();
  const responses = await Promise.all(
    [{}, FAILING_CARD].map((change) =>
      vault(client, client.createId(), { ...change, vaultingNotificationUrl: inbox.url }),
    ),
  );
  await inbox.waitFor(responses.length);
  for (const response of responses) {
    const id = getField(response.requestBody, "vaultingRequestId");
    const own = inbox.received.filter(({ body }) => getField(body, "vaultingRequestId") === id);
    if (own.length !== 1)
      fail(response, `Notification about a vaulting that shares its URL with others was sent ${own.length} times.`);
  }
}

/** How long a notification may take while a different endpoint does not respond. */
const INDEPENDENT_MS = 4_000;

export async function expectIndependent(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const stalled = listener.createInbox(async () => {
    await released;
    return createAcknowledgement(client.target.clientId);
  });
  try {
    requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl: stalled.url }));
    if (!(await stalled.waitFor(1))) throw new CheckSkipped("The target sent no notification.");
    const inbox = listener.createInbox();
    const response = await vault(client, client.createId(), { vaultingNotificationUrl: inbox.url });
    requireSuccess(response);
    if (!(await inbox.waitFor(1, INDEPENDENT_MS)))
      fail(response, "No notification was sent while the endpoint of a different vaulting did not respond.");
  } finally {
    release();
  }
}

/** Expects the notifications of 2 merchants that use the same ID to be sent to their own URLs. */
export async function expectOwnMerchant(client: TargetClient): Promise<void> {
  const id = client.createId();
  const sent: { readonly inbox: Inbox; readonly clientId: string }[] = [];
  for (const merchant of [client, await client.getOtherMerchant("second merchant")]) {
    const inbox = (await merchant.getListener()).createInbox();
    requireSuccess(await vault(merchant, id, { vaultingNotificationUrl: inbox.url }));
    if (!(await inbox.waitFor(1))) throw new CheckSkipped("The target sent no notification.");
    sent.push({ inbox, clientId: merchant.target.clientId });
  }
  const tokens = new Set<unknown>();
  for (const { inbox, clientId } of sent)
    for (const notification of inbox.received) {
      if (notification.headers.get("client-id") !== clientId || notification.signatureError !== undefined)
        failNotification(notification, "Notification is not signed for the merchant whose URL was called.");
      if (tokens.has(getCardToken(notification)) || inbox.received.length > 1)
        failNotification(notification, "Notification about the vaulting of a different merchant was sent.");
      tokens.add(getCardToken(notification));
    }
}
