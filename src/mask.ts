/** Shows a body to a person without the card in it. @module */
import { cardDataFields } from "../generated/operations.ts";

const secret: ReadonlySet<string> = new Set(cardDataFields);

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
  if (typeof body === "string") return maskNumbers(body);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [maskNumbers(name), secret.has(name) ? asterisks(name, value) : maskCardData(value)]),
  );
}

const asterisks = (name: string, value: unknown): string =>
  name === "cardNo" && typeof value === "string" && /^\d{12,19}$/.test(value)
    ? "*".repeat(value.length - 4) + value.slice(-4)
    : "***";

/** Text in which whatever could be a card number (12 to 19 digits, blanks and hyphens between them allowed) is masked. */
export const maskNumbers = (text: string): string =>
  text.replace(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g, (number) => `************${number.replace(/\D/g, "").slice(-4)}`);

/**
 * A body's text as it stands, line ends and blanks included, with card data masked by field name. For text that may be no JSON:
 * whatever follows a card-data name is masked up to the end of its value.
 */
export const maskBodyText = (text: string): string =>
  maskNumbers(text.replace(FIELD, (_, head: string, quoted: string | undefined) => `${head}${quoted === undefined ? "***" : '"***"'}`));

const FIELD = new RegExp(`("(?:${cardDataFields.join("|")})"\\s*:\\s*)(?:("(?:[^"\\\\]|\\\\.)*"?)|[^\\s,}\\]]+)`, "g");
