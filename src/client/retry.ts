/** How long to wait before the next attempt, and whether there may be one. */

/**
 * Retries of all calls of a client come out of one budget, ten at the start and one more for each ten answers, so that a gateway
 * that fails for everybody is not sent three times the load.
 */
export function createRetryBudget(size = 10) {
  // In whole tenths: ten times 0.1 is less than 1.
  let tenths = size * 10;
  return {
    /** Earns a tenth of a retry, for an answer. */
    earn: (): void => {
      tenths = Math.min(size * 10, tenths + 1);
    },
    /** Takes one retry, or returns `false` if there is none left. */
    spend: (): boolean => {
      if (tenths < 10) return false;
      tenths -= 10;
      return true;
    },
  };
}

/** Exponential with full jitter, not shorter than the server asks, never longer than the limit. Milliseconds. */
export function retryDelay(
  attempt: number,
  { baseDelayMs, maxDelayMs }: { readonly baseDelayMs: number; readonly maxDelayMs: number },
  retryAfterMs: number,
  random: () => number = Math.random,
): number {
  const jittered = random() * baseDelayMs * 2 ** (attempt - 1);
  return Math.min(maxDelayMs, Math.max(jittered, retryAfterMs));
}
