import { randomUUID } from "node:crypto";
import { TEST_CARD_DETAILS } from "../../cards/card-names.ts";
import { toPrintable } from "../../cards/mask-card-data.ts";
import { createVaultClient, type VaultPaymentMethodOutcome, type VerificationRequired } from "../../client/index.ts";
import type { VaultPaymentMethodRequest } from "../../index.ts";
import { resolveTarget, type TargetOptions } from "../calling/call-target.ts";
import { type CallbackUrlOptions, type CallbackUrls, resolveCallbackUrls } from "../calling/callback-urls.ts";
import { getExitCode, type Outcome, printOutcome } from "../calling/format-outcome.ts";
import { findEarlierVaulting, type OpenVaulting, printIdReuse, runWithHints } from "../calling/open-vaulting.ts";
import { printScenariosAndFaults } from "../calling/scenarios-and-faults.ts";
import { parseTimeout, watchVaulting } from "../calling/watch-vaulting.ts";
import { createInterruptSignal, isInterruption } from "../console/interrupt.ts";
import { commandPrefix, type ExitCode, type Output, writeRow, writeText } from "../console/output.ts";
import { canPrompt } from "../console/terminal-capabilities.ts";
import { usageError } from "../console/usage-error.ts";
import { type Card, readCard, validateCard } from "../inputs/card-file.ts";
import { promptForCard } from "../inputs/card-prompt.ts";
import { openHiddenInput } from "../inputs/hidden-input.ts";
import { findTestCard } from "../inputs/test-cards.ts";
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

/**
 * Vaults a card, waits until a challenge ends unless `--no-wait` is set, and prints the outcome. Returns exit code 1 if the card was not vaulted,
 * except for a vaulting in progress with `--no-wait`.
 */
export async function vault(output: Output, options: VaultOptions): Promise<ExitCode> {
  const { wait, json } = options;
  const limitMs = parseTimeout(options.timeout);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  const card = await readCardInput(output, options);
  const vaultingRequestId = options.id ?? randomUUID();
  await using target = await resolveTarget(output, options);
  await using urls = await resolveCallbackUrls(target, options, wait, vaultingRequestId);
  const { inbox } = urls;
  const client = createVaultClient(target.credentials);
  const request = createRequest(vaultingRequestId, card, urls, options);

  const open: OpenVaulting = { vaultingRequestId, target, options };
  const earlier = await findEarlierVaulting(target, options.id);
  return await runWithHints(output, open, async () => {
    const first = await client.vaultPaymentMethod(request, { signal });
    open.outcome = first;
    printIdReuse(output, earlier, first);
    const isPending = first.outcome === "verification_required";
    if (isPending) printPending(output, first, json);
    if (isPending && !wait && target.source === "started") writeText(output.stderr, TEMPORARY_SANDBOX_HINT);
    const last = await getFinalOutcome(first, isPending);
    if (!json && (!isPending || wait)) printOutcome(output, last);
    await printScenariosAndFaults(output.stderr, target.control, last);
    const notification = earlier ? undefined : await waitForNotification(inbox, last, signal);
    if (json) printOutcome(output, last, json, notification ? { notification } : {});
    else if (notification)
      writeRow(output.stdout, formatNotification(notification, output.style), `${output.style.bold("Notification")}  `);
    return getExitCode(last, wait);
  });

  async function getFinalOutcome(response: VaultPaymentMethodOutcome, isPending: boolean): Promise<Outcome> {
    if (isPending && wait) return watchVaulting(output, { vault: client, vaultingRequestId, inbox, limitMs, signal });
    if (response.outcome !== "failed" || response.code !== "PROCESS_FAIL") return response;
    // Only an inquiry returns the issuer's reason. A mock is stateless, so its inquiry might contradict the response.
    const inquiry = await client.inquireVaulting({ vaultingRequestId }, { signal }).catch((error: unknown) => {
      if (isInterruption(error)) throw error;
      return response;
    });
    return inquiry.outcome === "failed" ? inquiry : response;
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

/** Prints the URL of the buyer's page. With `--json`, standard output is reserved for the final object. */
function printPending(output: Output, outcome: VerificationRequired, json: true | undefined): void {
  const { normalUrl, schemeUrl, applinkUrl } = outcome;
  if (json)
    writeText(output.stderr, `Redirect the buyer to ${toPrintable(normalUrl ?? applinkUrl ?? schemeUrl ?? "")}`);
  else printOutcome(output, outcome);
}

/** How long to wait for the notification after the result is final. */
const NOTIFICATION_TIMEOUT_MS = 2_000;

async function waitForNotification(inbox: NotificationInbox | undefined, { outcome }: Outcome, signal: AbortSignal) {
  if (!inbox || (outcome !== "vaulted" && outcome !== "failed")) return undefined;
  await inbox.waitFor(({ length }) => length > 0, NOTIFICATION_TIMEOUT_MS, signal);
  return inbox.received[0];
}

const TEMPORARY_SANDBOX_HINT = `The page is no longer available, because the temporary sandbox has stopped. To keep a sandbox running, use: ${commandPrefix} sandbox`;

/** Reads the card from a file, standard input, a prompt, or the test cards, never from an argument or the environment. */
async function readCardInput({ stderr, style }: Output, { card, testCard: name }: VaultOptions): Promise<Card> {
  if (card !== undefined && name !== undefined) throw usageError("Use either --card or --test-card, not both.");
  if (name !== undefined) {
    const { number } = findTestCard(name);
    return { cardNo: number, ...TEST_CARD_DETAILS };
  }
  const { stdin } = process;
  if (card === "-" && stdin.isTTY)
    throw usageError(
      "--card - does not read from a terminal, because a terminal shows what you type. Omit --card to enter the card at a prompt that hides your input.",
    );
  if (card !== undefined) return readCard(card);
  if (!canPrompt(stdin, stderr, process.env))
    throw usageError(
      "Missing card: use --card FILE, --card - for standard input, or --test-card NAME. On a terminal, the command prompts for the card.",
    );
  using input = openHiddenInput(stdin, stderr);
  return validateCard(await promptForCard({ stderr, style }, input.prompt), "the prompt");
}
