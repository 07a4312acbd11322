import { expect, test } from "vitest";
import { createTimeFormat, describeAge } from "./times.ts";

test.each([
  [-5000, "now"],
  [999, "now"],
  [1000, "1 s ago"],
  [59_999, "59 s ago"],
  [60_000, "1 min ago"],
  [3_599_000, "59 min ago"],
  [7_200_000, "2 h ago"],
  [200_000_000, "2 d ago"],
])("describeAge describes %d ms as %s", (ms, text) => {
  expect(describeAge(ms)).toBe(text);
});

test("createTimeFormat adds milliseconds only to times in the same second", () => {
  const times = ["2026-11-30T10:00:01.100Z", "2026-11-30T10:00:01.900Z", "2026-11-30T10:00:02.000Z"];
  const showTime = createTimeFormat(times, "2026-11-30T10:00:05.000Z");
  expect(times.map((time) => />([\d:.]*)<\/time>/.exec(showTime(time).markup)?.[1])).toEqual([
    "10:00:01.100",
    "10:00:01.900",
    "10:00:02",
  ]);
});
