import fc from "fast-check";
import { expect, test } from "vitest";
import { computeRetryDelay, createRetryBudget } from "./retry.ts";

const limits = { baseDelayMs: 250, maxDelayMs: 5000 };

test.each([
  [1, 0, 0.5, 125],
  [2, 0, 0.5, 250],
  [3, 0, 0.5, 500],
  [9, 0, 0.5, 5000],
  [1, 0, 0, 0],
  [1, 2000, 0.5, 2000],
  [1, 100, 0.5, 125],
  [1, 90_000, 0.5, 5000],
])("computeRetryDelay for attempt %d, Retry-After %d ms, and the random number %d returns %d ms", (attempt, retryAfterMs, random, delay) => {
  expect(computeRetryDelay(attempt, limits, retryAfterMs, () => random)).toBe(delay);
});

test("computeRetryDelay returns at least the Retry-After delay, but never more than the limit", () => {
  const milliseconds = fc.double({ min: 0, max: 600_000, noNaN: true });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const attempts = fc.integer({ min: 1, max: 10 });
  fc.assert(
    fc.property(
      attempts,
      milliseconds,
      milliseconds,
      milliseconds,
      random,
      (attempt, baseDelayMs, maxDelayMs, retryAfterMs, fraction) => {
        const delay = computeRetryDelay(attempt, { baseDelayMs, maxDelayMs }, retryAfterMs, () => fraction);
        expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfterMs, maxDelayMs));
        expect(delay).toBeLessThanOrEqual(maxDelayMs);
      },
    ),
  );
});

test("the result of computeRetryDelay does not decrease when the random number or the attempt number increases", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, fraction) => {
      const delay = computeRetryDelay(attempt, limits, 0, () => fraction);
      expect(computeRetryDelay(attempt + 1, limits, 0, () => fraction)).toBeGreaterThanOrEqual(delay);
      expect(computeRetryDelay(attempt, limits, 0, () => 1)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test("a retry budget allows at most as many retries as its size, plus 1 for every 10 final responses", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.array(fc.boolean(), { maxLength: 300 }), (size, steps) => {
      const budget = createRetryBudget(size);
      let earned = 0;
      let spent = 0;
      for (const earning of steps) {
        if (earning) {
          budget.earn();
          earned++;
        } else if (budget.spend()) spent++;
        expect(spent).toBeLessThanOrEqual(size + Math.floor(earned / 10));
      }
    }),
  );
});

test("a retry budget grows by 1 for every 10 final responses, up to its size", () => {
  const budget = createRetryBudget(2);
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  for (let responses = 0; responses < 9; responses++) budget.earn();
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  for (let responses = 0; responses < 1000; responses++) budget.earn();
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
});
