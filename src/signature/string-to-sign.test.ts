import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringToSign } from "./string-to-sign.ts";

const message = { path: "/payNotify", clientId: "5Y00", time: "1685599933871", body: "{}" };
const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

describe("stringToSign", () => {
  test("returns two lines, separated by LF, without a trailing LF", () => {
    expect(decode(stringToSign(message))).toBe("POST /payNotify\n5Y00.1685599933871.{}");
  });

  test.each([
    ["a method", { method: "GET" }, "GET /payNotify\n5Y00.1685599933871.{}"],
    ["a query", { path: "/payNotify?a=1&b=%2F" }, "POST /payNotify?a=1&b=%2F\n5Y00.1685599933871.{}"],
    ["an empty body", { body: "" }, "POST /payNotify\n5Y00.1685599933871."],
    [
      "line breaks and a byte order mark",
      { body: "\uFEFF{\r\n}\n" },
      "POST /payNotify\n5Y00.1685599933871.\uFEFF{\r\n}\n",
    ],
  ])("keeps %s unchanged", (_name, change, expected) => {
    expect(decode(stringToSign({ ...message, ...change }))).toBe(expected);
  });

  test("keeps body bytes that are not UTF-8", () => {
    expect([...stringToSign({ ...message, body: Uint8Array.of(0xff, 0, 0x0d) }).subarray(-3)]).toEqual([0xff, 0, 0x0d]);
  });

  test("encodes a string body as UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (body) => {
        expect(stringToSign({ ...message, body })).toEqual(
          stringToSign({ ...message, body: new TextEncoder().encode(body) }),
        );
      }),
    );
  });

  test("copies the body", () => {
    const body = new TextEncoder().encode("{}");
    const bytes = stringToSign({ ...message, body });
    body.fill(0);
    expect(decode(bytes)).toMatch(/\{\}$/);
  });
});
