import { describe, expect, test } from "vitest";
import type { InquireVaultingOutcome } from "../../client/index.ts";
import { pollResult } from "./watch-vaulting.ts";

const vaultingRequestId = "order-17";
const awaited: InquireVaultingOutcome = {
  outcome: "verification_required",
  vaultingRequestId,
  normalUrl: "https://x.example",
};
const explained = { message: "", advice: "", action: "inquire_or_retry" } as const;
const unknown: InquireVaultingOutcome = {
  outcome: "unknown",
  vaultingRequestId,
  code: "UNKNOWN_EXCEPTION",
  ...explained,
};
const failed: InquireVaultingOutcome = { outcome: "failed", vaultingRequestId, code: "CARD_EXPIRED", ...explained };

async function wait(outcomes: readonly InquireVaultingOutcome[], limitMs: number) {
  const pauses: number[] = [];
  const left = [...outcomes];
  const outcome = await pollResult({
    inquire: async () => left.shift() ?? awaited,
    pause: async (ms) => void pauses.push(ms),
    limitMs,
  });
  return { pauses, outcome };
}

describe("waiting for a result", () => {
  test("the pauses grow, up to ten seconds, and end with the time", async () => {
    const { pauses, outcome } = await wait([], 60_000);
    expect(outcome).toBe(awaited);
    expect(pauses.slice(0, 4)).toEqual([500, 750, 1125, 1687.5]);
    expect(Math.max(...pauses)).toBe(10_000);
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBe(60_000);
  });

  test("what nobody knows is asked for again, and what is final ends it", async () => {
    const { pauses, outcome } = await wait([awaited, unknown, failed, awaited], 60_000);
    expect({ outcome, asked: pauses.length }).toEqual({ outcome: failed, asked: 3 });
  });

  test("a pause that is given up ends it", async () => {
    const gone = pollResult({
      inquire: async () => awaited,
      pause: () => Promise.reject(new Error("given up")),
      limitMs: 1000,
    });
    await expect(gone).rejects.toThrow("given up");
  });
});
