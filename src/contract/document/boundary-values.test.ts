import { describe, expect, test } from "vitest";
import { isLuhnValid } from "../../cards/luhn.ts";
import type { TestValue } from "./boundary-values.ts";
import {
  generateMalformedValues,
  generateStringsOfLength,
  generateUnlistedValues,
  generateValuesOfOtherTypes,
} from "./boundary-values.ts";

const getNotes = (values: readonly TestValue[]) => values.map(({ note }) => note);
const toPairs = (values: readonly TestValue[]) => values.map(({ note, value }) => [note, value]);

describe("generateValuesOfOtherTypes", () => {
  test("returns a value of each JSON type except null", () => {
    expect(toPairs(generateValuesOfOtherTypes("", true))).toEqual([
      ["a string", "x"],
      ["a number", 1],
      ["a Boolean", true],
      ["an array with the value", [true]],
      ["an object", {}],
    ]);
  });

  test.each([
    ["string", "a string"],
    ["integer", "a number"],
    ["boolean", "a Boolean"],
  ])("omits the type %s", (type, note) => {
    expect(getNotes(generateValuesOfOtherTypes(type, "ab"))).toEqual(
      getNotes(generateValuesOfOtherTypes("", "ab")).filter((other) => other !== note),
    );
  });

  test("returns values that a lenient parser could convert to the example", () => {
    expect(toPairs(generateValuesOfOtherTypes("string", "08"))).toEqual(
      expect.arrayContaining([
        ["a number", 8],
        ["an array with the value", ["08"]],
      ]),
    );
    expect(toPairs(generateValuesOfOtherTypes("string", "ab"))).toContainEqual(["a number", 123]);
    expect(toPairs(generateValuesOfOtherTypes("object", { a: 1 }))).toEqual([
      ["the object as a JSON string", '{"a":1}'],
      ["a number", 123],
      ["a Boolean", true],
      ["an array with the value", [{ a: 1 }]],
      ["an empty array", []],
    ]);
  });
});

describe("generateUnlistedValues", () => {
  test.each([
    ["uppercase values", ["WEB", "APP"], ["WEBX", "web", "WEB ", ""]],
    ["lowercase values", ["web"], ["webX", "WEB", "web ", ""]],
    ["mixed-case values", ["Web"], ["WebX", "WEB", "Web ", ""]],
    ["numeric values", ["24", "32"], ["24X", "24 ", ""]],
    ["values in both cases", ["WEB", "web"], ["WEBX", "WEB ", ""]],
  ])("returns unlisted strings for %s", (_, listed, texts) => {
    expect(generateUnlistedValues(listed).map(({ value }) => value)).toEqual(texts);
  });

  test("describes how each value differs", () => {
    expect(getNotes(generateUnlistedValues(["A"]))).toEqual([
      "an unlisted value",
      "a listed value in a different case",
      "a listed value followed by a space",
      "an empty string",
    ]);
  });
});

describe("generateStringsOfLength", () => {
  test("pads a shorter example at the end with each filler, and once at the start", () => {
    expect(toPairs(generateStringsOfLength("ab", 4, ["name"]))).toEqual([
      ["4 characters", "ab00"],
      ["4 characters", "abaa"],
      ["4 characters", "abAA"],
      ["4 characters, including emoji", "ab😀😀"],
      ["4 characters", "aaab"],
    ]);
  });

  test.each([
    [3, "abc"],
    [2, "ab"],
    [0, ""],
  ])("truncates the example to %i characters", (length, text) => {
    expect(toPairs(generateStringsOfLength("abc", length, ["name"]))).toEqual([[`${length} characters`, text]]);
  });

  test("counts code points, and returns an empty list for a negative length", () => {
    expect(toPairs(generateStringsOfLength("😀b", 1, ["name"]))).toEqual([["1 character", "😀"]]);
    expect(generateStringsOfLength("abc", -1, ["name"])).toEqual([]);
  });

  test.each([12, 16, 19])("returns a card number of %i digits with a valid check digit", (length) => {
    const path = ["paymentMethodDetail", "card", "cardNo"];
    const digits = generateStringsOfLength("4054695723100768", length, path)
      .map(({ value }) => String(value))
      .filter((text) => /^\d+$/.test(text));
    expect(digits).toHaveLength(1);
    for (const cardNo of digits) expect([cardNo.length, isLuhnValid(cardNo)]).toEqual([length, true]);
  });

  test("corrects the check digit only of a card number that consists of digits", () => {
    expect(generateStringsOfLength("124", 4, ["cardNo", "cvv"])[0]?.value).toBe("1240");
    expect(generateStringsOfLength("123", 4, ["cardNo"]).map(({ value }) => value)).toEqual([
      "1230",
      "123a",
      "123A",
      "123😀",
      "a123",
    ]);
    expect(generateStringsOfLength("12a", 3, ["cardNo"]).map(({ value }) => value)).toEqual(["12a"]);
    expect(generateStringsOfLength("a123", 4, ["cardNo"]).map(({ value }) => value)).toEqual(["a123"]);
  });
});

describe("generateMalformedValues", () => {
  test("replaces 1 character at the start, in the middle, and at the end", () => {
    const getPairs = (note: string) => toPairs(generateMalformedValues("12345")).filter(([other]) => other === note);
    expect(getPairs("with a letter").map(([, value]) => value)).toEqual(["x2345", "12x45", "1234x"]);
    expect(getPairs("with a space").map(([, value]) => value)).toEqual([" 2345", "12 45", "1234 "]);
  });

  test("replaces the only character of a 1-character example", () => {
    const values = new Map(generateMalformedValues("1").map(({ note, value }) => [note, value]));
    expect(Object.fromEntries(values)).toEqual({
      "with a letter": "x",
      "with a space": " ",
      "with a full-width digit": "１",
      "followed by a space": "1 ",
      "followed by a line feed": "1\n",
      "an empty string": "",
    });
  });
});
