import type { InquireVaultingOutcome } from "../../client/index.ts";
import { isInProcess } from "./format-outcome.ts";

export interface WaitOptions {
  readonly inquire: () => Promise<InquireVaultingOutcome>;
  /** Resolves after so many milliseconds, or earlier where the result may be there. Rejects where the wait is given up. */
  readonly pause: (ms: number) => Promise<void>;
  /** How long to wait at the most, in milliseconds of pauses. */
  readonly limitMs: number;
}

const FIRST_MS = 500;
const LONGEST_MS = 10_000;
const GROWTH = 1.5;

/** Inquires until a vaulting is final, with growing pauses: half a second, then half as much again each time, up to ten. The last outcome. */
export async function waitForResult({ inquire, pause, limitMs }: WaitOptions): Promise<InquireVaultingOutcome> {
  let waited = 0;
  for (let ms = FIRST_MS; ; ms = Math.min(ms * GROWTH, LONGEST_MS)) {
    const length = Math.min(ms, limitMs - waited);
    await pause(length);
    waited += length;
    const outcome = await inquire();
    if (!isInProcess(outcome) || waited >= limitMs) return outcome;
  }
}
