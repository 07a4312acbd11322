/**
 * Runs a piece of work once for a key: calls that come while it runs wait for it, calls that come after it has succeeded do nothing,
 * and after a failure it runs again. It remembers the last `size` keys.
 */
export function createDeduplicator(size = 10_000): (key: string, work: () => Promise<void>) => Promise<void> {
  const seen = new Map<string, Promise<void>>();
  return (key, work) => {
    const before = seen.get(key);
    if (before) return before;
    const running: Promise<void> = Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        // Its place may be another run's by now, where it was forgotten before it ended.
        if (seen.get(key) === running) seen.delete(key);
        throw error;
      });
    seen.set(key, running);
    const [oldest] = seen.keys();
    if (seen.size > size && oldest !== undefined) seen.delete(oldest);
    return running;
  };
}
