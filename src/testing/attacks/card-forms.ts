/** The forms in which a response or a request might repeat a card number. @module */
import { computeLuhnDigit } from "../../cards/luhn.ts";

const PREFIX = "593917382640719";
/** A card that is not a published test card. */
export const CARD = {
  cardNo: PREFIX + computeLuhnDigit(PREFIX),
  expiryYear: "87",
  expiryMonth: "11",
  cvv: "8153",
} as const;

const SEPARATORS = [
  " ",
  "-",
  ".",
  "/",
  "_",
  "\u00a0",
  "\u2009",
  "\u2011",
  "\u2013",
  "\u2014",
  "\u2212",
  "\u200b",
  "--",
  " - ",
];

const toFullWidth = (text: string): string =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const escapeEach = (text: string, encode: (code: number) => string): string =>
  [...text].map((character) => encode(character.charCodeAt(0))).join("");

/** Returns a card number with each separator, in full-width digits, inside a longer number, and in each encoding. */
export function listCardNumberForms(cardNo: string): readonly string[] {
  const join = (separator: string) => (cardNo.match(/.{1,4}/g) ?? []).join(separator);
  const plain = [cardNo, ...SEPARATORS.map(join), [...cardNo].join(" "), toFullWidth(cardNo), `99${cardNo}55`];
  const encoded = plain.flatMap((text) => [
    encodeURIComponent(text),
    text.replaceAll(" ", "+").replaceAll("\u00a0", "&nbsp;").replaceAll("\u2013", "&ndash;"),
    ...["", "x", "xy"].map((before) => Buffer.from(before + text).toString("base64")),
    Buffer.from(text).toString("base64url"),
  ]);
  return [
    ...plain,
    ...encoded,
    escapeEach(cardNo, (code) => `&#${code};`),
    escapeEach(cardNo, (code) => `&#x${code.toString(16)};`),
    escapeEach(cardNo, (code) => `%${code.toString(16)}`),
    escapeEach(cardNo, (code) => `\\u00${code.toString(16)}`),
    escapeEach(toFullWidth(cardNo), (code) => `\\u${code.toString(16)}`),
    escapeEach(join(" "), (code) => `&#${code};`),
    join("\\/"),
    join("\\u00a0"),
    join("&#160;"),
  ];
}

/** Returns the forms of a card number that occur in a text. */
export const findCardNumberForms = (text: string, cardNo: string): readonly string[] =>
  listCardNumberForms(cardNo).filter((form) => text.includes(form));
