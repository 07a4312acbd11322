/** A background loop that runs at intervals, and immediately when it is woken. */

/** Starts a loop, and runs its work immediately. Runs never overlap, and an error does not stop the loop. */
export function startLoop(
  work: () => Promise<void>,
  { intervalMs, onError }: { readonly intervalMs: number; readonly onError: (error: unknown) => void },
) {
  let currentRun: Promise<void> | undefined;
  let runAgain = false;
  let stopped = false;
  let lastRunAt = Date.now();
  const timer = setInterval(wake, intervalMs);
  timer.unref();

  function wake(): void {
    if (stopped) return;
    if (currentRun) {
      runAgain = true;
      return;
    }
    lastRunAt = Date.now();
    currentRun = work()
      .catch(onError)
      .finally(() => {
        currentRun = undefined;
        if (!runAgain) return;
        runAgain = false;
        wake();
      });
  }

  wake();
  return {
    /** Runs the work now, or once more after the current run. */
    wake,
    /** Returns the start time of the last run, in milliseconds since the Unix epoch. */
    lastRunAt: () => lastRunAt,
    /** Stops the loop, and waits for the current run. */
    stop: async (): Promise<void> => {
      stopped = true;
      clearInterval(timer);
      await currentRun;
    },
  };
}
