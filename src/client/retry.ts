/** Limits the number of retries, and computes the delays before them. @module */

/**
 * Creates a budget for the retries of all calls of a client: `size` retries initially, and 1 more for every 10 final responses, up to
 * `size`. The budget prevents retries from multiplying the load on a failing gateway.
 */
export function createRetryBudget(size = 10) {
  // Counts whole tenths, because adding 0.1 ten times yields less than 1.
  let tenths = size * 10;
  return {
    /** Adds a tenth of a retry for a final response. */
    earn: (): void => {
      tenths = Math.min(size * 10, tenths + 1);
    },
    /** Spends a retry. Returns `false` if none is left. */
    spend: (): boolean => {
      if (tenths < 10) return false;
      tenths -= 10;
      return true;
    },
  };
}

/**
 * Returns the delay before the next attempt, in milliseconds. The delay is exponential with full jitter, and at least `retryAfterMs`, but never more
 * than `maxDelayMs`.
 */
export function computeRetryDelay(
  attempt: number,
  { baseDelayMs, maxDelayMs }: { readonly baseDelayMs: number; readonly maxDelayMs: number },
  retryAfterMs: number,
  random: () => number = Math.random,
): number {
  const jittered = random() * baseDelayMs * 2 ** (attempt - 1);
  return Math.min(maxDelayMs, Math.max(jittered, retryAfterMs));
}
