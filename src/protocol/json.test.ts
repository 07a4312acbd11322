import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BODY_LIMIT, DEPTH_LIMIT, parseJson } from "./json.ts";

const UNSAFE_NUMBER =
  "contains a number that parsers read differently; use at most 17 digits and values up to 9007199254740991";
const UNSAFE_NUMBERS = [
  "1e400",
  "-1e400",
  "9007199254740993",
  "-9007199254740992",
  "1e16",
  "1e-400",
  "0.1".padEnd(30, "0"),
  "1".repeat(30),
];

const parseText = (text: string) => parseJson(new TextEncoder().encode(text));

describe("parseJson", () => {
  test.each([
    ["an empty body", "", "is empty"],
    ["a byte order mark", "\uFEFF{}", "starts with a byte order mark"],
    ["invalid JSON", "{cardNo:4054695723100768}", "is not JSON"],
    ["an unterminated string", '{"a', "is not JSON"],
    ["a duplicate name", '{"a":1,"b":{"a":1},"a":2}', "contains a duplicate name in an object"],
    ["duplicate names, one of them escaped", '{"a":1,"\\u0061":2}', "contains a duplicate name in an object"],
    ["the name __proto__", '{"__proto__":{"x":1}}', "contains the name __proto__"],
    ["the name __proto__, escaped", '{"\\u005f_proto__":{"x":1}}', "contains the name __proto__"],
    ["NUL in a string", '{"a":"\\u0000"}', "contains NUL or a lone surrogate in a string"],
    ["a lone surrogate in a string", '{"a":"\\ud800"}', "contains NUL or a lone surrogate in a string"],
    ["a lone surrogate in a name", '{"\\udc00":1}', "contains NUL or a lone surrogate in a string"],
    [
      "17 levels of nesting",
      "[".repeat(DEPTH_LIMIT + 1) + "]".repeat(DEPTH_LIMIT + 1),
      "is nested deeper than 16 levels",
    ],
    ["more than 64 KiB", `"${"é".repeat(BODY_LIMIT / 2)}"`, "is larger than 65536 bytes"],
    ...UNSAFE_NUMBERS.map((number): [string, string, string] => [
      `the number ${number}`,
      `{"a":[${number}]}`,
      UNSAFE_NUMBER,
    ]),
  ])("rejects %s", (_, text, message) => {
    expect(parseText(text)).toEqual({ ok: false, message });
  });

  test("rejects bytes that are not UTF-8", () => {
    expect(parseJson(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))).toEqual({ ok: false, message: "is not UTF-8" });
  });

  test.each([
    ["16 levels of nesting", "[".repeat(DEPTH_LIMIT) + "]".repeat(DEPTH_LIMIT)],
    ["the same name in different objects", '{"a":{"a":["a","a"]},"b":"a"}'],
    ["brackets and commas inside strings", '{"a":"}{[,\\"","b":",a"}'],
    ["an escaped surrogate pair", '{"a":"\\ud83d\\ude00"}'],
    ["the largest and smallest safe integers", "[9007199254740991,-9007199254740991]"],
    ["numbers with 17 digits", "[0.30000000000000004,-1.2345678901234567e-7]"],
    ["zero in every form", "[0,-0,0.0,0e400,0.000E-9]"],
    ["long numbers in strings and names", `{"${"1".repeat(30)}":"1e400, 9007199254740993"}`],
    ["the names of Object.prototype members", '{"constructor":1,"toString":2}'],
  ])("accepts %s", (_, text) => {
    expect(parseText(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test("parses the output of JSON.stringify", () => {
    const toSafeNumber = (_: string, value: unknown) =>
      typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER ? value / Number.MAX_VALUE : value;
    const plain = fc
      .jsonValue({ depthSize: "small", maxDepth: DEPTH_LIMIT - 2 })
      .map((value): unknown => JSON.parse(JSON.stringify(value, toSafeNumber)));
    fc.assert(
      fc.property(plain, fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!text.includes("\\u0000") && !text.includes("__proto__") && !/\\ud[89a-f]/i.test(text));
        expect(parseText(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test("never throws and never quotes the body", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = parseJson(bytes);
        if (!result.ok) expect(result.message).toMatch(/^[A-Za-z0-9_; -]+$/);
      }),
    );
  });
});
