/** Inquires repeatedly until the outcome of a vaulting is final. */
import { createTimeLimit, rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { abortError, timeoutError } from "./failed-attempt.ts";
import type { Clock } from "./options.ts";
import type { InquireVaultingOutcome } from "./outcome-types.ts";
import { isTransientCode } from "./verify-response.ts";

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10_000;

export interface Wait {
  readonly inquire: (signal: AbortSignal) => Promise<InquireVaultingOutcome>;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** A promise that ends the current pause when it resolves. */
  readonly notified: Promise<unknown> | undefined;
}

/** Returns the first final outcome or, at the time limit, the last outcome. Pauses grow by 50%, and up to half of each pause is random. */
export async function waitForVaulting(wait: Wait): Promise<InquireVaultingOutcome> {
  const { inquire, clock, timeoutMs, signal } = wait;
  const limit = createTimeLimit(timeoutMs, signal);
  const never = new Promise<never>(() => {});
  let notified = wait.notified?.then(
    () => true,
    () => never,
  );
  let outcome: InquireVaultingOutcome | undefined;
  let failure: unknown;
  try {
    // The sum of the pauses also limits the loop, because a test's clock can skip the pauses.
    for (
      let paused = 0, pauseMs = FIRST_PAUSE_MS;
      paused < timeoutMs;
      pauseMs = Math.min(pauseMs * 1.5, MAX_PAUSE_MS)
    ) {
      try {
        outcome = await inquire(limit.signal);
        if (isFinal(outcome)) return outcome;
      } catch (error) {
        if (!isTransient(error)) throw error;
        failure = error;
      }
      const ms = Math.min(pauseMs * (0.5 + Math.random() / 2), timeoutMs - paused);
      const pause = new AbortController();
      const slept = clock.sleep(ms, pause.signal).then(() => false);
      const isEarly = await rejectOnAbort(Promise.race([slept, notified ?? never]), limit.signal).finally(() =>
        pause.abort(),
      );
      if (isEarly) notified = undefined;
      else paused += ms;
    }
  } catch (error) {
    if (signal?.aborted) throw abortError();
    if (!limit.signal.aborted) throw error;
  } finally {
    limit.stop();
  }
  if (outcome) return outcome;
  throw failure ?? timeoutError(timeoutMs);
}

const isFinal = ({ outcome }: InquireVaultingOutcome): boolean =>
  outcome === "vaulted" || outcome === "failed" || outcome === "inquiry_failed";

/** Returns whether a later inquiry can succeed. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof AntomVaultError)) return false;
  const { code, httpStatus = 0, unverified } = error;
  if (code === "UNEXPECTED_HTTP_STATUS") return httpStatus === 429 || httpStatus >= 500;
  if (code === "SIGNATURE_MISSING") return isTransientCode(unverified?.resultCode);
  return code === "CONNECTION_FAILED" || code === "TIMEOUT";
}
