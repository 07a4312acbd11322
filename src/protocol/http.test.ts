import { describe, expect, test } from "vitest";
import { formatMessageTime, isJsonMediaType, parseMessageTime, parseRequestTime, readBody } from "./http.ts";

describe("time headers:", () => {
  test.each([
    ["epoch milliseconds", "1685599933871", 1685599933871],
    ["Python's format", "2026-08-17T10:00:00+00:00", Date.UTC(2026, 7, 17, 10)],
    [".NET's format", "2026-08-17T10:00:00.1234567Z", Date.UTC(2026, 7, 17, 10)],
    ["PHP's format", "2026-08-17T10:00:00+0800", Date.UTC(2026, 7, 17, 2)],
    ["a negative offset", "2026-08-17T10:00:00-05:30", Date.UTC(2026, 7, 17, 15, 30)],
    ["a leap day", "2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ])("parseMessageTime reads %s", (_, text, instant) => {
    expect(parseMessageTime(text)).toBe(instant);
  });

  test.each([
    "",
    " ",
    "1",
    "168559993387",
    "16855999338711",
    "1685599933871123456",
    "0000000000000",
    "0685599933871",
    "0000-01-01T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:00",
    "2024-01-01",
    "2024-01-01T00:00:00+99:00",
    "2024-01-01T00:00:00Z\n",
    "x".repeat(300),
  ])("parseMessageTime rejects %j", (text) => {
    expect(parseMessageTime(text)).toBeUndefined();
  });

  test.each([
    ["1685599933871123456", 1685599933871],
    ["1685599933871", 1685599933871],
    ["2026-08-17T10:00:00Z", Date.UTC(2026, 7, 17, 10)],
    ["168559993387112345", undefined],
    ["0000000000000000000", undefined],
    ["16855999338711234567", undefined],
  ])("parseRequestTime(%j) returns %j", (text, instant) => {
    expect(parseRequestTime(text)).toBe(instant);
  });

  test("formatMessageTime formats Unix milliseconds as ISO 8601 to the second", () => {
    expect(formatMessageTime(Date.UTC(2026, 10, 23, 8, 4, 1, 999))).toBe("2026-11-23T08:04:01Z");
  });
});

test.each([
  [null, true],
  ["application/json", true],
  ["Application/JSON; charset=UTF-8", true],
  ['application/json;charset="utf-8"', true],
  ["application/json;", true],
  [" application/json ; charset = utf8 ; ", true],
  ["application/json;;", false],
  ["application/json; charset=utf-16", false],
  ["application/json; charset=utf-8; charset=utf-8", false],
  ["application/json, text/plain", false],
  ["text/json", false],
  ["application/x-www-form-urlencoded", false],
  ["", false],
])("isJsonMediaType(%j) returns %s", (header, accepted) => {
  expect(isJsonMediaType(header)).toBe(accepted);
});

describe("readBody", () => {
  const createStream = (...sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const size of sizes) controller.enqueue(new Uint8Array(size).fill(size));
        controller.close();
      },
    });

  test("joins the chunks of a body, or returns undefined if they exceed the limit", async () => {
    expect(await readBody(createStream(2, 0, 3), 5)).toEqual(new Uint8Array([2, 2, 3, 3, 3]));
    expect(await readBody(createStream(2, 4), 5)).toBeUndefined();
    expect(await readBody(null, 5)).toEqual(new Uint8Array());
  });

  test("cancels an endless stream when the signal aborts", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(readBody(endless, 5, AbortSignal.timeout(10))).rejects.toThrow();
    expect(cancelled).toBe(true);
  });
});
