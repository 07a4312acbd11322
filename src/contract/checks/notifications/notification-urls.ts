/** Checks the URLs to which notifications are sent: unusual, shared, and unreachable URLs, and those of concurrent calls and 2 merchants. @module */
import { getField } from "../../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox } from "../../conversation/notification-listener.ts";
import { PASS_CHALLENGE, submitForm } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, createRequestBody, FAILING_CARD, type RequestBody } from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import { getCardToken, getNormalUrl, getVaultingStatus, inquire, requireSuccess, vault } from "../vaulting-requests.ts";
import { getVaulting, requireDueNotificationsSent, requireNotification } from "./notified-vaulting.ts";
import { SUCCESSFUL_VAULTING } from "./vaulting-kinds.ts";

/** Suffixes of the listener's origin, for a vaultingNotificationUrl without a path. */
const ROOT_SUFFIXES = ["", "?order=7&next=%2Fa", "/?order=8"];
/** Suffixes of an inbox's URL, for a vaultingNotificationUrl with a long or unusual path or query. */
const URL_SUFFIXES = [
  `?a=2&a=1&empty=&flag&q=x+y%2Bz&next=%2Fa%20b&state=${"x".repeat(1200)}`,
  "/a%2Fb%20c/%E4%BD%A0/",
  "/v;v=1/b:c@d,e?sig=AbC/%2b==&time=12:00",
];

export async function expectUnchangedUrls(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  requireNotification(await getVaulting(client, SUCCESSFUL_VAULTING));
  const urls = [
    ...URL_SUFFIXES.map((suffix) => ({ inbox: listener.createInbox(), suffix })),
    ...ROOT_SUFFIXES.map((suffix) => ({ inbox: listener.root, suffix })),
  ];
  const sent = await Promise.all(
    urls.map(async ({ inbox, suffix }) => {
      const vaultingNotificationUrl = inbox.url + suffix;
      const id = client.createId();
      requireSuccess(await vault(client, id, { vaultingNotificationUrl }));
      const path = vaultingNotificationUrl.slice(new URL(inbox.url).origin.length);
      return { inbox, id, path: path.startsWith("/") ? path : `/${path}` };
    }),
  );
  for (const { inbox, id, path } of sent) {
    await inbox.waitFor(inbox === listener.root ? ROOT_SUFFIXES.length : 1);
    const notification = inbox.received.find(({ body }) => getField(body, "vaultingRequestId") === id);
    if (!notification)
      throw new ContractFailure(
        `No notification was sent to the path ${path.slice(0, 100)}, but one was sent to a URL without a query.`,
      );
    if (notification.path !== path)
      failNotification(notification, "Notification has a different path or query than vaultingNotificationUrl.");
    if (notification.signatureError !== undefined)
      failNotification(notification, `Notification signature is invalid: ${notification.signatureError}`);
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
      fail(
        response,
        `Notification about a vaulting that shares its URL with others was sent ${own.length} times, expected 1.`,
      );
  }
}

/** Expects the target to store the results of vaultings whose vaultingNotificationUrl cannot be reached. */
export async function expectUnreachableStored(client: TargetClient): Promise<void> {
  const vaultings = await Promise.all(
    [{}, FAILING_CARD].map(async (card) => {
      const id = client.createId();
      // No program listens on this port.
      const response = await vault(client, id, { ...card, vaultingNotificationUrl: "http://127.0.0.1:1/notify" });
      return { id, response };
    }),
  );
  // After this call, the target has tried to send the notifications.
  await requireDueNotificationsSent(client);
  for (const { id, response } of vaultings) {
    const inquiry = await inquire(client, id);
    const expected = { S: "SUCCESS", F: "FAIL" }[response.resultStatus ?? ""];
    if (expected !== undefined && getVaultingStatus(inquiry) !== expected)
      fail(
        inquiry,
        `Inquiry about a vaulting whose vaultingNotificationUrl cannot be reached does not return ${expected}.`,
      );
  }
}

/** Expects one notification about a vaulting that several calls request at the same time, even if the connection of one call is closed early. */
export async function expectOneForConcurrent(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  const requests = [{}, FAILING_CARD].map((card) => {
    const inbox = listener.createInbox();
    const change = { ...card, vaultingNotificationUrl: inbox.url };
    return { inbox, body: createRequestBody("vaultPaymentMethod", client.createId(), change) };
  });
  await Promise.all(
    requests.map(async ({ body }) => {
      const request = { operation: "vaultPaymentMethod", body } as const;
      await Promise.all([client.sendAndDisconnect(request), ...[1, 2, 3, 4].map(() => client.send(request))]);
      await client.send(request);
    }),
  );
  for (const { inbox } of requests)
    if (!(await inbox.waitFor(1))) throw new CheckSkipped("The target sent no notification.");
  await requireDueNotificationsSent(client);
  for (const { inbox } of requests) {
    const [, second] = inbox.received;
    if (second)
      failNotification(
        second,
        `Notification about a vaulting that was requested by concurrent calls was sent ${inbox.received.length} times, expected 1.`,
      );
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
      fail(response, "No notification was sent while the endpoint for a different vaulting did not respond.");
  } finally {
    release();
  }
}

/** Vaults a card for each merchant under the same ID. If 3-D Secure is required, the buyers pass it after both requests. */
async function vaultForMerchants(client: TargetClient, card: RequestBody) {
  const id = client.createId();
  const sent: { readonly inbox: Inbox; readonly clientId: string; readonly response: Exchange }[] = [];
  for (const merchant of [client, await client.getOtherMerchant("second merchant")]) {
    const inbox = (await merchant.getListener()).createInbox();
    const response = await vault(merchant, id, { ...card, vaultingNotificationUrl: inbox.url });
    sent.push({ inbox, clientId: merchant.target.clientId, response });
  }
  for (const { inbox, response } of sent) {
    const url = getNormalUrl(response);
    if (typeof url === "string") await submitForm(url, PASS_CHALLENGE);
    else requireSuccess(response);
    if (!(await inbox.waitFor(1))) throw new CheckSkipped("The target sent no notification.");
  }
  return sent;
}

/** Expects 2 merchants that use the same vaultingRequestId to receive only the notifications about their own vaultings. */
export async function expectOwnMerchant(client: TargetClient): Promise<void> {
  const sent = [...(await vaultForMerchants(client, {})), ...(await vaultForMerchants(client, CHALLENGED_CARD))];
  const tokens = new Set<unknown>();
  for (const { inbox, clientId } of sent)
    for (const notification of inbox.received) {
      if (notification.headers.get("client-id") !== clientId || notification.signatureError !== undefined)
        failNotification(notification, "Notification is not signed for the merchant whose URL was called.");
      const token = getCardToken(notification);
      if (tokens.has(token) || inbox.received.length > 1)
        failNotification(notification, "Notification was sent to the URL of a different merchant, or more than once.");
      // A notification about a failed vaulting contains no card token.
      if (token !== undefined) tokens.add(token);
    }
}
