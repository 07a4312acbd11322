import { describe, expect, test } from "vitest";
import { isLuhnValid } from "../../cards/luhn.ts";
import type { TestValue } from "./boundary-values.ts";
import { generateLengths, generateMalformed, generateOtherTypes, generateUnlisted } from "./boundary-values.ts";

const notesOf = (values: readonly TestValue[]) => values.map(({ note }) => note);
const asPairs = (values: readonly TestValue[]) => values.map(({ note, value }) => [note, value]);

describe("values of other types", () => {
  test("are of every JSON type", () => {
    expect(asPairs(generateOtherTypes(""))).toEqual([
      ["text", "x"],
      ["a number", 123],
      ["a Boolean", true],
      ["null", null],
      ["a list", []],
      ["an object", {}],
    ]);
  });

  test.each([
    ["string", "text"],
    ["integer", "a number"],
    ["boolean", "a Boolean"],
    ["null", "null"],
    ["array", "a list"],
    ["object", "an object"],
  ])("but not %s where that is the right one", (type, note) => {
    expect(notesOf(generateOtherTypes(type))).toEqual(notesOf(generateOtherTypes("")).filter((each) => each !== note));
  });
});

describe("texts that are in no list", () => {
  test.each([
    ["upper case", ["WEB", "APP"], ["WEBX", "web", "WEB ", ""]],
    ["lower case", ["web"], ["webX", "WEB", "web ", ""]],
    ["both cases", ["Web"], ["WebX", "WEB", "Web ", ""]],
    ["digits, which have no case", ["24", "32"], ["24X", "24 ", ""]],
    ["both cases listed", ["WEB", "web"], ["WEBX", "WEB ", ""]],
  ])("made of %s", (_, listed, texts) => {
    expect(generateUnlisted(listed).map(({ value }) => value)).toEqual(texts);
  });

  test("each says in what it differs", () => {
    expect(notesOf(generateUnlisted(["A"]))).toEqual([
      "a value that is not listed",
      "a listed value in the other case",
      "a listed value with a blank behind it",
      "an empty text",
    ]);
  });
});

describe("texts of a length", () => {
  test("longer than the example: filled up behind with what may fit, and in front", () => {
    expect(asPairs(generateLengths("ab", 4, ["name"]))).toEqual([
      ["4 characters", "ab00"],
      ["4 characters", "abaa"],
      ["4 characters", "abAA"],
      ["4 characters, emoji among them", "ab😀😀"],
      ["4 characters", "aaab"],
    ]);
  });

  test.each([
    [3, "abc"],
    [2, "ab"],
    [0, ""],
  ])("no longer than the example: cut to %i, once", (length, text) => {
    expect(asPairs(generateLengths("abc", length, ["name"]))).toEqual([[`${length} characters`, text]]);
  });

  test("a length is counted in code points, and none is below zero", () => {
    expect(asPairs(generateLengths("😀b", 1, ["name"]))).toEqual([["1 characters", "😀"]]);
    expect(generateLengths("abc", -1, ["name"])).toEqual([]);
  });

  test.each([12, 16, 19])("a card number of %i digits has a right check digit", (length) => {
    const path = ["paymentMethodDetail", "card", "cardNo"];
    const digits = generateLengths("4054695723100768", length, path)
      .map(({ value }) => String(value))
      .filter((text) => /^\d+$/.test(text));
    expect(digits).toHaveLength(1);
    for (const cardNo of digits) expect([cardNo.length, isLuhnValid(cardNo)]).toEqual([length, true]);
  });

  test("only a card number has one, and only where it is all digits", () => {
    expect(generateLengths("124", 4, ["cardNo", "cvv"])[0]?.value).toBe("1240");
    expect(generateLengths("123", 4, ["cardNo"]).map(({ value }) => value)).toEqual([
      "1230",
      "123a",
      "123A",
      "123😀",
      "a123",
    ]);
    expect(generateLengths("12a", 3, ["cardNo"]).map(({ value }) => value)).toEqual(["12a"]);
    expect(generateLengths("a123", 4, ["cardNo"]).map(({ value }) => value)).toEqual(["a123"]);
  });
});

describe("texts past a pattern", () => {
  test("have one character exchanged at the start, in the middle or at the end", () => {
    const of = (note: string) => asPairs(generateMalformed("12345")).filter(([each]) => each === note);
    expect(of("a letter in it").map(([, value]) => value)).toEqual(["x2345", "12x45", "1234x"]);
    expect(of("a line feed in it").map(([, value]) => value)).toEqual(["\n2345", "12\n45", "1234\n"]);
  });

  test("or are something else as a whole", () => {
    const last = new Map(generateMalformed("1").map(({ note, value }) => [note, value]));
    expect(Object.fromEntries(last)).toEqual({
      "a letter in it": "x",
      "a blank in it": " ",
      "a full-width digit in it": "１",
      "a line feed in it": "\n",
      "a tab in it": "\t",
      "a control character in it": "\u007f",
      "a hyphen in it": "-",
      "a backslash in it": "\\",
      "an at sign in it": "@",
      "a month 13": "13",
      "a month 00": "00",
      "an address of another scheme": "javascript:alert(1)",
      "a file": "file:///etc/passwd",
      "a data address": "data:text/html,x",
      "an address without a host": "//x",
      "a user name in the address": "https://user:pw@merchant.example/",
      zero: "0",
      "no at sign": "ana.buyer.example",
      "an empty text": "",
    });
  });
});
