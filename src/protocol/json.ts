/**
 * Parses bodies as I-JSON (RFC 7493), so that two parsers cannot interpret the same body differently.
 * Error messages never quote the body, because it can contain a card number.
 *
 * @module
 */
import { collectStrings } from "./json-fields.ts";

/** The maximum size of a request or response body, in bytes. */
export const BODY_LIMIT = 64 * 1024;

/** The maximum nesting depth of objects and arrays. */
export const DEPTH_LIMIT = 16;

/** The result of {@link parseJson}. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  /** `message` continues a sentence that starts with "the body", for example `is not JSON`. */
  | { readonly ok: false; readonly message: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes bytes as UTF-8 and keeps a byte order mark. Returns `undefined` if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const invalid = (message: string): JsonResult => ({ ok: false, message });

/**
 * Parses UTF-8 bytes. Rejects more than 64 KiB, invalid UTF-8, a byte order mark, more than 16 levels of nesting, duplicate names in an
 * object, the name `__proto__`, NUL or lone surrogates in strings, numbers that parsers read differently, and invalid JSON.
 *
 * @param options `anyNumber`: whether to accept all numbers
 * @example
 * ```ts
 * const result = parseJson(new TextEncoder().encode('{"a":1,"a":2}'));
 * // { ok: false, message: "contains a duplicate name in an object" }
 * ```
 */
export function parseJson(bytes: Uint8Array, { anyNumber = false } = {}): JsonResult {
  if (bytes.byteLength > BODY_LIMIT) return invalid(`is larger than ${BODY_LIMIT} bytes`);
  if (bytes.byteLength === 0) return invalid("is empty");
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return invalid("starts with a byte order mark");
  const text = decodeUtf8(bytes);
  if (text === undefined) return invalid("is not UTF-8");
  const names = countNames(text, anyNumber);
  if (typeof names === "string") return invalid(names);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid("is not JSON");
  }
  const fields = countFields(value);
  if (Number.isNaN(fields)) return invalid("contains the name __proto__");
  if (fields !== names) return invalid("contains a duplicate name in an object");
  // Valid UTF-8 and JSON can contain NUL and lone surrogates only as escapes.
  if (text.includes("\\u") && !collectStrings(value).every(isValidText))
    return invalid("contains NUL or a lone surrogate in a string");
  return { ok: true, value };
}

/** Returns the value of a body, or `undefined` if {@link parseJson} rejects it. */
export function tryParseJson(bytes: Uint8Array): unknown {
  const result = parseJson(bytes);
  return result.ok ? result.value : undefined;
}

const isValidText = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const [COLON, QUOTE, BACKSLASH] = [0x3a, 0x22, 0x5c] as const;
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39] as const;
const NUMBER = /[-+.\deE]+/y;

/** Returns the number of names in JSON text, or the reason why the text is invalid. Leaves other syntax errors to `JSON.parse`. */
function countNames(text: string, anyNumber: boolean): number | string {
  let depth = 0;
  let names = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = index;
      NUMBER.test(text);
      if (!anyNumber && !isInteroperableNumber(text.slice(index, NUMBER.lastIndex))) return UNSAFE_NUMBER;
      index = NUMBER.lastIndex - 1;
      continue;
    }
    switch (code) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (++depth > DEPTH_LIMIT) return `is nested deeper than ${DEPTH_LIMIT} levels`;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth--;
        break;
      case COLON:
        names++;
        break;
      case QUOTE:
        index = findStringEnd(text, index);
        if (index < 0) return "is not JSON";
    }
  }
  return names;
}

const UNSAFE_NUMBER =
  "contains a number that parsers read differently; use at most 17 digits and values up to 9007199254740991";

/** Returns whether every parser reads the same number, even if it supports only 64-bit integers or IEEE 754 doubles. */
function isInteroperableNumber(text: string): boolean {
  if (text.length <= 15 && !/[eE]/.test(text)) return true;
  const digits = text.replace(/[eE].*/, "").replace(/^[-.0]+|\./g, "");
  const value = Math.abs(Number(text));
  return digits.length <= 17 && !(value > Number.MAX_SAFE_INTEGER) && !(value === 0 && digits !== "");
}

/**
 * Returns the number of fields of all objects. It is smaller than the number of names if a name is a duplicate. Returns NaN if a name is
 * `__proto__`.
 */
function countFields(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Object.hasOwn(value, "__proto__")) return Number.NaN;
  if (Array.isArray(value)) return value.reduce<number>((count, inner) => count + countFields(inner), 0);
  let count = 0;
  for (const name in value) count += 1 + countFields(value[name as keyof typeof value]);
  return count;
}

function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  // A quotation mark after an odd number of backslashes is part of the string.
  while (end >= 0 && countBackslashes(text, end) % 2 === 1) end = text.indexOf('"', end + 1);
  return end;
}

function countBackslashes(text: string, end: number): number {
  let index = end;
  while (text.charCodeAt(index - 1) === BACKSLASH) index--;
  return end - index;
}
