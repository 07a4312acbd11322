import { toBase64 } from "../protocol/base64.ts";
import type { VaultingEvent } from "./verify-notification.ts";

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
        // If the entry was evicted while the work was running, the current entry might belong to a later run.
        if (seen.get(key) === running) seen.delete(key);
        throw error;
      });
    seen.set(key, running);
    const [oldest] = seen.keys();
    if (seen.size > size && oldest !== undefined) seen.delete(oldest);
    return running;
  };
}

/** Creates a function that stores the first result for an ID, and returns it for every later result. Remembers the last `size` IDs. */
export function createResultMemory(size = 10_000): (id: string, result: string) => string | undefined {
  const results = new Map<string, string>();
  return (id, result) => {
    const earlier = results.get(id);
    if (earlier !== undefined) return earlier;
    results.set(id, result);
    const [oldest] = results.keys();
    if (results.size > size && oldest !== undefined) results.delete(oldest);
    return undefined;
  };
}

/** Returns a string that is the same for equal results. It contains a hash of the card token instead of the token, so that it can be stored. */
export async function describeResult(event: VaultingEvent): Promise<string> {
  if (event.outcome === "failed") return `failed ${event.code}`;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(event.cardToken));
  return `vaulted ${toBase64(new Uint8Array(hash))}`;
}
