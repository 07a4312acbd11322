/** Checks when notifications are sent, and that they match the inquiry. */
import { TEST_CARDS as ALL_TEST_CARDS, type ChallengeScript } from "../../cards/test-cards.ts";
import { getField, getResult, toText } from "../../protocol/json-fields.ts";
import { createAcknowledgement, type Inbox } from "../conversation/notification-listener.ts";
import { CANCEL_CHALLENGE, PASS_CHALLENGE, submitForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import {
  CHALLENGED_CARD,
  createRequestBody,
  FAILING_CARD,
  type RequestBody,
  TEST_CARDS,
  withCard,
} from "../document/sample-requests.ts";
import type { Exchange, Notification } from "../model/exchange.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import { fail } from "../rules/fail.ts";
import { failNotification, NOTIFICATION_RULES } from "../rules/notification-rules.ts";
import type { Check, CheckRow } from "./check.ts";
import {
  createSession,
  enterCard,
  getCardToken,
  getNormalUrl,
  getVaultingStatus,
  hasSameCard,
  inquire,
  requireChallenge,
  requireFailure,
  requireSuccess,
  reuseVaultingId,
  vault,
} from "./vaulting-requests.ts";

const VAULTED = "/components/schemas/VaultingNotificationVaulted";
const FAILED = "/components/schemas/VaultingNotificationFailed";

/** A way in which a vaulting becomes final. */
export interface VaultingKind {
  readonly id: string;
  /** Completes "a notification about …". */
  readonly label: string;
  readonly source: string;
  /** Sends the request, and does what the buyer does. Returns the response. */
  readonly start: (client: TargetClient, id: string, change: RequestBody) => Promise<Exchange>;
}

/** Vaults a card whose brand and country differ from what the request states. */
const startWithCard =
  (card: RequestBody, next: (response: Exchange) => unknown): VaultingKind["start"] =>
  async (client, id, change) => {
    const stated = { brand: "MASTERCARD", billingAddress: { region: "DE" } };
    const response = await vault(client, id, { ...withCard({ ...stated, ...card }), ...change });
    await next(response);
    return response;
  };
const startInSession =
  (cardNo: string, next: (inquiry: () => Promise<Exchange>) => unknown = () => {}): VaultingKind["start"] =>
  async (client, id, change) => {
    const session = await createSession(client, id, change);
    await enterCard(session, cardNo);
    await next(() => inquire(client, id));
    return session;
  };
const submitChallenge =
  (form: typeof PASS_CHALLENGE, times = 1) =>
  async (response: Exchange) => {
    const url = requireChallenge(response);
    await submitForm(url, form);
    // The challenge may end before the buyer submits the form that often.
    for (let count = 1; count < times; count++) await submitForm(url, form).catch(() => {});
  };
const getChallengedCard = (script: ChallengeScript): string =>
  ALL_TEST_CARDS.find(({ challenge }) => challenge === script)?.number ?? "";
const WRONG_CODE = { code: "000000", action: "code" };
/** The number of wrong codes that a buyer enters. If the target allows more, the checks are skipped. */
const TRIES = 3;

/** A card from Brazil, because a request states a different country. */
const CHALLENGED = { cardNo: "4294097400915107", is3DSAuthentication: true };
const SUCCESSFUL_VAULTING: VaultingKind = {
  id: "vaulted",
  label: "a successful vaulting",
  source: VAULTED,
  start: startWithCard({ cardNo: TEST_CARDS.visa }, requireSuccess),
};
export const VAULTING_KINDS: readonly VaultingKind[] = [
  SUCCESSFUL_VAULTING,
  {
    id: "failed",
    label: "a failed vaulting",
    source: FAILED,
    start: startWithCard({ cardNo: TEST_CARDS.declined }, requireFailure),
  },
  {
    id: "challenged",
    label: "a vaulting whose buyer passes 3-D Secure",
    source: VAULTED,
    start: startWithCard(CHALLENGED, submitChallenge(PASS_CHALLENGE)),
  },
  {
    id: "cancelled",
    label: "a vaulting whose buyer cancels 3-D Secure",
    source: FAILED,
    start: startWithCard(CHALLENGED, submitChallenge(CANCEL_CHALLENGE)),
  },
  {
    id: "wrong-codes",
    label: "a vaulting whose buyer enters wrong codes",
    source: FAILED,
    start: startWithCard(CHALLENGED, submitChallenge(WRONG_CODE, TRIES)),
  },
  ...(["failed", "rejected", "unavailable"] as const).map(
    (script): VaultingKind => ({
      id: `issuer-${script}`,
      label: `a vaulting whose 3-D Secure ends as ${script}`,
      source: FAILED,
      start: startWithCard({ cardNo: getChallengedCard(script) }, submitChallenge(PASS_CHALLENGE)),
    }),
  ),
  {
    id: "session",
    label: "a session whose buyer enters a card",
    source: VAULTED,
    start: startInSession(TEST_CARDS.visa),
  },
  {
    id: "session-failed",
    label: "a session whose buyer enters a declined card",
    source: FAILED,
    start: startInSession(TEST_CARDS.declined),
  },
  {
    id: "session-challenged",
    label: "a session whose buyer passes 3-D Secure",
    source: VAULTED,
    start: (client, id, change) =>
      startInSession(TEST_CARDS.visa, async (getInquiry) => {
        const url = getNormalUrl(await getInquiry());
        if (typeof url !== "string") throw new CheckSkipped("The inquiry has no normalUrl during 3-D Secure.");
        await submitForm(url, PASS_CHALLENGE);
      })(client, id, { is3DSAuthentication: true, ...change }),
  },
];

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
  // On a busy computer, the notification is received long before the inquiry is complete.
  const inquiryBefore = await inquiry?.catch(() => undefined);
  const inquiryAfter = await inquire(client, id);
  const [notification] = inbox.received;
  return { kind, response, inbox, redirected, notification, inquiryBefore, inquiryAfter, metadata };
}

