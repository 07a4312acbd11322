/** Masks card data in bodies and text. @module */
import { cardDataFields } from "../../generated/operations.ts";
import { escapeControls } from "../protocol/escape-controls.ts";
import { mapJson, toText } from "../protocol/json-fields.ts";
import { MIN_CARD_DIGITS, normalizeDigits } from "./card-digits.ts";
import { isLuhnValid } from "./luhn.ts";

/** The names of card data fields: the names that the API uses, and other common names for a card number or CVV. */
const CARD_NAMES = [...cardDataFields, "cardNumber|pan|cv[cnv]2?|csc|securityCode"]
  .join("|")
  .replace(/[A-Z]/g, "[_-]?$&");
const CARD_NAME = new RegExp(`^(?:${CARD_NAMES})$`, "i");
const NUMBER_NAME = /^(?:card[_-]?no|card[_-]?number|pan)$/i;

/** Returns whether a field with this name contains card data. Ignores case, and ignores hyphens and underscores between words. */
export const isCardField = (name: string): boolean => CARD_NAME.test(name);

/**
 * Masks all card data in a message body: all but the last 4 digits of a card number, and the whole value of any other card data field.
 * Returns the same value if the body contains no card data; otherwise, returns a copy that shares its unchanged parts with the original.
 * The OpenAPI document marks card data fields with `x-card-data`. This function also masks card numbers in other values and in field names.
 *
 * @param body a parsed JSON value
 * @example
 * ```ts
 * maskCardData({ card: { cardNo: "4054695723100768", cvv: "123" } });
 * // { card: { cardNo: "************0768", cvv: "***" } }
 * ```
 */
export function maskCardData(body: unknown): unknown {
  if (typeof body === "string") return maskText(body);
  if (typeof body === "number") return maskNumber(body);
  return mapJson(body, maskCardNumbers, (value, name) =>
    name !== undefined && isCardField(name) ? maskField(name, value) : maskCardData(value),
  );
}

/** Returns a response or notification without card data: the same value if it contains none; otherwise, a copy. */
export function omitCardData(message: unknown): unknown {
  if (!hasCardData(message)) return message;
  if (Array.isArray(message)) return message.map(omitCardData);
  const fields = Object.entries(message).filter(([name]) => !isCardField(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, omitCardData(value)]));
}

function hasCardData(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  for (const name in value) {
    if (isCardField(name) || hasCardData(value[name as keyof typeof value])) return true;
  }
  return false;
}

/** Masks a string, which might contain JSON. */
const maskText = (text: string): string => (text.includes('"') ? maskBodyText(text) : maskNamedDigits(text));

/** Masks card numbers, and digits that follow the name of a CVV or expiry date field, for example in form data or a JSON string. */
const maskNamedDigits = (text: string): string => maskCardNumbers(text.replace(NAMED_DIGITS, "$1***"));
const NAMED_DIGITS =
  /((?:cv[cnv]2?|csc|expiry(?:Date|Month|Year)?)(?:%20|%3A|%3D|%22%3A(?:%22)?|\\u0022:\\u0022|&quot;:(?:&quot;)?|[^\w%]{1,6}))\d+/gi;

function maskNumber(number: number): number | string {
  const text = String(number);
  const masked = maskCardNumbers(text);
  return masked === text ? number : masked;
}

const maskField = (name: string, value: unknown): string =>
  NUMBER_NAME.test(name) && typeof value === "string" && /^(?:\d{12,19}|\*{8,15}\d{4})$/.test(value)
    ? maskAllButLastFour(value)
    : "***";

const maskAllButLastFour = (digits: string): string => "*".repeat(digits.length - 4) + digits.slice(-4);

/**
 * Masks everything in text that could be a card number: 12 to 19 digits with a valid check digit, optionally separated by spaces or dashes.
 * Does not mask UUIDs or other long numbers, such as times and merchant IDs.
 */
export const maskCardNumbers = (text: string): string => {
  const masked = text.length < MIN_CARD_DIGITS ? text : maskNumbers(text);
  // 1 in 280 UUIDs contains what looks like a card number.
  return masked === text
    ? text
    : text
        .split(UUID)
        .map((part, index) => (index % 2 ? part : maskNumbers(part)))
        .join("");
};

const UUID = /\b([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})\b/i;

const maskNumbers = (text: string): string =>
  text.replace(/(?<!\p{Nd})\p{Nd}(?:[\s\p{Pd}]?\p{Nd}){11,18}(?!\p{Nd})/gu, (number) => {
    const digits = normalizeDigits(number);
    return isLuhnValid(digits) ? maskAllButLastFour(digits) : number;
  });

/** Makes text safe to print: masks card numbers, and escapes control characters and the start of CI commands. */
export const toPrintable = (text: string): string => escapeControls(maskCardNumbers(text));

/** Returns the card numbers, as digits only, from all fields with a name such as `cardNo` or `pan`, at any depth. */
export function listCardNumbers(message: unknown, numbers: string[] = []): readonly string[] {
  if (Array.isArray(message)) for (const value of message) listCardNumbers(value, numbers);
  else if (typeof message === "object" && message !== null)
    for (const name in message) {
      const value: unknown = message[name as keyof typeof message];
      const number = NUMBER_NAME.test(name) ? normalizeDigits(toText(value)) : "";
      if (/^\d{12,19}$/.test(number)) numbers.push(number);
      else listCardNumbers(value, numbers);
    }
  return numbers;
}

/**
 * Masks card data in the text of a body without changing its whitespace. Also supports text that is not valid JSON:
 * masks everything between the name of a card data field and the end of the value.
 */
export const maskBodyText = (text: string): string =>
  maskNamedDigits(
    text.replace(CARD_FIELD, (_, head: string, name: string, quoted?: string, object?: string) =>
      quoted !== undefined
        ? `${head}"${maskField(name, quoted.replaceAll('"', ""))}"`
        : `${head}${object === undefined ? "***" : '"***"'}`,
    ),
  );

/** A JSON string, possibly truncated. */
const TEXT = `"(?:[^"\\\\]|\\\\.)*"?`;
// The annotation lets bundlers omit the pattern if maskBodyText is unused.
const CARD_FIELD = /* @__PURE__ */ new RegExp(
  `("(${CARD_NAMES})"\\s*:\\s*)(?:(${TEXT})|(\\{(?:[^}"]|${TEXT})*\\}?)|[^\\s,}\\]]+)`,
  "gi",
);
