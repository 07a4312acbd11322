/** Masks the card numbers of a known request in other text. @module */
import { MIN_CARD_DIGITS, normalizeDigits } from "./card-digits.ts";
import { listCardNumbers } from "./mask-card-data.ts";

/** A run of digits, separators, and encoded characters. */
const RUN =
  /(?=[\p{Nd}%&\\])(?:[\p{Nd}\s\p{Pd}\p{Cf}\u2212._/+]|%[\da-f]{2}|&(?:#x?[\da-f]{1,6}|[a-z]{2,6});|\\(?:u[\da-f]{4}|[nrt/\\]))+/giu;
/** Text that might be base64 or base64url. */
const BASE64 = /[\w+/-]{16,}/g;

/**
 * Masks the card numbers of requests in other text, such as a response: with any separators, in full-width digits, inside longer numbers, and
 * percent-encoded, HTML-escaped, JSON-escaped, or base64-encoded.
 *
 * @param requests the parsed bodies of the requests
 * @example
 * ```ts
 * maskKnownCard("Card 4054.6957.2310.0768 declined.", request); // "Card ************0768 declined."
 * ```
 */
export const maskKnownCard = (text: string, ...requests: readonly unknown[]): string =>
  createKnownCardMask(...requests)(text);

/** Returns a function that masks text as {@link maskKnownCard} does, but searches the requests for card numbers only once. */
export function createKnownCardMask(...requests: readonly unknown[]): (text: string) => string {
  const numbers = new Set(listCardNumbers(requests));
  const lengths = [...new Set([...numbers].map((number) => number.length))];
  // A malicious request can contain thousands of numbers, so the search time must not grow with their count.
  const findNumber = (candidate: string) => {
    if (candidate.length < MIN_CARD_DIGITS) return undefined;
    const digits = normalizeDigits(candidate);
    for (const length of lengths)
      for (let end = length; end <= digits.length; end++) {
        const number = digits.slice(end - length, end);
        if (numbers.has(number)) return number;
      }
    return undefined;
  };
  const mask = (text: string) =>
    text
      .replace(RUN, (run) => {
        const number = findNumber(run);
        return number === undefined ? run : `************${number.slice(-4)}${run.slice(run.trimEnd().length)}`;
      })
      .replace(BASE64, (encoded) => (decodeBase64(encoded).some(findNumber) ? "***" : encoded));
  return (text) => (numbers.size === 0 || text.length < MIN_CARD_DIGITS ? text : mask(text));
}

/** Returns a function that reports whether text contains the card number in a form that {@link maskKnownCard} masks. */
export function createCardNumberFinder(cardNo: string): (text: string) => boolean {
  const mask = createKnownCardMask({ cardNo });
  return (text) => mask(text) !== text;
}

/** Decodes base64 from each of the first 4 positions, because the match might start with other text. Omits results with too few digits. */
const decodeBase64 = (text: string): readonly string[] =>
  [0, 1, 2, 3]
    .map((start) => {
      const groups = text.slice(start).replaceAll("-", "+").replaceAll("_", "/");
      return atob(groups.slice(0, groups.length - (groups.length % 4 === 1 ? 1 : 0)));
    })
    // In UTF-8, a full-width digit starts with the bytes EF BC.
    .filter((binary) => (binary.match(/\d|\xef\xbc/g)?.length ?? 0) >= MIN_CARD_DIGITS)
    .map((binary) => new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