const getVaulting = (client: TargetClient, kind: VaultingKind): Promise<NotifiedVaulting> =>
  client.once(`notified vaulting ${kind.id}`, () => vaultAndWait(client, kind));

function requireNotification({ notification }: NotifiedVaulting): Notification {
  if (!notification) throw new CheckSkipped("The target sent no notification.");
  return notification;
}

/** Waits until notifications that are due have been sent, which happens before the notification of a new vaulting. Returns whether that one was sent. */
export async function waitForDue(client: TargetClient): Promise<boolean> {
  const inbox = (await client.getListener()).createInbox();
  requireSuccess(await vault(client, client.createId(), { vaultingNotificationUrl: inbox.url }));
  return inbox.waitFor(1);
}

async function requireDueSent(client: TargetClient): Promise<void> {
  if (!(await waitForDue(client))) throw new CheckSkipped("The target sent no notification.");
}

/** Returns the notified vaultings of all kinds after the target had time to send more notifications. */
export const getSettledVaultings = (client: TargetClient): Promise<readonly NotifiedVaulting[]> =>
  client.once("settled vaultings", async () => {
    const results = await Promise.allSettled(VAULTING_KINDS.map((kind) => getVaulting(client, kind)));
    await requireDueSent(client);
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  });

/** Expects a notification that is sent when the vaulting is final and stored, not earlier. */
function expectDelivered({ kind, notification, response, inquiryBefore, inquiryAfter }: NotifiedVaulting): void {
  const isFinal = (inquiry: Exchange) => getVaultingStatus(inquiry) !== "PROCESSING";
  if (!isFinal(inquiryAfter)) throw new CheckSkipped("The vaulting is not final.");
  if (!notification) fail(response, `No notification about ${kind.label} was received.`);
  if (inquiryBefore && !isFinal(inquiryBefore))
    fail(inquiryBefore, `Notification about ${kind.label} was sent while the inquiry returned PROCESSING.`);
}

export function expectOnce({ inbox, kind }: NotifiedVaulting, reason = ""): void {
  const [notification, second] = inbox.received;
  if (notification && second)
    failNotification(
      notification,
      `Acknowledged notification about ${kind.label} was sent ${inbox.received.length} times${reason}.`,
    );
}

/** Codes without a specific reason, which match any vaultingResultCode. */
const GENERIC_CODES: ReadonlySet<unknown> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

