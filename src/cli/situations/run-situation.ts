/** Produces a situation in a sandbox and collects the result. @module */
import { randomBytes } from "node:crypto";
import { TEST_CARD_DETAILS } from "../../cards/card-names.ts";
import { createVaultClient, type InquireVaultingOutcome, type VaultPaymentMethodOutcome } from "../../client/index.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import type { Credentials } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { findVaulting, formatControlPath } from "../calling/find-vaulting.ts";
import { isInterruption } from "../console/interrupt.ts";
import { usageError } from "../console/usage-error.ts";
import { findTestCard } from "../inputs/test-cards.ts";
import {
  type NotificationInbox,
  openNotificationInbox,
  type ReceivedNotification,
} from "../notifications/notification-listener.ts";
import { applySettings, type Setting } from "./request-settings.ts";
import type { Situation } from "./situations.ts";

export interface SituationResult {
  readonly vaultingRequestId: string;
  readonly response: VaultPaymentMethodOutcome | AntomVaultError;
  /** The notifications that this command received. Absent if the merchant's endpoint receives them. */
  readonly notifications?: readonly ReceivedNotification[];
  readonly inquiry: InquireVaultingOutcome;
  /** The notification as the sandbox stores it, if the merchant's endpoint receives it. */
  readonly delivery?: ControlSchemas["Notification"] | undefined;
}

/** The settings that the user chose. */
export interface RequestOptions {
  readonly id?: string | undefined;
  readonly metadata?: string | undefined;
  readonly settings: readonly Setting[];
  /** The merchant's endpoint. If set, this command receives no notification. */
  readonly notificationUrl?: string | undefined;
  /** The port that receives notifications. */
  readonly port: number;
}

