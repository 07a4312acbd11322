import { expect, test } from "vitest";
import { formatDuration } from "./form-view.ts";

test.each([
  [15 * 60_000, "15 minutes"],
  [15 * 60_000 - 900, "15 minutes"],
  [14 * 60_000 + 20_000, "14 minutes"],
  [60_000, "1 minute"],
  [20_000, "less than a minute"],
  [-1, "less than a minute"],
  [60 * 60_000, "1 hour"],
  [59 * 60_000, "59 minutes"],
  [150 * 60_000, "3 hours"],
])("formatDuration formats %i ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
