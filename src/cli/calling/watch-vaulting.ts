/** Waits for the result of a vaulting. @module */
import type { InquireVaultingOutcome, VaultClient } from "../../client/index.ts";
import { type Output, writeText } from "../console/output.ts";
import { spinWhile } from "../console/spinner.ts";
import { usageError } from "../console/usage-error.ts";
import type { NotificationInbox } from "../notifications/notification-listener.ts";
import { isInProgress } from "./format-outcome.ts";

export interface WatchOptions {
  readonly vault: VaultClient;
  readonly vaultingRequestId: string;
  readonly inbox: NotificationInbox | undefined;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Shows a spinner until the result of the vaulting is final or the time limit is reached, and returns the last outcome. Inquires at intervals, and
 * immediately when a notification arrives.
 */
export async function watchVaulting(
  { stderr }: Pick<Output, "stderr">,
  { vault, vaultingRequestId, inbox, limitMs, signal }: WatchOptions,
): Promise<InquireVaultingOutcome> {
  const notified = inbox?.waitFor((received) => received.length > 0, limitMs, signal);
  const options = { timeoutMs: Math.max(1, limitMs), signal, ...(notified ? { notified } : {}) };
  const wait = () => vault.waitForVaulting(vaultingRequestId, options);
  const outcome = await spinWhile(stderr, "Waiting for the buyer", wait);
  if (isInProgress(outcome)) writeText(stderr, `No result within ${limitMs / 1000} s.`);
  return outcome;
}

/** Parses the value of `--timeout`, in seconds, and returns milliseconds. */
export function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400))
    throw usageError("--timeout must be a number of seconds, greater than 0 and at most 86400.");
  return seconds * 1000;
}
