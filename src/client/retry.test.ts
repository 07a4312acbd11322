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
])("attempt %d, asked to wait %d ms, chance %d: %d ms", (attempt, retryAfterMs, chance, delay) => {
  expect(computeRetryDelay(attempt, limits, retryAfterMs, () => chance)).toBe(delay);
});

test("a delay is never below nothing, over its limit, or shorter than what is asked within it", () => {
  const milliseconds = fc.double({ min: 0, max: 600_000, noNaN: true });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const attempts = fc.integer({ min: 1, max: 10 });
  fc.assert(
    fc.property(
      attempts,
      milliseconds,
      milliseconds,
      milliseconds,
      chance,
      (attempt, baseDelayMs, maxDelayMs, asked, at) => {
        const delay = computeRetryDelay(attempt, { baseDelayMs, maxDelayMs }, asked, () => at);
        expect(delay).toBeGreaterThanOrEqual(Math.min(asked, maxDelayMs));
        expect(delay).toBeLessThanOrEqual(maxDelayMs);
      },
    ),
  );
});

test("a delay grows with chance and with the number of the attempt", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, at) => {
      const delay = computeRetryDelay(attempt, limits, 0, () => at);
      expect(computeRetryDelay(attempt + 1, limits, 0, () => at)).toBeGreaterThanOrEqual(delay);
      expect(computeRetryDelay(attempt, limits, 0, () => 1)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test("a budget never gives more than its size and a tenth of what was earned", () => {
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

test("ten answers earn one retry, and no more than the size is saved up", () => {
  const budget = createRetryBudget(2);
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  for (let answers = 0; answers < 9; answers++) budget.earn();
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  for (let answers = 0; answers < 1000; answers++) budget.earn();
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
});
