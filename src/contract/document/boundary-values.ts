/** Values at the limits of a constraint and past them. Which of them fit is judged elsewhere: these are candidates. */
import { computeLuhnDigit } from "../../cards/luhn.ts";

export interface TestValue {
  readonly note: string;
  readonly value: unknown;
}

export const generateOtherTypes = (type: string): readonly TestValue[] =>
  [
    { type: "string", note: "text", value: "x" },
    { type: "integer", note: "a number", value: 123 },
    { type: "boolean", note: "a Boolean", value: true },
    { type: "null", note: "null", value: null },
    { type: "array", note: "a list", value: [] },
    { type: "object", note: "an object", value: {} },
  ].filter((candidate) => candidate.type !== type);

/** Texts that are in no list of these. */
export function generateUnlisted(listed: readonly string[]): readonly TestValue[] {
  const [first = ""] = listed;
  return [
    { note: "a value that is not listed", value: `${first}X` },
    { note: "a listed value in the other case", value: swapCase(first) },
    { note: "a listed value with a blank behind it", value: `${first} ` },
    { note: "an empty text", value: "" },
  ].filter(({ value }) => !listed.includes(value));
}

const swapCase = (text: string) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

/** Characters to fill a text up with: the first that leaves it in its form is the one that counts, the emoji shows that code points are counted. */
const FILLERS = ["0", "a", "A", "😀"];

/** Texts of exactly so many characters (Unicode code points), made from an example. */
export function generateLengths(example: string, length: number, path: readonly string[]): readonly TestValue[] {
  if (length < 0) return [];
  const characters = [...example];
  const made = FILLERS.map((filler) => {
    const text = characters.slice(0, length).join("") + filler.repeat(Math.max(0, length - characters.length));
    return {
      note: `${length} characters${filler === "😀" && length > characters.length ? ", emoji among them" : ""}`,
      value: path.at(-1) === "cardNo" ? fixCheckDigit(text) : text,
    };
  });
  // What ends in a fixed form (an address, a domain) can only grow in front.
  const missing = length - characters.length;
  const front = missing > 0 ? [{ note: `${length} characters`, value: "a".repeat(missing) + example }] : [];
  return [...made, ...front].filter(
    ({ value }, index, all) => all.findIndex((other) => other.value === value) === index,
  );
}

/** A card number whose last digit is right by the Luhn rule, which is not the schema's but a gateway's. */
function fixCheckDigit(text: string): string {
  if (!/^\d+$/.test(text)) return text;
  return text.slice(0, -1) + computeLuhnDigit(text.slice(0, -1));
}

/** Texts of an example's length that break most patterns: one character is exchanged. */
export function generateMalformed(example: string): readonly TestValue[] {
  const characters = [...example];
  const strange = [
    ["a letter", "x"],
    ["a blank", " "],
    ["a full-width digit", "１"],
    ["a line feed", "\n"],
    ["a tab", "\t"],
    ["a control character", "\u007f"],
    ["a hyphen", "-"],
    ["a backslash", "\\"],
    ["an at sign", "@"],
  ] as const;
  const exchanged = strange.flatMap(([what, character]) =>
    [0, Math.floor(characters.length / 2), characters.length - 1].map((at) => ({
      note: `${what} in it`,
      value: characters.with(Math.max(0, at), character).join(""),
    })),
  );
  const whole = [
    ["a month 13", "13"],
    ["a month 00", "00"],
    ["an address of another scheme", "javascript:alert(1)"],
    ["a file", "file:///etc/passwd"],
    ["a data address", "data:text/html,x"],
    ["an address without a host", "//x"],
    ["a user name in the address", "https://user:pw@merchant.example/"],
    ["zero", "0"],
    ["no at sign", "ana.buyer.example"],
    ["an empty text", ""],
  ] as const;
  return [...exchanged, ...whole.map(([note, value]) => ({ note, value }))];
}
