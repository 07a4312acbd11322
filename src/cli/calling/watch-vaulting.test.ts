import { describe, expect, test } from "vitest";
import type { InquireVaultingOutcome } from "../../client/index.ts";
import { pollResult } from "./watch-vaulting.ts";

const vaultingRequestId = "order-17";
const pending: InquireVaultingOutcome = {
  outcome: "verification_required",
  vaultingRequestId,
  normalUrl: "https://x.example",
};
const details = { message: "", advice: "", action: "inquire_or_retry" } as const;
const unknown: InquireVaultingOutcome = {
  outcome: "unknown",
  vaultingRequestId,
  code: "UNKNOWN_EXCEPTION",
  ...details,
};
const failed: InquireVaultingOutcome = { outcome: "failed", vaultingRequestId, code: "CARD_EXPIRED", ...details };

async function poll(outcomes: readonly InquireVaultingOutcome[], limitMs: number) {
  const pauses: number[] = [];
  const remaining = [...outcomes];
  const outcome = await pollResult({
    inquire: async () => remaining.shift() ?? pending,
    pause: async (ms) => void pauses.push(ms),
    limitMs,
  });
  return { pauses, outcome };
}

describe("pollResult", () => {
  test("lengthens the pauses up to 10 seconds and stops at the limit", async () => {
    const { pauses, outcome } = await poll([], 60_000);
    expect(outcome).toBe(pending);
    expect(pauses.slice(0, 4)).toEqual([500, 750, 1125, 1687.5]);
    expect(Math.max(...pauses)).toBe(10_000);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  });

  test("inquires again after an unknown outcome and stops at a final one", async () => {
    const { pauses, outcome } = await poll([pending, unknown, failed, pending], 60_000);
    expect({ outcome, inquiries: pauses.length }).toEqual({ outcome: failed, inquiries: 3 });
  });

  test("rejects if a pause rejects", async () => {
    const polling = pollResult({
      inquire: async () => pending,
      pause: () => Promise.reject(new Error("aborted")),
      limitMs: 1000,
    });
    await expect(polling).rejects.toThrow("aborted");
  });
});
