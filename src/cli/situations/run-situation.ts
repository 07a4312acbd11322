/** Makes one situation at a sandbox and sees what comes of it. */
import { randomBytes } from "node:crypto";
import { createVaultClient, type InquireVaultingOutcome, type VaultPaymentMethodOutcome } from "../../client/index.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { Credentials } from "../../gateway/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { pollResult } from "../calling/watch-vaulting.ts";
import { isInterruption } from "../console/interrupt.ts";
import { findTestCard, TEST_CARD_DETAILS } from "../inputs/test-cards.ts";
import {
  type NotificationInbox,
  openNotificationInbox,
  type ReceivedNotification,
} from "../notifications/notification-listener.ts";
import type { Situation } from "./situations.ts";

/** What came of a situation. */
export interface SituationResult {
  readonly vaultingRequestId: string;
  readonly response: VaultPaymentMethodOutcome | AntomVaultError;
  readonly notifications: readonly ReceivedNotification[];
  readonly end: InquireVaultingOutcome;
}

export interface SituationContext {
  readonly credentials: Credentials;
  readonly control: ControlClient;
  readonly signal: AbortSignal;
  /** Told of each step once it is done. */
  readonly onStep: (step: Step) => void;
}

export type Step =
  | { readonly kind: "answer"; readonly answer: SituationResult["response"] }
  | { readonly kind: "control"; readonly what: string }
  | { readonly kind: "notification"; readonly heard: ReceivedNotification }
  | { readonly kind: "end"; readonly end: InquireVaultingOutcome };

/** How long a notification or a result is waited for. */
const RESULT_TIMEOUT_MS = 10_000;

/**
 * Calls as a merchant would, with a listener of its own.
 *
 * @throws AntomVaultError `ABORTED`; what the control API or an inquiry throws
 */
export async function runSituation(situation: Situation, at: SituationContext, port = 0): Promise<SituationResult> {
  const { credentials, control, signal, onStep } = at;
  const vaultingRequestId = `trigger-${situation.name}-${randomBytes(4).toString("hex")}`;
  await using arrivals = await openNotificationInbox({ ...credentials, fail: situation.fail ?? 0 }, port);
  const call = createCaller(situation, at, arrivals);
  if (situation.fault) await control.post("/faults", { ...situation.fault, clientId: credentials.clientId });
  const answer = await withScenario(situation.scenario, at, () => call(vaultingRequestId));
  onStep({ kind: "answer", answer });
  if (situation.second) await call(`${vaultingRequestId}-2`);
  if (situation.challenge) {
    await control.post(`/vaultings/${vaultingRequestId}/challenge${clientQuery(credentials)}`, {
      result: situation.challenge,
    });
    onStep({ kind: "control", what: `the challenge ended: ${situation.challenge}` });
  }
  const expected = situation.promises.notifications.length;
  let shown = 0;
  const show = (heard: readonly ReceivedNotification[]) => {
    for (const each of heard.slice(shown)) onStep({ kind: "notification", heard: each });
    shown = heard.length;
    return heard.length >= expected;
  };
  if (situation.resend) {
    await arrivals.waitFor((heard) => show(heard) || heard.length > 0, RESULT_TIMEOUT_MS, signal);
    await resend(vaultingRequestId, at);
  }
  await arrivals.waitFor(show, RESULT_TIMEOUT_MS, signal);

  const vault = createVaultClient(credentials);
  const end = await pollResult({
    inquire: () => vault.inquireVaulting({ vaultingRequestId }, { signal }),
    pause: (ms) => (shown >= expected ? Promise.resolve() : arrivals.waitFor(show, ms, signal)),
    limitMs: RESULT_TIMEOUT_MS,
  });
  onStep({ kind: "end", end });
  return { vaultingRequestId, response: answer, notifications: [...arrivals.received], end };
}

/** The call of vaultPaymentMethod; what is thrown is its answer too, but for Ctrl-C. */
function createCaller(
  { card, timeoutMs, scenario }: Situation,
  { credentials, signal }: SituationContext,
  { url, returnUrl }: NotificationInbox,
) {
  const once = timeoutMs !== undefined || scenario !== undefined;
  const vault = createVaultClient({ ...credentials, ...(once ? { retry: false } : {}) });
  const cardOfIt = { cardNo: findTestCard(card).number, ...TEST_CARD_DETAILS };
  return (vaultingRequestId: string): Promise<SituationResult["response"]> =>
    vault
      .vaultPaymentMethod(
        {
          vaultingRequestId,
          vaultingNotificationUrl: url,
          redirectUrl: returnUrl,
          paymentMethodDetail: { paymentMethodType: "CARD", card: cardOfIt },
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

/** Switches a scenario on for a call, and leaves those of others as they were. */
async function withScenario<Done>(
  resultCode: string | undefined,
  { control, credentials }: SituationContext,
  work: () => Promise<Done>,
): Promise<Done> {
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

/** Sends the notification again, once its first attempt is written down: until then it is still to come anyway. */
async function resend(
  vaultingRequestId: string,
  { control, credentials, signal, onStep }: SituationContext,
): Promise<void> {
  const until = performance.now() + RESULT_TIMEOUT_MS;
  while (performance.now() < until) {
    signal.throwIfAborted();
    const path = `/vaultings/${vaultingRequestId}${clientQuery(credentials)}`;
    const { notifications = [] } = await control.get<ControlSchemas["Vaulting"]>(path);
    const [notification] = notifications;
    if (notification && notification.attempts.length > 0) {
      await control.post(`/notifications/${notification.sequence}/resend`, {});
      onStep({ kind: "control", what: "sent again at once (by itself: after two minutes)" });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const POLL_MS = 50;
const clientQuery = ({ clientId }: Credentials) => `?clientId=${encodeURIComponent(clientId)}`;

/** What a situation promises and did not happen, a sentence each. Pure. */
export function findUnmetExpectations(
  { promises }: Situation,
  { response, notifications, end }: SituationResult,
): readonly string[] {
  const came = response instanceof AntomVaultError ? response.code : response.outcome;
  const heard = notifications.map(({ verified }) => (verified ? "verified" : "rejected"));
  const endCode = "code" in end ? end.code : undefined;
  const sentences = [
    came === promises.answer ? "" : `The answer should have been ${promises.answer}, and is ${came}.`,
    heard.join() === promises.notifications.join()
      ? ""
      : `${promises.notifications.join(", ") || "No notifications"} should have come, and ${heard.join(", ") || "none"} did.`,
    end.outcome === promises.end.outcome && endCode === promises.end.code
      ? ""
      : `The inquiry should have told ${promises.end.code ?? promises.end.outcome}, and tells ${endCode ?? end.outcome}.`,
  ];
  return sentences.filter((each) => each !== "");
}
