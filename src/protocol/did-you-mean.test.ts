import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didYouMean, findClosestMatches } from "./did-you-mean.ts";

const WORDS = ["visa", "declined", "challenge", "challenge-failed", "card-expired", "lost-card"];

describe("suggestions for mistyped values", () => {
  test.each([
    ["viza", ["visa"]],
    ["vsia", ["visa"]],
    ["VISA", ["visa"]],
    ["chalenge", ["challenge"]],
    ["card-expird", ["card-expired"]],
    ["challenge-fail", ["challenge-failed"]],
    ["unrelated-word", []],
    ["x", []],
  ])("findClosestMatches(%j) returns %j", (word, expected) => {
    expect(findClosestMatches(word, WORDS)).toEqual(expected);
  });

  test("findClosestMatches finds a word with one letter added, removed, or replaced", () => {
    const word = fc.constantFrom(...WORDS);
    const letter = fc.constantFrom(..."abcxyz-");
    fc.assert(
      fc.property(word, fc.nat(), letter, fc.nat(2), (correct, position, other, kind) => {
        const index = position % correct.length;
        const mistyped =
          correct.slice(0, index) + (kind === 0 ? "" : other) + correct.slice(index + (kind === 1 ? 0 : 1));
        expect(findClosestMatches(mistyped, WORDS)).toContain(correct);
      }),
    );
  });

  test("didYouMean lists several close words", () => {
    expect(didYouMean("cat", ["car", "cab", "dog"])).toBe(" Did you mean one of car, cab?");
  });
});