function expectMatchesInquiry(vaulting: NotifiedVaulting): void {
  const { inquiryAfter, response, metadata } = vaulting;
  const notification = requireNotification(vaulting);
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
  if (response.resultStatus === "S" && getCardToken(response) !== undefined && !hasSameCard(notification, response))
    failNotification(notification, "Notification has a different paymentMethodDetail than the response.");
  const expectedCode = getField(inquiryAfter.body, "vaultingResultCode");
  if (status === "FAIL" && expectedCode !== undefined && resultCode !== expectedCode && !GENERIC_CODES.has(resultCode))
    failNotification(notification, "Notification has a different result code than the inquiry's vaultingResultCode.");
  if (getCardToken(notification) !== undefined && status !== "SUCCESS")
    failNotification(notification, "Notification about a failed vaulting contains a card token.");
  // The request of a session has no documented metadata.
  if (response.operation === "vaultPaymentMethod" && getField(notification.body, "metadata") !== metadata)
    failNotification(notification, "Notification does not return the metadata of the vaulting.");
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
    title: `sends the same result in the notification about ${kind.label} as in the inquiry`,
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

interface SilentRequest {
  readonly label: string;
  /** Sends the request with a vaultingNotificationUrl that must not be called. */
  readonly send: (client: TargetClient, vaultingNotificationUrl: string) => Promise<unknown>;
}

const sendInvalid =
  (change: RequestBody): SilentRequest["send"] =>
  (client, vaultingNotificationUrl) =>
    client.send({
      operation: "vaultPaymentMethod",
      body: createRequestBody("vaultPaymentMethod", client.createId(), { vaultingNotificationUrl, ...change }),
      expect: "rejected",
    });

const UNVERIFIED_CARDS = { "a card": {}, "a card with 3-D Secure": CHALLENGED_CARD };

const REUSED_KINDS: ReadonlySet<string> = new Set(["vaulted", "failed", "challenged", "session"]);

/** Requests that start no vaulting. */
const SILENT_REQUESTS: readonly SilentRequest[] = [
  { label: "a request without env", send: sendInvalid({ env: undefined }) },
  { label: "a request with an invalid card number", send: sendInvalid(withCard({ cardNo: "4054 6957 2310 0768" })) },
  { label: "a request with too long metadata", send: sendInvalid({ metadata: "x".repeat(2049) }) },
  ...Object.entries(UNVERIFIED_CARDS).map(
    ([label, card]): SilentRequest => ({
      label: `a request with ${label} and an invalid signature`,
      send: (client, vaultingNotificationUrl) =>
        client.send({
          operation: "vaultPaymentMethod",
          body: createRequestBody("vaultPaymentMethod", client.createId(), { ...card, vaultingNotificationUrl }),
          signed: { body: "{}" },
          expect: "signature-rejected",
        }),
    }),
  ),
  ...VAULTING_KINDS.filter(({ id }) => REUSED_KINDS.has(id)).map(
    (kind): SilentRequest => ({
      label: `a request that reuses the ID of ${kind.label}`,
      send: async (client, vaultingNotificationUrl) => {
        const { operation, requestBody } = (await getVaulting(client, kind)).response;
        const body = { ...(requestBody as RequestBody), vaultingNotificationUrl };
        await client.send({ operation, body, reusesId: true });
      },
    }),
  ),
  {
    label: "an inquiry about a successful vaulting",
    send: async (client, vaultingNotificationUrl) => {
      const { requestBody } = (await getVaulting(client, SUCCESSFUL_VAULTING)).response;
      const vaultingRequestId = getField(requestBody, "vaultingRequestId");
      await client.send({ operation: "inquireVaulting", body: { vaultingRequestId, vaultingNotificationUrl } });
    },
  },
  {
    label: "a request that reuses an ID during 3-D Secure",
    send: async (client, url) => {
      const id = client.createId();
      const { url: vaultingNotificationUrl } = (await client.getListener()).createInbox();
      const response = await vault(client, id, { ...CHALLENGED_CARD, vaultingNotificationUrl });
      const normalUrl = requireChallenge(response);
      await reuseVaultingId(client, id, { ...CHALLENGED_CARD, vaultingNotificationUrl: url });
      await submitForm(normalUrl, PASS_CHALLENGE);
    },
  },
];

/** Sends all requests that start no vaulting, and expects no notification about any of them. */
async function expectSilent(client: TargetClient): Promise<void> {
  const listener = await client.getListener();
  const sent = await Promise.all(
    SILENT_REQUESTS.map(async ({ label, send }) => {
      const inbox = listener.createInbox();
      // A kind of vaulting that the target does not support is skipped.
      await send(client, inbox.url).catch((error: unknown) => {
        if (!(error instanceof CheckSkipped)) throw error;
      });
      return { label, inbox };
    }),
  );
  await requireDueSent(client);
  for (const { label, inbox } of sent) {
    const [notification] = inbox.received;
    if (notification) failNotification(notification, `Notification was sent to the URL of ${label}.`);
  }
}

/** What follows the path of the listener in a vaultingNotificationUrl. */
const URL_SUFFIXES = [
  `?a=2&a=1&empty=&flag&q=x+y%2Bz&next=%2Fa%20b&state=${"x".repeat(1200)}`,
  "/a%2Fb%20c/%E4%BD%A0/",
  "/v;v=1/b:c@d,e?sig=AbC/%2b==&time=12:00",
];

async function expectUnchangedUrls(client: TargetClient): Promise<void> {
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
async function expectSharedUrl(client: TargetClient): Promise<void> {
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

async function expectIndependent(client: TargetClient): Promise<void> {
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
async function expectOwnMerchant(client: TargetClient): Promise<void> {
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

const rows: readonly CheckRow[] = [
  ...VAULTING_KINDS.flatMap(createKindRows),
  {
    id: "repeated.none",
    title: "sends no second notification when a request is retried after its notification was acknowledged",
    run: async (client) => {
      const vaultings = await getSettledVaultings(client);
      await Promise.all(
        vaultings.map(({ response: { operation, requestBody } }) => client.send({ operation, body: requestBody })),
      );
      await requireDueSent(client);
      for (const vaulting of vaultings) expectOnce(vaulting, " after the request was retried");
    },
  },
  {
    id: "rejected.none",
    title: "sends no notification for rejected requests, inquiries, and different requests with the same ID",
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
    title: "sends a notification about each of several vaultings with the same vaultingNotificationUrl",
    run: expectSharedUrl,
  },
  {
    id: "address.independent",
    title: "sends a notification while the endpoint of a different vaulting does not respond",
    run: expectIndependent,
  },
  {
    id: "address.other-merchant",
    title: "sends the notifications of merchants that use the same ID to their own URLs",
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
      await requireDueSent(client);
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
      await requireDueSent(client);
      const [notification] = inbox.received;
      if (notification) failNotification(notification, "Notification was sent before the buyer entered a card.");
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
