/** Waits for the result of a vaulting. */
import { setTimeout as sleep } from "node:timers/promises";
import type { InquireVaultingOutcome, VaultClient } from "../../client/index.ts";
import { line, type Output } from "../console/output.ts";
import { spinWhile } from "../console/spinner.ts";
import { wrongUsage } from "../console/usage-error.ts";
import type { Arrivals } from "../notifications/notification-listener.ts";
import { isInProcess } from "./format-outcome.ts";

export interface WaitOptions {
  readonly inquire: () => Promise<InquireVaultingOutcome>;
  /** Resolves after so many milliseconds, or earlier where the result may be there. Rejects where the wait is given up. */
  readonly pause: (ms: number) => Promise<void>;
  /** How long to wait at the most, in milliseconds of pauses. */
  readonly limitMs: number;
}

/** Inquires until a vaulting is final, with growing pauses: half a second, then half as much again each time, up to ten. The last outcome. */
export async function waitForResult({ inquire, pause, limitMs }: WaitOptions): Promise<InquireVaultingOutcome> {
  let waited = 0;
  for (let ms = 500; ; ms = Math.min(ms * 1.5, 10_000)) {
    const length = Math.min(ms, limitMs - waited);
    await pause(length);
    waited += length;
    const outcome = await inquire();
    if (!isInProcess(outcome) || waited >= limitMs) return outcome;
  }
}

export interface Followed {
  readonly vault: VaultClient;
  readonly vaultingRequestId: string;
  readonly arrivals: Arrivals | undefined;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Shows that it waits, and returns the last outcome. A notification that comes cuts a pause short. */
export async function follow({ stderr }: Pick<Output, "stderr">, followed: Followed): Promise<InquireVaultingOutcome> {
  const { vault, vaultingRequestId, arrivals, limitMs, signal } = followed;
  const pause = async (ms: number) => {
    const known = arrivals?.heard.length ?? 0;
    if (arrivals) return arrivals.until((heard) => heard.length > known, ms, signal);
    return sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  };
  const inquire = () => vault.inquireVaulting({ vaultingRequestId }, { signal });
  const outcome = await spinWhile(stderr, "Waiting for the buyer", () => waitForResult({ inquire, pause, limitMs }));
  if (isInProcess(outcome)) line(stderr, `No result came within ${limitMs / 1000} seconds.`);
  return outcome;
}

/** How long to wait, out of seconds. */
export function readSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400))
    throw wrongUsage(`${option} must be a number of seconds above 0, at most 86400.`);
  return seconds * 1000;
}
