/** Work that is done again and again: by the clock, and at once when somebody wakes it. */

/** Begins at once. Two turns never overlap; one that fails is told and followed by the next. */
export function startLoop(
  work: () => Promise<void>,
  { intervalMs, onError }: { readonly intervalMs: number; readonly onError: (error: unknown) => void },
) {
  let turning: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let lastRunAt = Date.now();
  const timer = setInterval(wake, intervalMs);
  timer.unref();

  function wake(): void {
    if (stopped) return;
    if (turning) {
      again = true;
      return;
    }
    lastRunAt = Date.now();
    turning = work()
      .catch(onError)
      .finally(() => {
        turning = undefined;
        if (!again) return;
        again = false;
        wake();
      });
  }

  wake();
  return {
    /** Does the work now; where it is being done, once more afterwards, however often it was asked for meanwhile. */
    wake,
    /** When the work was last begun: milliseconds since 1970. */
    lastRunAt: () => lastRunAt,
    /** Resolves when the work under way is done; nothing follows it. */
    stop: async (): Promise<void> => {
      stopped = true;
      clearInterval(timer);
      await turning;
    },
  };
}
