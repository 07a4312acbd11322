/** Waits for the result of a vaulting. @module */
import { setTimeout as sleep } from "node:timers/promises";
import type { InquireVaultingOutcome, VaultClient } from "../../client/index.ts";
import { type Output, writeText } from "../console/output.ts";
import { spinWhile } from "../console/spinner.ts";
import { usageError } from "../console/usage-error.ts";
import type { NotificationInbox } from "../notifications/notification-listener.ts";
import { isInProgress } from "./format-outcome.ts";

export interface PollOptions {
  readonly inquire: () => Promise<InquireVaultingOutcome>;
  /** Resolves after `ms` milliseconds, or earlier if the result may be available. Rejects to stop waiting. */
  readonly pause: (ms: number) => Promise<void>;
  /** Maximum total length of the pauses, in milliseconds. */
  readonly limitMs: number;
}

/** Inquires until a vaulting is final or time runs out, and returns the last outcome. Pauses grow by 50%, from 0.5 to 10 seconds. */
export async function pollResult({ inquire, pause, limitMs }: PollOptions): Promise<InquireVaultingOutcome> {
  let waited = 0;
  for (let ms = 500; ; ms = Math.min(ms * 1.5, 10_000)) {
    const pauseMs = Math.min(ms, limitMs - waited);
    await pause(pauseMs);
    waited += pauseMs;
    const outcome = await inquire();
    if (!isInProgress(outcome) || waited >= limitMs) return outcome;
  }
}

export interface WatchOptions {
  readonly vault: VaultClient;
  readonly vaultingRequestId: string;
  readonly inbox: NotificationInbox | undefined;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Shows a spinner until the vaulting is final or time runs out, and returns the last outcome. A notification ends a pause early. */
export async function watchVaulting(
  { stderr }: Pick<Output, "stderr">,
  { vault, vaultingRequestId, inbox, limitMs, signal }: WatchOptions,
): Promise<InquireVaultingOutcome> {
  const pause = async (ms: number) => {
    const known = inbox?.received.length ?? 0;
    if (inbox) return inbox.waitFor((received) => received.length > known, ms, signal);
    return sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  };
  const inquire = () => vault.inquireVaulting({ vaultingRequestId }, { signal });
  const outcome = await spinWhile(stderr, "Waiting for the buyer", () => pollResult({ inquire, pause, limitMs }));
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
