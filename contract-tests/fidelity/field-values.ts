/** Field values that a lenient parser might misread, for the generated bodies. */
import fc from "fast-check";
import { TEST_NUMBERS } from "./cases/base-requests.ts";

/** Values of the enumerations in requests, and common misspellings of these values. */
const ENUM_VALUES = "CARD WEB APP app web IOS VISA visa TOSSBANK SG sg UK 24 12 true True".split(" ");

const TEXTS = [
  "",
  " ",
  "0",
  "01",
  "12",
  "13",
  "99",
  "123",
  "12345",
  "-120",
  "720",
  "721",
  "-0",
  "1e2",
  "1208147521",
  "12345678909",
  "2024-02-29",
  "2023-02-29",
  "1900-02-29",
  "2024-2-9",
  "ana@buyer.example",
  "@",
  "203.0.113.7",
  "::1",
  "www.test.com",
  "HTTP://merchant.example:8443/a?b#c",
  "https://user@merchant.example/",
  "https://merchant.example/ a",
  "javascript:alert(1)",
  "//merchant.example",
  "null",
  "[object Object]",
  "__proto__",
];

/** Characters that some parsers confuse or ignore, one of each kind. */
const ODD_CHARACTERS = [
  "\u00e9",
  "e\u0301",
  "\u202e",
  "\ufeff",
  "\u200d",
  "\u2028",
  "\u0085",
  "\u007f",
  "\t",
  "\n",
  "４",
  "٤",
  "K",
  "ß",
  "😀",
  "\ufffe",
  "\u{10ffff}",
];
const UNREADABLE = ["\u0000", "\ud800", "\udc00"];

const FIELD_NAMES = [
  "constructor",
  "prototype",
  "toString",
  "toJSON",
  "valueOf",
  "then",
  "hasOwnProperty",
  "length",
  "$ref",
  "0",
  "",
  "cardToken",
  "isAdmin",
  "a/b~c",
];

export const oddCharacter = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...ODD_CHARACTERS) },
  { weight: 1, arbitrary: fc.constantFrom(...UNREADABLE) },
);
export const text = fc.oneof(
  fc.constantFrom(...ENUM_VALUES, ...Object.values(TEST_NUMBERS)),
  fc.constantFrom(...TEXTS),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  oddCharacter.map((character) => `a${character}`),
);
export const nonString = fc.constantFrom<unknown[]>(
  null,
  true,
  false,
  0,
  1,
  -120,
  720.5,
  721,
  [],
  {},
  ["CARD"],
  [{}],
  { a: null },
  [[]],
);

export const fieldName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FIELD_NAMES) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "\u0000", "\ud800") },
);
/** Nested objects and arrays, from one level to about the limit. */
export const nested = fc
  .constantFrom(1, 2, 3, 12, 13, 14, 15, 16)
  .chain((levels) => fc.array(fc.boolean(), { minLength: levels, maxLength: levels }))
  .map((levels) => levels.reduceRight<unknown>((inner, isList) => (isList ? [inner] : { a: inner }), "x"));
