/** Requests for which the target must send no notification. @module */
import { getField } from "../../../protocol/json-fields.ts";
import { PASS_CHALLENGE, submitForm } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, createRequestBody, type RequestBody, withCard } from "../../document/sample-requests.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import { createSession, enterCard, requireChallenge, reuseId, reuseVaultingId, vault } from "../vaulting-requests.ts";
import { getVaulting, requireDueNotificationsSent } from "./notified-vaulting.ts";
import { SUCCESSFUL_VAULTING, VAULTING_KINDS } from "./vaulting-kinds.ts";

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

/** Requests that create no vaulting. */
const SILENT_REQUESTS: readonly SilentRequest[] = [
  { label: "a request without env", send: sendInvalid({ env: undefined }) },
  { label: "a request with an invalid card number", send: sendInvalid(withCard({ cardNo: "4054 6957 2310 0768" })) },
  { label: "a request with metadata that is too long", send: sendInvalid({ metadata: "x".repeat(2049) }) },
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
    label: "a request that reuses the ID of a session before the buyer enters a card",
    send: async (client, url) => {
      const id = client.createId();
      const { url: vaultingNotificationUrl } = (await client.getListener()).createInbox();
      const session = await createSession(client, id, { vaultingNotificationUrl });
      await reuseId(client, "createVaultingSession", id, { vaultingNotificationUrl: url });
      await enterCard(client, session);
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

/** Sends all requests that create no vaulting, and expects no notification at their URLs. */
export async function expectSilent(client: TargetClient): Promise<void> {
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
  await requireDueNotificationsSent(client);
  for (const { label, inbox } of sent) {
    const [notification] = inbox.received;
    if (notification) failNotification(notification, `Notification was sent to the URL of ${label}.`);
  }
}
