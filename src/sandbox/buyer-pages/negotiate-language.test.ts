import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languageFor } from "./negotiate-language.ts";
import { TEXTS } from "./texts.ts";

describe("the language that a browser asks for", () => {
  test.each<[string | null, string]>([
    [null, "en"],
    ["", "en"],
    ["*", "en"],
    ["ko", "ko"],
    ["ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"],
    ["pt-BR", "pt-BR"],
    ["pt-PT", "pt-BR"],
    ["es-419, en;q=0.5", "es"],
    ["zh-CN", "zh-CN"],
    ["zh-Hans-CN", "zh-CN"],
    ["zh-TW", "zh-CN"],
    ["ja-JP-u-ca-japanese", "ja"],
    ["JA-jp", "ja"],
    // By weight, and by place where the weights are the same.
    ["en;q=0.1, ja;q=0.9", "ja"],
    ["es;q=0.8, ko;q=0.8", "es"],
    ["fr-CH, fr;q=0.9, de;q=0.7, *;q=0.5", "en"],
    ["fr, ja;q=0.001", "ja"],
    // The wildcard says too little to choose by it before anything that is named.
    ["*, ko;q=0.5", "ko"],
    // What is not wanted.
    ["ja;q=0, ko;q=0.1", "ko"],
    ["ja;q=0.000", "en"],
    ["en;q=0, *", "zh-CN"],
    ["ja-JP, ja;q=0, es;q=0.2", "es"],
    ["*;q=0", "en"],
    // Blanks where the grammar allows them.
    [" , ,\tko \t;\tq=0.3 ,", "ko"],
    // No language range, or no weight: passed over.
    ["ja;q=NaN, ko;q=0.1", "ko"],
    ["ja;q=1.1, ko;q=0.1", "ko"],
    ["ja;q=-1, ko;q=0.1", "ko"],
    ["ja;q=0.1234, ko;q=0.1", "ko"],
    ["ja;q=1e0, ko;q=0.1", "ko"],
    ["ja;q=, ko;q=0.1", "ko"],
    ["ja;level=1, ko;q=0.1", "ko"],
    ["ja_JP, ko;q=0.1", "ko"],
    ["日本語, ko;q=0.1", "ko"],
    ["constructor, __proto__, toString, ko;q=0.1", "ko"],
    ["j, ja-, -ja, japanese1x", "en"],
    ["japan", "en"],
  ])("%j: %s", (header, language) => {
    expect(languageFor(header)).toBe(language);
  });

  test("of a header beyond all reason only the beginning is read, and nothing by half", () => {
    expect(languageFor(`${"fr,".repeat(1000)}ja`)).toBe("en");
    expect(languageFor(`${"x".repeat(10_000)},ja`)).toBe("en");
    expect(languageFor(`ko,${"x".repeat(10_000)}`)).toBe("ko");
    // Cut at its 1,000th character, "jav" would be "ja".
    expect(languageFor(`${"fr,".repeat(332)}  jav`)).toBe("en");
    expect(languageFor(`${"f".repeat(997)},jav`)).toBe("en");
  });

  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20_000 }),
    fc
      .array(fc.constantFrom("ja", "*", "-", ";q=", "0.", "1", "NaN", ",", " ", "\t", "a-".repeat(99), "\0", "é"), {
        maxLength: 3000,
      })
      .map((parts) => parts.join("")),
    fc.constantFrom("en-", " ", ",", ";", "a", "0").chain((part) => fc.nat(10_000).map((times) => part.repeat(times))),
  );

  test("whatever is sent, it is one of ours, and always the same one", () => {
    fc.assert(
      fc.property(hostile, (header) => {
        const language = languageFor(header);
        expect(Object.keys(TEXTS)).toContain(language);
        expect(languageFor(header)).toBe(language);
      }),
    );
  });

  test("a language with the greatest weight of all wins, in whatever order they come", () => {
    const language = fc.constantFrom("en", "ko", "es", "ja");
    const weight = fc.nat(998).map((thousandths) => `q=0.${String(thousandths).padStart(3, "0")}`);
    fc.assert(
      fc.property(language, fc.array(fc.tuple(language, weight)), fc.nat(), (best, others, place) => {
        const rest = others.filter(([other]) => other !== best).map(([other, q]) => `${other};${q}`);
        rest.splice(place % (rest.length + 1), 0, `${best};q=0.999`);
        expect(languageFor(rest.join(", "))).toBe(best);
      }),
    );
  });
});
