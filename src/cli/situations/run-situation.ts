/** Produces a situation in a sandbox and collects the result. @module */
import { randomBytes } from "node:crypto";
import { createVaultClient, type InquireVaultingOutcome, type VaultPaymentMethodOutcome } from "../../client/index.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { Credentials } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { isInterruption } from "../console/interrupt.ts";
import { findTestCard, TEST_CARD_DETAILS } from "../inputs/test-cards.ts";
import {
  type NotificationInbox,
  openNotificationInbox,
  type ReceivedNotification,
} from "../notifications/notification-listener.ts";
import type { Situation } from "./situations.ts";

export interface SituationResult {
  readonly vaultingRequestId: string;
  readonly response: VaultPaymentMethodOutcome | AntomVaultError;
  readonly notifications: readonly ReceivedNotification[];
  readonly inquiry: InquireVaultingOutcome;
}

export interface SituationContext {
  readonly credentials: Credentials;
  readonly control: ControlClient;
  readonly signal: AbortSignal;
  /** Called after each step. */
  readonly onStep: (step: Step) => void;
}

export type Step =
  | { readonly kind: "response"; readonly response: SituationResult["response"] }
  | { readonly kind: "control"; readonly action: string }
  | { readonly kind: "notification"; readonly notification: ReceivedNotification }
  | { readonly kind: "inquiry"; readonly inquiry: InquireVaultingOutcome };

/** How long to wait for a notification or a result. */
const RESULT_TIMEOUT_MS = 10_000;

/**
 * Calls the sandbox as a merchant does, and listens for the notifications.
 *
 * @throws AntomVaultError `ABORTED` after Ctrl-C, or an error of the control API or of an inquiry
 */
export async function runSituation(
  situation: Situation,
  context: SituationContext,
  port = 0,
): Promise<SituationResult> {
  const { credentials, control, signal, onStep } = context;
  const vaultingRequestId = `trigger-${situation.name}-${randomBytes(4).toString("hex")}`;
  const { challenge, expected, failFirst = 0, fault } = situation;
  await using inbox = await openNotificationInbox({ ...credentials, failFirst }, port);
  const call = createCaller(situation, context, inbox);
  if (fault) await control.post("/faults", { ...fault, clientId: credentials.clientId });
  const response = await withScenario(situation.scenario, context, () => call(vaultingRequestId));
  onStep({ kind: "response", response });
  if (situation.second) await call(`${vaultingRequestId}-2`);
  if (challenge) {
    const path = `/vaultings/${vaultingRequestId}/challenge${formatClientQuery(credentials)}`;
    await control.post(path, { result: challenge });
    onStep({ kind: "control", action: `challenge completed: ${challenge}` });
  }
  const expectedCount = expected.notifications.length;
  let shown = 0;
  const show = (received: readonly ReceivedNotification[]) => {
    for (const notification of received.slice(shown)) onStep({ kind: "notification", notification });
    shown = received.length;
    return received.length >= expectedCount;
  };
  if (situation.resend) {
    await inbox.waitFor((received) => show(received) || received.length > 0, RESULT_TIMEOUT_MS, signal);
    await resend(vaultingRequestId, context);
  }
  await inbox.waitFor(show, RESULT_TIMEOUT_MS, signal);

  const vault = createVaultClient(credentials);
  const inquiry = await vault.waitForVaulting(vaultingRequestId, {
    timeoutMs: RESULT_TIMEOUT_MS,
    signal,
    notified: inbox.waitFor(show, RESULT_TIMEOUT_MS, signal),
  });
  onStep({ kind: "inquiry", inquiry });
  return { vaultingRequestId, response, notifications: [...inbox.received], inquiry };
}

