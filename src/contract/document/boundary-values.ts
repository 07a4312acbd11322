/** Generates candidate values at and beyond the limits of a constraint. The caller validates them. */
import { computeLuhnDigit } from "../../cards/luhn.ts";

export interface TestValue {
  readonly note: string;
  readonly value: unknown;
}

/** Generates values of the other JSON types, except null. Where possible, they are values that a lenient parser could convert to the example. */
export const generateValuesOfOtherTypes = (type: string, example: unknown): readonly TestValue[] => {
  const isObject = type === "object";
  const number = Number(example);
  return [
    {
      type: "string",
      note: isObject ? "the object as a JSON string" : "a string",
      value: isObject ? JSON.stringify(example) : "x",
    },
    { type: "integer", note: "a number", value: Number.isSafeInteger(number) ? number : 123 },
    { type: "boolean", note: "a Boolean", value: true },
    { type: "array", note: "an array with the value", value: [example] },
    { type: "object", note: "an object", value: {} },
    ...(isObject ? [{ type: "array", note: "an empty array", value: [] }] : []),
  ].filter((candidate) => candidate.type !== type);
};

/** Generates strings that are not in a list. */
export function generateUnlistedValues(listed: readonly string[]): readonly TestValue[] {
  const [first = ""] = listed;
  return [
    { note: "an unlisted value", value: `${first}X` },
    { note: "a listed value in a different case", value: changeCase(first) },
    { note: "a listed value followed by a space", value: `${first} ` },
    { note: "an empty string", value: "" },
  ].filter(({ value }) => !listed.includes(value));
}

const changeCase = (text: string) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

/** Padding characters. At least one of them usually matches the pattern of a field. The emoji tests whether the target counts code points. */
const FILLERS = ["0", "a", "A", "😀"];

/** Generates strings of exactly `length` characters (Unicode code points) from an example. */
export function generateStringsOfLength(
  example: string,
  length: number,
  path: readonly string[],
): readonly TestValue[] {
  if (length < 0) return [];
  const characters = [...example];
  const missing = length - characters.length;
  const note = length === 1 ? "1 character" : `${length} characters`;
  const padded = FILLERS.map((filler) => {
    const text = characters.slice(0, length).join("") + filler.repeat(Math.max(0, missing));
    return {
      note: filler === "😀" && missing > 0 ? `${note}, including emoji` : note,
      value: path.at(-1) === "cardNo" ? fixCheckDigit(text) : text,
    };
  });
  // Strings with a fixed suffix, such as email addresses and domains, can only grow at the start.
  const front = missing > 0 ? [{ note, value: "a".repeat(missing) + example }] : [];
  return [...padded, ...front].filter(
    ({ value }, index, all) => all.findIndex((other) => other.value === value) === index,
  );
}

/**
 * Generates the largest card number with `length` digits. Returns an empty list for other fields. With 19 digits, the number exceeds the range of
 * a signed 64-bit integer.
 */
export const generateLargestNumber = (length: number, path: readonly string[]): readonly TestValue[] =>
  path.at(-1) === "cardNo"
    ? [{ note: `the largest card number with ${length} digits`, value: fixCheckDigit("9".repeat(length)) }]
    : [];

/** Replaces the last digit of a card number with the Luhn check digit, which gateways require although the schema does not. Returns other text unchanged. */
function fixCheckDigit(text: string): string {
  if (!/^\d+$/.test(text)) return text;
  return text.slice(0, -1) + computeLuhnDigit(text.slice(0, -1));
}

/** Generates strings that violate most patterns: the example with 1 character replaced, the example followed by whitespace, and an empty string. */
export function generateMalformedValues(example: string): readonly TestValue[] {
  const characters = [...example];
  const characterValues = [
    ["a letter", "x"],
    ["a space", " "],
    ["a full-width digit", "１"],
  ] as const;
  const replaced = characterValues.flatMap(([name, character]) =>
    [0, Math.floor(characters.length / 2), characters.length - 1].map((index) => ({
      note: `with ${name}`,
      value: characters.with(Math.max(0, index), character).join(""),
    })),
  );
  return [
    ...replaced,
    { note: "followed by a space", value: `${example} ` },
    { note: "followed by a line feed", value: `${example}\n` },
    { note: "an empty string", value: "" },
  ];
}
