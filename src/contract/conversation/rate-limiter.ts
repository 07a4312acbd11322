/** Keeps a distance between calls, so that nobody is flooded. @module */

/**
 * Resolves when it is this call's turn: at most so many a second, one after the other.
 *
 * @example
 * ```ts
 * const turn = pace(10);
 * await turn(); // at once
 * await turn(); // 100 ms later
 * ```
 */
export function pace(perSecond: number): () => Promise<void> {
  const distance = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + distance;
    if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
  };
}
