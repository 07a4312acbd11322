import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BODY_LIMIT, DEPTH_LIMIT, parseJson } from "./json.ts";

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
    ["the names of Object.prototype members", '{"constructor":1,"toString":2}'],
  ])("accepts %s", (_, text) => {
    expect(parseText(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  test("parses the output of JSON.stringify", () => {
    const plain = fc.jsonValue({ depthSize: "small", maxDepth: DEPTH_LIMIT - 2 });
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
        if (!result.ok) expect(result.message).toMatch(/^[A-Za-z0-9_ -]+$/);
      }),
    );
  });
});
