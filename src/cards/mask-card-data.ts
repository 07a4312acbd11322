/** Shows a body to a person without the card in it. @module */
import { cardDataFields } from "../../generated/operations.ts";
import { isLuhnValid } from "./luhn.ts";

const CARD_FIELDS: ReadonlySet<string> = new Set(cardDataFields);

/**
 * A copy of a message's body in which every field of card data is replaced by asterisks, the card number but for its last four digits.
 * Which fields those are stands in the document (`x-card-data`).
 *
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
    const shown = CARD_FIELDS.has(name) ? maskField(name, value) : maskCardData(value);
    // Assigned, it would become the copy's prototype.
    if (name === "__proto__") Object.defineProperty(masked, name, { value: shown, enumerable: true });
    else masked[maskCardNumbers(name)] = shown;
  }
  return masked;
}

/** A text may be JSON in its turn. */
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
 * Text in which whatever could be a card number is masked: 12 to 19 digits, blanks and hyphens between them allowed, with a right check digit.
 * Other long numbers (times, a merchant's IDs) stay.
 */
export const maskCardNumbers = (text: string): string =>
  text.length < MIN_CARD_DIGITS
    ? text
    : text.replace(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g, (number) => {
        const digits = number.replace(/\D/g, "");
        return isLuhnValid(digits) ? maskAllButLastFour(digits) : number;
      });

/** One line for people: no card number, and nothing that a terminal would take for a command. */
export const toPrintable = (text: string): string => maskCardNumbers(text).replace(/\p{Cc}|\p{Cf}/gu, "?");

/** Digits of the shortest card number. */
const MIN_CARD_DIGITS = 12;

/**
 * A body's text as it stands, line ends and blanks included, with card data masked by field name. For text that may be no JSON:
 * whatever follows a card-data name is masked up to the end of its value.
 */
export const maskBodyText = (text: string): string =>
  maskCardNumbers(
    text.replace(CARD_FIELD, (_, head: string, name: string, quoted: string | undefined) =>
      quoted === undefined ? `${head}***` : `${head}"${maskField(name, quoted.replaceAll('"', ""))}"`,
    ),
  );

const CARD_FIELD = new RegExp(
  `("(${cardDataFields.join("|")})"\\s*:\\s*)(?:("(?:[^"\\\\]|\\\\.)*"?)|[^\\s,}\\]]+)`,
  "g",
);
