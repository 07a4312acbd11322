import { randomUUID } from "node:crypto";
import { printable } from "../../cards/mask-card-data.ts";
import { createVaultClient, type VaultPaymentMethodOutcome, type VerificationRequired } from "../../client/index.ts";
import type { VaultPaymentMethodRequest } from "../../index.ts";
import { switchedOn } from "../calling/active-faults.ts";
import { callTarget, type TargetOptions } from "../calling/call-target.ts";
import { type Addresses, type AddressOptions, addressesOf } from "../calling/callback-urls.ts";
import { exitCodeOf, type Outcome, printOutcome } from "../calling/format-outcome.ts";
import { follow, readSeconds } from "../calling/watch-vaulting.ts";
import { interruptible, isInterruption } from "../console/interrupt.ts";
import { type ExitCode, line, type Output, self } from "../console/output.ts";
import { canAsk } from "../console/terminal-capabilities.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { type Card, checkedCard, readCard } from "../inputs/card-file.ts";
import { askForCard } from "../inputs/card-prompt.ts";
import { openHiddenInput } from "../inputs/hidden-input.ts";
import { TEST_CARD_DETAILS, testCard } from "../inputs/test-cards.ts";
import { heardText } from "../notifications/format-notification.ts";
import type { Arrivals } from "../notifications/notification-listener.ts";

export interface VaultOptions extends TargetOptions, AddressOptions {
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
  const limitMs = readSeconds("--timeout", options.timeout);
  using interrupt = interruptible();
  const { signal } = interrupt;
  const card = await cardOf(output, options);
  const vaultingRequestId = options.id ?? randomUUID();
  await using target = await callTarget(output, options);
  await using addresses = await addressesOf(target, options, wait, vaultingRequestId);
  const { arrivals } = addresses;
  const client = createVaultClient(target.credentials);
  const request = requestOf(vaultingRequestId, card, addresses, options);

  const first = await client.vaultPaymentMethod(request, { signal });
  const isAwaited = first.outcome === "verification_required";
  if (isAwaited) sayAwaited(output, first, json);
  if (isAwaited && !wait && target.from === "started") line(output.stderr, ENDS_WITH_IT);
  const last = await lastOutcome(first);
  if (!json && (!isAwaited || wait)) printOutcome(output, last);
  const on = last.outcome === "vaulted" || !target.control ? undefined : await switchedOn(target.control);
  if (on !== undefined) line(output.stderr, on);
  const notification = await notified(arrivals, last, signal);
  if (json) printOutcome(output, last, json, notification ? { notification } : {});
  else if (notification)
    line(output.stdout, `${output.style.bold("Notification")}  ${heardText(notification, output.style)}`);
  return exitCodeOf(last, wait);

  async function lastOutcome(answer: VaultPaymentMethodOutcome): Promise<Outcome> {
    if (isAwaited && wait) return follow(output, { vault: client, vaultingRequestId, arrivals, limitMs, signal });
    if (answer.outcome !== "failed" || answer.code !== "PROCESS_FAIL") return answer;
    // The issuer's reason stands in the inquiry alone. Without one, or from a mock, which remembers nothing, the answer is what counts.
    const inquiry = await client.inquireVaulting({ vaultingRequestId }, { signal }).catch((error: unknown) => {
      if (isInterruption(error)) throw error;
      return answer;
    });
    return inquiry.outcome === "failed" ? inquiry : answer;
  }
}

const requestOf = (
  vaultingRequestId: string,
  card: Card,
  { vaultingNotificationUrl, redirectUrl }: Addresses,
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
function sayAwaited(output: Output, outcome: VerificationRequired, json: true | undefined): void {
  const { normalUrl, schemeUrl, applinkUrl } = outcome;
  if (json) line(output.stderr, `The buyer is awaited at ${printable(normalUrl ?? applinkUrl ?? schemeUrl ?? "")}`);
  else printOutcome(output, outcome);
}

/** How long the notification of a result that is known already is waited for. */
const NOTIFIED_WITHIN_MS = 2_000;

async function notified(arrivals: Arrivals | undefined, { outcome }: Outcome, signal: AbortSignal) {
  if (!arrivals || (outcome !== "vaulted" && outcome !== "failed")) return undefined;
  await arrivals.until(({ length }) => length > 0, NOTIFIED_WITHIN_MS, signal);
  return arrivals.heard[0];
}

const ENDS_WITH_IT = `The sandbox was started for this call and is gone with it, and so is the page. Start one that stays: ${self} sandbox.`;

/** The card, from where it may come: never from an argument or the environment. */
async function cardOf({ stderr, style }: Output, { card, testCard: name }: VaultOptions): Promise<Card> {
  if (card !== undefined && name !== undefined) throw wrongUsage("Give either --card or --test-card.");
  if (name !== undefined) {
    const { number } = testCard(name);
    return { cardNo: number, ...TEST_CARD_DETAILS };
  }
  const { stdin } = process;
  if (card === "-" && stdin.isTTY)
    throw wrongUsage("A terminal would show what you type for --card -. Leave --card out: the prompt shows nothing.");
  if (card !== undefined) return readCard(card);
  if (!canAsk(stdin, stderr, process.env))
    throw wrongUsage(
      "A card is needed: --card FILE, --card - for standard input, or --test-card NAME. On a terminal it is asked for.",
    );
  using input = openHiddenInput(stdin, stderr);
  return checkedCard(await askForCard({ stderr, style }, input.ask), "the prompt");
}
