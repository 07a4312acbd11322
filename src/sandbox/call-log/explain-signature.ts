/** Finds out which of the usual mistakes is behind a refused signature, for the journal. */
import type { RejectedSignature } from "../../gateway/index.ts";
import { diagnoseSignature } from "../../signature/index.ts";

/** So many in a row are explained, and then one a second: to look for a mistake costs as much as hundreds of calls. */
const BURST = 10;
const REFILL_INTERVAL_MS = 1000;

/**
 * Makes what explains refused signatures, one after the other. What is too much is not explained. The body is looked at for no longer than
 * that takes, and nothing of it is in the sentence.
 */
export function createSignatureExplainer(
  found: (sequence: number, message: string) => void,
  { burst = BURST, eachMs = REFILL_INTERVAL_MS, now = Date.now } = {},
): (sequence: number, refused: RejectedSignature) => void {
  let left = burst;
  let filledAt = now();
  let explaining: Promise<void> = Promise.resolve();

  async function explain(
    sequence: number,
    { merchant, path, clientId, time, body, headerValue }: RejectedSignature,
  ): Promise<void> {
    const [publicKey] = merchant?.publicKeys?.keys ?? [];
    if (!publicKey) return;
    const mistake = await diagnoseSignature({ message: { path, clientId, time, body }, headerValue, publicKey });
    if (mistake) found(sequence, mistake.message);
  }

  return (sequence, refused) => {
    const more = Math.floor((now() - filledAt) / eachMs);
    if (more > 0) {
      left = Math.min(burst, left + more);
      filledAt += more * eachMs;
    }
    if (left <= 0) return;
    left -= 1;
    // One that cannot be looked into keeps the sentence that it has.
    explaining = explaining.then(() => explain(sequence, refused)).catch(() => {});
  };
}
