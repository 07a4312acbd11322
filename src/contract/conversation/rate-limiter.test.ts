import { expect, test } from "vitest";
import { pace } from "./rate-limiter.ts";

test("calls keep their distance and their order", async () => {
  const turn = pace(50);
  const started = performance.now();
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3, 4, 5].map((at) => turn().then(() => order.push(at))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  // Timers may be a millisecond early; they are never earlier than that.
  expect(performance.now() - started).toBeGreaterThanOrEqual(5 * 20 - 5);
});
