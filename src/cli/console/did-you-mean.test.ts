import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closestMatches, didYouMean } from "./did-you-mean.ts";

const WORDS = ["visa", "declined", "challenge", "challenge-fails", "card-expired", "lost-card"];

describe("did you mean", () => {
  test.each([
    ["viza", ["visa"]],
    ["vsia", ["visa"]],
    ["VISA", ["visa"]],
    ["chalenge", ["challenge"]],
    ["card-expird", ["card-expired"]],
    ["challenge-fail", ["challenge-fails"]],
    ["somewhat-else", []],
    ["x", []],
  ])("%s: %j", (word, meant) => {
    expect(closestMatches(word, WORDS)).toEqual(meant);
  });

  test("one letter more, less or other is still understood", () => {
    const word = fc.constantFrom(...WORDS);
    const letter = fc.constantFrom(..."abcxyz-");
    fc.assert(
      fc.property(word, fc.nat(), letter, fc.nat(2), (right, at, other, kind) => {
        const place = at % right.length;
        const mistyped = right.slice(0, place) + (kind === 0 ? "" : other) + right.slice(place + (kind === 1 ? 0 : 1));
        expect(closestMatches(mistyped, WORDS)).toContain(right);
      }),
    );
  });

  test("several are named", () => {
    expect(didYouMean("cat", ["car", "cab", "dog"])).toBe(" Did you mean one of car, cab?");
  });
});