/** Returns a function that calls vaultPaymentMethod. It returns an `AntomVaultError` instead of throwing it, except after Ctrl-C. */
function createCaller(
  { card, timeoutMs, scenario }: Situation,
  { credentials, signal }: SituationContext,
  { url, returnUrl }: NotificationInbox,
) {
  const callsOnce = timeoutMs !== undefined || scenario !== undefined;
  const vault = createVaultClient({ ...credentials, ...(callsOnce ? { retry: false } : {}) });
  const testCard = { cardNo: findTestCard(card).number, ...TEST_CARD_DETAILS };
  return (vaultingRequestId: string): Promise<SituationResult["response"]> =>
    vault
      .vaultPaymentMethod(
        {
          vaultingRequestId,
          vaultingNotificationUrl: url,
          redirectUrl: returnUrl,
          paymentMethodDetail: { paymentMethodType: "CARD", card: testCard },
          env: { terminalType: "WEB" },
        },
        { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      )
      .catch((error: unknown) => {
        if (error instanceof AntomVaultError && !isInterruption(error)) return error;
        throw error;
      });
}

const OPERATION = "vaultPaymentMethod";

/** Activates a scenario while `work` runs, then restores the earlier scenarios of vaultPaymentMethod. Only runs `work` if there is no result code. */
async function withScenario<T>(
  resultCode: string | undefined,
  { control, credentials }: SituationContext,
  work: () => Promise<T>,
): Promise<T> {
  if (resultCode === undefined) return work();
  const { scenarios } = await control.get<ControlSchemas["ScenarioList"]>("/scenarios");
  const { clientId } = credentials;
  await control.post("/scenarios", { operation: OPERATION, resultCode, minutes: 1, clientId });
  try {
    return await work();
  } finally {
    await control.remove(`/scenarios?operation=${OPERATION}`);
    const { now } = await control.get<ControlSchemas["Clock"]>("/clock");
    for (const { operation, until, ...before } of scenarios) {
      const minutes = Math.ceil((Date.parse(until) - Date.parse(now)) / 60_000);
      if (operation === OPERATION && minutes > 0) await control.post("/scenarios", { operation, minutes, ...before });
    }
  }
}

/** Resends the notification. Waits until its first attempt is recorded, because the sandbox makes that attempt itself. */
async function resend(
  vaultingRequestId: string,
  { control, credentials, signal, onStep }: SituationContext,
): Promise<void> {
  const until = performance.now() + RESULT_TIMEOUT_MS;
  while (performance.now() < until) {
    signal.throwIfAborted();
    const path = `/vaultings/${vaultingRequestId}${formatClientQuery(credentials)}`;
    const { notifications = [] } = await control.get<ControlSchemas["Vaulting"]>(path);
    const [notification] = notifications;
    if (notification && notification.attempts.length > 0) {
      await control.post(`/notifications/${notification.sequence}/resend`, {});
      onStep({ kind: "control", action: "notification resent (otherwise, the sandbox resends it after 2 minutes)" });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const POLL_MS = 50;
const formatClientQuery = ({ clientId }: Credentials) => `?clientId=${encodeURIComponent(clientId)}`;

/** Returns a sentence for each difference between the expected and the actual result. */
export function findUnmetExpectations(
  { expected }: Situation,
  { response, notifications, inquiry }: SituationResult,
): readonly string[] {
  const outcome = response instanceof AntomVaultError ? response.code : response.outcome;
  const received = notifications.map(({ verified }) => (verified ? "verified" : "rejected"));
  const inquiryCode = "code" in inquiry ? inquiry.code : undefined;
  const isInquiryExpected = inquiry.outcome === expected.inquiry.outcome && inquiryCode === expected.inquiry.code;
  const list = (items: readonly string[]) => items.join(", ") || "none";
  return [
    ...(outcome === expected.outcome ? [] : [`Response: expected ${expected.outcome}, received ${outcome}.`]),
    ...(received.join() === expected.notifications.join()
      ? []
      : [`Notifications: expected ${list(expected.notifications)}; received ${list(received)}.`]),
    ...(isInquiryExpected
      ? []
      : [
          `Inquiry: expected ${expected.inquiry.code ?? expected.inquiry.outcome}, received ${inquiryCode ?? inquiry.outcome}.`,
        ]),
  ];
}
