import { expect, test } from "vitest";
import { listCriticalTimes } from "./later-checks.ts";

test("listCriticalTimes returns the next times at which programs often miscalculate dates", () => {
  const times = listCriticalTimes(Date.UTC(2026, 11, 1));
  expect(times.map((time) => new Date(time).toISOString().slice(0, 16))).toEqual([
    "2026-12-31T23:50",
    "2027-01-01T12:00",
    "2027-01-31T23:50",
    "2027-02-28T23:50",
    "2029-12-31T12:00",
  ]);
});
