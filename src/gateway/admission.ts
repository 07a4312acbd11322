/**
 * Limits the number of calls in flight. When a call is rejected, its connection is put on hold for as many milliseconds as there are connections on
 * hold, including itself. Rejections then take little CPU time, even if clients retry immediately. All holds end when the number of calls in flight
 * falls to half of the maximum.
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
    /** Puts a connection on hold. Resolves when the hold ends. */
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
