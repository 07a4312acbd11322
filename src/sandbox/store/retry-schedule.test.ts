import { expect, test } from "vitest";
import { getNextAttemptAt, RETRY_OFFSETS_MS } from "./retry-schedule.ts";

test("getNextAttemptAt schedules 8 attempts: after 0, 2, 12, 22, and 82 minutes, and after 3 h 22 min, 9 h 22 min, and 24 h 22 min", () => {
  const minutes = [0, 2, 12, 22, 82, 202, 562, 1462];
  expect(RETRY_OFFSETS_MS).toEqual(minutes.map((minute) => minute * 60_000));
  expect(getNextAttemptAt(1000, 7)).toBe(1000 + 1462 * 60_000);
  expect(getNextAttemptAt(1000, 8)).toBeUndefined();
});
