/** Finds common causes of invalid signatures, for the call log. */
import type { RejectedSignature } from "../../gateway/index.ts";
import { diagnoseSignature } from "../../signature/index.ts";

/** The rate limit: at most 10 diagnoses at once, then 1 per second, because a diagnosis costs as much as hundreds of calls. */
const BURST = 10;
const REFILL_INTERVAL_MS = 1000;

/**
 * Creates a function that diagnoses rejected signatures one after the other, and skips those above the rate limit. The message that it
 * passes to `onExplanation` never quotes the body.
 */
export function createSignatureExplainer<Call>(
  onExplanation: (call: Call, message: string) => void,
  { burst = BURST, refillMs = REFILL_INTERVAL_MS, now = Date.now } = {},
): (call: Call, rejected: RejectedSignature) => void {
  let remaining = burst;
  let filledAt = now();
  let explaining: Promise<void> = Promise.resolve();

  async function explain(
    call: Call,
    { merchant, path, clientId, time, body, headerValue }: RejectedSignature,
  ): Promise<void> {
    const [publicKey] = merchant?.publicKeys?.keys ?? [];
    if (!publicKey) return;
    const problem = await diagnoseSignature({ message: { path, clientId, time, body }, headerValue, publicKey });
    if (problem) onExplanation(call, problem.message);
  }

  return (call, rejected) => {
    const refilled = Math.floor((now() - filledAt) / refillMs);
    if (refilled > 0) {
      remaining = Math.min(burst, remaining + refilled);
      filledAt += refilled * refillMs;
    }
    if (remaining <= 0) return;
    remaining -= 1;
    // After an error, the call keeps its generic reason.
    explaining = explaining.then(() => explain(call, rejected)).catch(() => {});
  };
}
