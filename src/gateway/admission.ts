/**
 * Limits the number of calls in flight. A connection whose call was rejected is put on hold for 1 ms per connection on hold, so that rejections take only
 * a small part of the CPU time even if clients retry immediately. All holds end when half of the calls in flight are done.
 */
export function createAdmission(maxInFlight: number) {
  const waiting = new Set<() => void>();
  let inFlight = 0;

  return {
    isFull: (): boolean => inFlight >= maxInFlight,
    /** Runs a call, and counts it as in flight until it is done. */
    run: async <Result>(call: () => Promise<Result>): Promise<Result> => {
      inFlight += 1;
      try {
        return await call();
      } finally {
        inFlight -= 1;
        if (inFlight <= maxInFlight / 2) for (const release of waiting) release();
      }
    },
    /** Resolves when the hold ends. */
    hold: (): Promise<void> =>
      new Promise((resolve) => {
        const release = () => {
          clearTimeout(timer);
          waiting.delete(release);
          resolve();
        };
        waiting.add(release);
        const timer = setTimeout(release, waiting.size);
        timer.unref();
      }),
  };
}