export interface SituationContext {
  readonly request: RequestOptions;
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
  | { readonly kind: "delivery"; readonly delivery: ControlSchemas["Notification"] | undefined }
  | { readonly kind: "inquiry"; readonly inquiry: InquireVaultingOutcome };

/** How long to wait for a notification or a result. */
const RESULT_TIMEOUT_MS = 10_000;

/** How long to wait for the expected attempts to deliver a notification to the merchant's endpoint. */
const ATTEMPT_TIMEOUT_MS = 3_000;

/**
 * Calls the sandbox as a merchant does. Listens for the notifications, unless the merchant's endpoint receives them.
 *
 * @throws AntomVaultError `ABORTED` after Ctrl-C, `CONFIGURATION_INVALID` if a vaulting already has the ID, `REQUEST_INVALID` if the request is
 * invalid, or an error of the control API or of an inquiry
 */
export async function runSituation(situation: Situation, context: SituationContext): Promise<SituationResult> {
  const { credentials, control, onStep, request } = context;
  const vaultingRequestId = request.id ?? `trigger-${situation.name}-${randomBytes(4).toString("hex")}`;
  const { challenge, failFirst = 0, fault } = situation;
  if (request.id !== undefined) await rejectUsedId(request.id, context);
  const inbox =
    request.notificationUrl === undefined
      ? await openNotificationInbox({ ...credentials, failFirst }, request.port)
      : undefined;
  await using _inbox = inbox;
  const call = createCaller(situation, context, inbox);
  if (fault) await control.post("/faults", { ...fault, clientId: credentials.clientId });
  const response = await withScenario(situation.scenario, context, () => call(vaultingRequestId));
  onStep({ kind: "response", response });
  if (situation.second) await call(`${vaultingRequestId}-2`);
  if (challenge) {
    const key = { clientId: credentials.clientId, vaultingRequestId };
    await control.post(formatControlPath(key, "/challenge"), { result: challenge });
    onStep({ kind: "control", action: `challenge completed: ${challenge}` });
  }
  const ended = { vaultingRequestId, response };
  // Await the result here, because the inbox closes when this function returns.
  return await (inbox ? receiveResult(situation, context, inbox, ended) : readResult(situation, context, ended));
}

type EndedCall = Pick<SituationResult, "vaultingRequestId" | "response">;

/** Rejects a used ID, because the sandbox would return the earlier result. */
async function rejectUsedId(id: string, { control, credentials }: SituationContext): Promise<void> {
  if (!(await findVaulting(control, { vaultingRequestId: id, clientId: credentials.clientId }))) return;
  throw usageError("A vaulting with this ID already exists, so the sandbox would return its result. Use a new --id.");
}

/** Waits for the notifications of a situation, and for its result. */
async function receiveResult(
  situation: Situation,
  context: SituationContext,
  inbox: NotificationInbox,
  { vaultingRequestId, response }: EndedCall,
): Promise<SituationResult> {
  const { credentials, signal, onStep } = context;
  const expectedCount = situation.expected.notifications.length;
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
  const inquiry = await createVaultClient(credentials).waitForVaulting(vaultingRequestId, {
    timeoutMs: RESULT_TIMEOUT_MS,
    signal,
    notified: inbox.waitFor(show, RESULT_TIMEOUT_MS, signal),
  });
  onStep({ kind: "inquiry", inquiry });
  return { vaultingRequestId, response, notifications: [...inbox.received], inquiry };
}

/** Waits for the result of a situation, and reads the state of its notification, which the merchant's endpoint receives. */
async function readResult(
  situation: Situation,
  context: SituationContext,
  { vaultingRequestId, response }: EndedCall,
): Promise<SituationResult> {
  const { credentials, signal, onStep } = context;
  if (situation.resend) await resend(vaultingRequestId, context);
  const inquiry = await createVaultClient(credentials).waitForVaulting(vaultingRequestId, {
    timeoutMs: RESULT_TIMEOUT_MS,
    signal,
  });
  onStep({ kind: "inquiry", inquiry });
  const attempts = situation.resend ? 2 : 1;
  const delivery =
    situation.expected.notifications.length > 0
      ? await waitForAttempts(vaultingRequestId, attempts, ATTEMPT_TIMEOUT_MS, context)
      : undefined;
  onStep({ kind: "delivery", delivery });
  return { vaultingRequestId, response, inquiry, delivery };
}

/**
 * Returns a function that calls vaultPaymentMethod. The function returns an `AntomVaultError` instead of throwing it, except after Ctrl-C or for an
 * invalid request.
 */
function createCaller(
  { card, timeoutMs, scenario }: Situation,
  { credentials, signal, request }: SituationContext,
  inbox: NotificationInbox | undefined,
) {
  const { clientId } = credentials;
  const callsOnce = timeoutMs !== undefined || scenario !== undefined;
  const vault = createVaultClient({ ...credentials, ...(callsOnce ? { retry: false } : {}) });
  const url = request.notificationUrl ?? inbox?.url ?? "";
  const testCard = { cardNo: findTestCard(card).number, ...TEST_CARD_DETAILS };
  return (vaultingRequestId: string): Promise<SituationResult["response"]> =>
    vault
      .vaultPaymentMethod(
        applySettings(
          {
            vaultingRequestId,
            vaultingNotificationUrl: url,
            redirectUrl: inbox?.returnUrl ?? credentials.baseUrl + formatVaultingPath({ clientId, vaultingRequestId }),
            ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
            paymentMethodDetail: { paymentMethodType: "CARD", card: testCard },
            env: { terminalType: "WEB" },
          },
          request.settings,
        ),
        { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      )
      .catch((error: unknown) => {
        if (error instanceof AntomVaultError && !isInterruption(error) && error.code !== "REQUEST_INVALID")
          return error;
        throw error;
      });
}

const OPERATION = "vaultPaymentMethod";

/** Activates a scenario while `work` runs, then restores the earlier scenarios of vaultPaymentMethod. Without a result code, only runs `work`. */
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

/** Waits until the sandbox has recorded the first attempt to deliver the notification, and then requests a second attempt. */
async function resend(vaultingRequestId: string, context: SituationContext): Promise<void> {
  const notification = await waitForAttempts(vaultingRequestId, 1, RESULT_TIMEOUT_MS, context);
  if (!notification || notification.attempts.length === 0) return;
  await context.control.post(`/notifications/${notification.sequence}/resend`, {});
  const action = "notification resent (the sandbox would otherwise resend it after 2 minutes)";
  context.onStep({ kind: "control", action });
}

/** Waits until this number of attempts is recorded, or until the timeout. Returns the notification, or `undefined` if the vaulting has none. */
async function waitForAttempts(
  vaultingRequestId: string,
  attempts: number,
  timeoutMs: number,
  { control, credentials: { clientId }, signal }: SituationContext,
): Promise<ControlSchemas["Notification"] | undefined> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const [found] = (await findVaulting(control, { vaultingRequestId, clientId }))?.notifications ?? [];
    if ((found && found.attempts.length >= attempts) || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const POLL_MS = 50;

/** Returns a sentence for each difference between the expected and the actual result. */
export function findUnmetExpectations(
  { expected }: Situation,
  { response, notifications, inquiry }: SituationResult,
): readonly string[] {
  const outcome = response instanceof AntomVaultError ? response.code : response.outcome;
  const received = notifications?.map(({ verified }) => (verified ? "verified" : "rejected"));
  const inquiryCode = "code" in inquiry ? inquiry.code : undefined;
  const isInquiryExpected = inquiry.outcome === expected.inquiry.outcome && inquiryCode === expected.inquiry.code;
  const list = (items: readonly string[]) => items.join(", ") || "none";
  return [
    ...(outcome === expected.outcome ? [] : [`Response: expected ${expected.outcome}, received ${outcome}.`]),
    ...(received === undefined || received.join() === expected.notifications.join()
      ? []
      : [`Notifications: expected ${list(expected.notifications)}; received ${list(received)}.`]),
    ...(isInquiryExpected
      ? []
      : [
          `Inquiry: expected ${expected.inquiry.code ?? expected.inquiry.outcome}, received ${inquiryCode ?? inquiry.outcome}.`,
        ]),
  ];
}
