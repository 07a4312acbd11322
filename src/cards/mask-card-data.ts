/** Masks card data in bodies and text. @module */
import { cardDataFields } from "../../generated/operations.ts";
import { isLuhnValid } from "./luhn.ts";

const CARD_FIELDS: ReadonlySet<string> = new Set(cardDataFields);

/**
 * Returns a copy of a message body with all card data masked: a card number except for its last 4 digits, and other card data completely.
 * The OpenAPI document marks card data fields with `x-card-data`. Also masks card numbers in other strings and in names.
 *
 * @param body a parsed JSON value
 * @example
 * ```ts
 * maskCardData({ card: { cardNo: "4054695723100768", cvv: "123" } });
 * // { card: { cardNo: "************0768", cvv: "***" } }
 * ```
 */
export function maskCardData(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(maskCardData);
  if (typeof body === "string") return maskText(body);
  if (typeof body === "number") return maskNumber(body);
  if (typeof body !== "object" || body === null) return body;
  const masked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const maskedValue = CARD_FIELDS.has(name) ? maskField(name, value) : maskCardData(value);
    // An assignment would set the prototype of the copy.
    if (name === "__proto__") Object.defineProperty(masked, name, { value: maskedValue, enumerable: true });
    else masked[maskCardNumbers(name)] = maskedValue;
  }
  return masked;
}

/** Returns a response or notification without card data: the same value if it contains none; otherwise, a copy. */
export function omitCardData(message: unknown): unknown {
  if (!hasCardData(message)) return message;
  if (Array.isArray(message)) return message.map(omitCardData);
  const fields = Object.entries(message).filter(([name]) => !CARD_FIELDS.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, omitCardData(value)]));
}

function hasCardData(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  for (const name in value) {
    if (CARD_FIELDS.has(name) || hasCardData(value[name as keyof typeof value])) return true;
  }
  return false;
}

/** Masks a string, which may contain JSON. */
const maskText = (text: string): string => (text.includes('"') ? maskBodyText(text) : maskCardNumbers(text));

function maskNumber(number: number): number | string {
  const text = String(number);
  const masked = maskCardNumbers(text);
  return masked === text ? number : masked;
}

const maskField = (name: string, value: unknown): string =>
  name === "cardNo" && typeof value === "string" && /^(?:\d{12,19}|\*{8,15}\d{4})$/.test(value)
    ? maskAllButLastFour(value)
    : "***";

const maskAllButLastFour = (digits: string): string => "*".repeat(digits.length - 4) + digits.slice(-4);

/**
 * Masks all possible card numbers in text: 12 to 19 digits with a valid check digit, optionally separated by spaces or hyphens.
 * Keeps other long numbers, such as times and merchant IDs.
 */
export const maskCardNumbers = (text: string): string =>
  text.length < MIN_CARD_DIGITS
    ? text
    : text.replace(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g, (number) => {
        const digits = number.replace(/\D/g, "");
        return isLuhnValid(digits) ? maskAllButLastFour(digits) : number;
      });

/** Makes text safe to print in a terminal: masks card numbers, and replaces control and format characters with `?`. */
export const toPrintable = (text: string): string => maskCardNumbers(text).replace(/\p{Cc}|\p{Cf}/gu, "?");

/** The number of digits of the shortest card number. */
const MIN_CARD_DIGITS = 12;

/**
 * Masks card data in the text of a body and keeps its whitespace. Also supports text that is not valid JSON:
 * masks everything after the name of a card data field up to the end of the value.
 */
export const maskBodyText = (text: string): string =>
  maskCardNumbers(
    text.replace(CARD_FIELD, (_, head: string, name: string, quoted?: string, object?: string) =>
      quoted !== undefined
        ? `${head}"${maskField(name, quoted.replaceAll('"', ""))}"`
        : `${head}${object === undefined ? "***" : '"***"'}`,
    ),
  );

/** A JSON string, possibly truncated. */
const TEXT = `"(?:[^"\\\\]|\\\\.)*"?`;
const CARD_FIELD = new RegExp(
  `("(${cardDataFields.join("|")})"\\s*:\\s*)(?:(${TEXT})|(\\{(?:[^}"]|${TEXT})*\\}?)|[^\\s,}\\]]+)`,
  "g",
);
