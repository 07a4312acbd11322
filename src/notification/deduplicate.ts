/**
 * Creates a function that runs work once per key. Calls during the work wait for it, calls after its success do nothing, and calls after its failure
 * run the work again. Remembers the last `size` keys.
 */
export function createDeduplicator(size = 10_000): (key: string, work: () => Promise<void>) => Promise<void> {
  const seen = new Map<string, Promise<void>>();
  return (key, work) => {
    const previous = seen.get(key);
    if (previous) return previous;
    const running: Promise<void> = Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        // If this run was evicted while it was running, the entry may belong to a later run.
        if (seen.get(key) === running) seen.delete(key);
        throw error;
      });
    seen.set(key, running);
    const [oldest] = seen.keys();
    if (seen.size > size && oldest !== undefined) seen.delete(oldest);
    return running;
  };
}
