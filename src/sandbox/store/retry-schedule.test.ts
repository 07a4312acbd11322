import { expect, test } from "vitest";
import { getNextAttemptAt, RETRY_OFFSETS_MS } from "./retry-schedule.ts";

test("retries after 0 s, 2, 12, 22 min, 1 h 22, 3 h 22, 9 h 22, 24 h 22, then stops", () => {
  const minutes = [0, 2, 12, 22, 82, 202, 562, 1462];
  expect(RETRY_OFFSETS_MS).toEqual(minutes.map((each) => each * 60_000));
  expect(getNextAttemptAt(1000, 7)).toBe(1000 + 1462 * 60_000);
  expect(getNextAttemptAt(1000, 8)).toBeUndefined();
});
