/** Time limits for work that might ignore abort signals. @module */

/** Returns the result of `work`, or rejects with the signal's reason as soon as the signal aborts. */
export function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Creates a signal that aborts after `ms` milliseconds or when `outer` aborts. `stop` clears the timer and the listener. */
export function createTimeLimit(
  ms: number,
  outer?: AbortSignal,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException("The time limit was exceeded.", "TimeoutError")),
    ms,
  );
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted) follow();
  outer?.addEventListener("abort", follow, { once: true });
  const stop = () => {
    clearTimeout(timer);
    outer?.removeEventListener("abort", follow);
  };
  return { signal: controller.signal, stop };
}
