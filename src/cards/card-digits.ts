/** Finds card numbers in text, in common formats and in common encodings except base64. @module */
import type { ValidationIssue } from "../../generated/validators.js";
import { getCard, getField, toText } from "../protocol/json-fields.ts";

/** ASCII digits and full-width digits that are percent-encoded, HTML-escaped, or JSON-escaped. */
const ENCODED_DIGIT = /(?:%3|%EF%BC%9|(?:&#x|\\u)(?:0*3|ff1))(\d);?|&#(\d+);/gi;
/** Other encoded characters, spaces, hyphens, dashes, dots, slashes, underscores, and invisible characters. */
const SEPARATOR = /%[\da-f]{2}|&#?\w{1,6};|\\(?:u[\da-f]{4}|[nrt])|[\s\p{Pd}\p{Cf}\u2212._/\\+]/giu;

/** Decodes digits, converts full-width digits to ASCII digits, and removes separators. */
export const normalizeDigits = (text: string): string =>
  text
    .replace(ENCODED_DIGIT, (_, digit: string | undefined, code: string) => digit ?? String.fromCharCode(Number(code)))
    .normalize("NFKC")
    .replace(SEPARATOR, "");

/** The number of digits in the shortest card number. */
export const MIN_CARD_DIGITS = 12;

const createFinder =
  (cardNo: string) =>
  (text: string): boolean =>
    normalizeDigits(text).includes(cardNo);

/**
 * Returns an issue for each field other than cardNo that contains the request's card number in any format, and an issue for the client ID if it
 * contains the number. These values never need the card number, and gateways store and display them.
 *
 * @param createContains creates the function that searches text for the card number. By default, the function does not decode base64, which
 * keeps the client small.
 */
export function findRepeatedCardNumber(
  request: unknown,
  clientId: string,
  createContains = createFinder,
): readonly ValidationIssue[] {
  const card = getCard(request);
  const cardNo = normalizeDigits(toText(getField(card, "cardNo")));
  if (cardNo.length < MIN_CARD_DIGITS) return [];
  const contains = createContains(cardNo);
  const message = "must not contain the card number";
  const find = (value: unknown, pointer: string): readonly ValidationIssue[] => {
    if (Array.isArray(value)) return value.flatMap((inner, index) => find(inner, `${pointer}/${index}`));
    if (typeof value !== "object" || value === null)
      return contains(String(value)) ? [{ pointer, rule: "card-number", message }] : [];
    return Object.entries(value).flatMap(([name, inner]) => {
      // If a field name contains the card number, omit the name from the pointer.
      const inName = find(name, pointer);
      return inName.length > 0 || (value === card && name === "cardNo") ? inName : find(inner, `${pointer}/${name}`);
    });
  };
  return [...find(clientId, "Client-Id"), ...find(request, "")];
}
