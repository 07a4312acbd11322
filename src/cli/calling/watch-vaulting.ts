/** Waits for the result of a vaulting. */
import { setTimeout as sleep } from "node:timers/promises";
import type { InquireVaultingOutcome, VaultClient } from "../../client/index.ts";
import { type Output, writeLine } from "../console/output.ts";
import { spinWhile } from "../console/spinner.ts";
import { usageError } from "../console/usage-error.ts";
import type { NotificationInbox } from "../notifications/notification-listener.ts";
import { isInProcess } from "./format-outcome.ts";

export interface PollOptions {
  readonly inquire: () => Promise<InquireVaultingOutcome>;
  /** Resolves after so many milliseconds, or earlier where the result may be there. Rejects where the wait is given up. */
  readonly pause: (ms: number) => Promise<void>;
  /** How long to wait at the most, in milliseconds of pauses. */
  readonly limitMs: number;
}

/** Inquires until a vaulting is final, with growing pauses: half a second, then half as much again each time, up to ten. The last outcome. */
export async function pollResult({ inquire, pause, limitMs }: PollOptions): Promise<InquireVaultingOutcome> {
  let waited = 0;
  for (let ms = 500; ; ms = Math.min(ms * 1.5, 10_000)) {
    const length = Math.min(ms, limitMs - waited);
    await pause(length);
    waited += length;
    const outcome = await inquire();
    if (!isInProcess(outcome) || waited >= limitMs) return outcome;
  }
}

export interface WatchOptions {
  readonly vault: VaultClient;
  readonly vaultingRequestId: string;
  readonly inbox: NotificationInbox | undefined;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Shows that it waits, and returns the last outcome. A notification that comes cuts a pause short. */
export async function watchVaulting(
  { stderr }: Pick<Output, "stderr">,
  followed: WatchOptions,
): Promise<InquireVaultingOutcome> {
  const { vault, vaultingRequestId, inbox, limitMs, signal } = followed;
  const pause = async (ms: number) => {
    const known = inbox?.received.length ?? 0;
    if (inbox) return inbox.waitFor((heard) => heard.length > known, ms, signal);
    return sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  };
  const inquire = () => vault.inquireVaulting({ vaultingRequestId }, { signal });
  const outcome = await spinWhile(stderr, "Waiting for the buyer", () => pollResult({ inquire, pause, limitMs }));
  if (isInProcess(outcome)) writeLine(stderr, `No result came within ${limitMs / 1000} seconds.`);
  return outcome;
}

/** How long to wait, out of seconds. */
export function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400))
    throw usageError(`${option} must be a number of seconds above 0, at most 86400.`);
  return seconds * 1000;
}
