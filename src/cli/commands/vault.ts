import { randomUUID } from "node:crypto";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { createVaultClient, type VaultPaymentMethodOutcome, type VerificationRequired } from "../../client/index.ts";
import type { VaultPaymentMethodRequest } from "../../index.ts";
import { describeActiveFaults } from "../calling/active-faults.ts";
import { resolveTarget, type TargetOptions } from "../calling/call-target.ts";
import { type CallbackUrlOptions, type CallbackUrls, resolveCallbackUrls } from "../calling/callback-urls.ts";
import { getExitCode, type Outcome, printOutcome } from "../calling/format-outcome.ts";
import { parseSeconds, watchVaulting } from "../calling/watch-vaulting.ts";
import { createInterruptSignal, isInterruption } from "../console/interrupt.ts";
import { commandPrefix, type ExitCode, type Output, writeLine } from "../console/output.ts";
import { canPrompt } from "../console/terminal-capabilities.ts";
import { usageError } from "../console/usage-error.ts";
import { type Card, readCard, validateCard } from "../inputs/card-file.ts";
import { promptForCard } from "../inputs/card-prompt.ts";
import { openHiddenInput } from "../inputs/hidden-input.ts";
import { findTestCard, TEST_CARD_DETAILS } from "../inputs/test-cards.ts";
import { formatNotification } from "../notifications/format-notification.ts";
import type { NotificationInbox } from "../notifications/notification-listener.ts";

export interface VaultOptions extends TargetOptions, CallbackUrlOptions {
  readonly card?: string;
  readonly testCard?: string;
  readonly id?: string;
  readonly "3ds"?: true;
  readonly metadata?: string;
  readonly wait: boolean;
  readonly timeout: string;
  readonly json?: true;
}

/** Vaults a card, follows its challenge and tells what came of it. Exit code 1 where it was not vaulted. */
export async function vault(output: Output, options: VaultOptions): Promise<ExitCode> {
  const { wait, json } = options;
  const limitMs = parseSeconds("--timeout", options.timeout);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  const card = await readCardInput(output, options);
  const vaultingRequestId = options.id ?? randomUUID();
  await using target = await resolveTarget(output, options);
  await using addresses = await resolveCallbackUrls(target, options, wait, vaultingRequestId);
  const { inbox } = addresses;
  const client = createVaultClient(target.credentials);
  const request = createRequest(vaultingRequestId, card, addresses, options);

  const first = await client.vaultPaymentMethod(request, { signal });
  const isAwaited = first.outcome === "verification_required";
  if (isAwaited) printPending(output, first, json);
  if (isAwaited && !wait && target.source === "started") writeLine(output.stderr, TEMPORARY_SANDBOX_HINT);
  const last = await lastOutcome(first);
  if (!json && (!isAwaited || wait)) printOutcome(output, last);
  const on = last.outcome === "vaulted" || !target.control ? undefined : await describeActiveFaults(target.control);
  if (on !== undefined) writeLine(output.stderr, on);
  const notification = await waitForNotification(inbox, last, signal);
  if (json) printOutcome(output, last, json, notification ? { notification } : {});
  else if (notification)
    writeLine(output.stdout, `${output.style.bold("Notification")}  ${formatNotification(notification, output.style)}`);
  return getExitCode(last, wait);

  async function lastOutcome(answer: VaultPaymentMethodOutcome): Promise<Outcome> {
    if (isAwaited && wait) return watchVaulting(output, { vault: client, vaultingRequestId, inbox, limitMs, signal });
    if (answer.outcome !== "failed" || answer.code !== "PROCESS_FAIL") return answer;
    // The issuer's reason stands in the inquiry alone. Without one, or from a mock, which remembers nothing, the answer is what counts.
    const inquiry = await client.inquireVaulting({ vaultingRequestId }, { signal }).catch((error: unknown) => {
      if (isInterruption(error)) throw error;
      return answer;
    });
    return inquiry.outcome === "failed" ? inquiry : answer;
  }
}

const createRequest = (
  vaultingRequestId: string,
  card: Card,
  { vaultingNotificationUrl, redirectUrl }: CallbackUrls,
  { metadata, "3ds": wants3ds }: VaultOptions,
): VaultPaymentMethodRequest => ({
  vaultingRequestId,
  vaultingNotificationUrl,
  redirectUrl,
  ...(metadata === undefined ? {} : { metadata }),
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { ...card, ...(wants3ds ? { is3DSAuthentication: true } : {}) },
  },
  env: { terminalType: "WEB" },
});

/** A program that reads JSON gets one object in the end, so where the buyer has to go is told beside it. */
function printPending(output: Output, outcome: VerificationRequired, json: true | undefined): void {
  const { normalUrl, schemeUrl, applinkUrl } = outcome;
  if (json)
    writeLine(output.stderr, `The buyer is awaited at ${toPrintable(normalUrl ?? applinkUrl ?? schemeUrl ?? "")}`);
  else printOutcome(output, outcome);
}

/** How long the notification of a result that is known already is waited for. */
const NOTIFICATION_TIMEOUT_MS = 2_000;

async function waitForNotification(arrivals: NotificationInbox | undefined, { outcome }: Outcome, signal: AbortSignal) {
  if (!arrivals || (outcome !== "vaulted" && outcome !== "failed")) return undefined;
  await arrivals.waitFor(({ length }) => length > 0, NOTIFICATION_TIMEOUT_MS, signal);
  return arrivals.received[0];
}

const TEMPORARY_SANDBOX_HINT = `The sandbox was started for this call and is gone with it, and so is the page. Start one that stays: ${commandPrefix} sandbox.`;

/** The card, from where it may come: never from an argument or the environment. */
async function readCardInput({ stderr, style }: Output, { card, testCard: name }: VaultOptions): Promise<Card> {
  if (card !== undefined && name !== undefined) throw usageError("Give either --card or --test-card.");
  if (name !== undefined) {
    const { number } = findTestCard(name);
    return { cardNo: number, ...TEST_CARD_DETAILS };
  }
  const { stdin } = process;
  if (card === "-" && stdin.isTTY)
    throw usageError("A terminal would show what you type for --card -. Leave --card out: the prompt shows nothing.");
  if (card !== undefined) return readCard(card);
  if (!canPrompt(stdin, stderr, process.env))
    throw usageError(
      "A card is needed: --card FILE, --card - for standard input, or --test-card NAME. On a terminal it is asked for.",
    );
  using input = openHiddenInput(stdin, stderr);
  return validateCard(await promptForCard({ stderr, style }, input.prompt), "the prompt");
}
