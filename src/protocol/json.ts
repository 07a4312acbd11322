/**
 * Reads a body as I-JSON (RFC 7493): what two parsers could read in two ways is refused.
 * No message quotes the body: a JSON parser's own message would, card number and all.
 *
 * @module
 */
import { collectStrings } from "./json-fields.ts";

/** The most bytes that a body may have, in either direction. */
export const BODY_LIMIT = 64 * 1024;

/** How deep objects and arrays may be nested. */
export const DEPTH_LIMIT = 16;

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  /** `message` goes on from "the body", for example `is not JSON`. */
  | { readonly ok: false; readonly message: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns bytes as text, or `undefined` if they are not UTF-8. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const invalid = (message: string): JsonResult => ({ ok: false, message });

/**
 * Parses UTF-8 bytes. Refused: more than 64 KiB, bytes that are no UTF-8, a byte order mark, nesting over 16 levels, a name twice in one
 * object, the name `__proto__`, NUL and lone surrogates in a string, and what is no JSON at all.
 *
 * @example
 * ```ts
 * const reading = parseJson(new TextEncoder().encode('{"a":1,"a":2}'));
 * // { ok: false, message: "has a name twice in one object" }
 * ```
 */
export function parseJson(bytes: Uint8Array): JsonResult {
  if (bytes.byteLength > BODY_LIMIT) return invalid(`is larger than ${BODY_LIMIT} bytes`);
  if (bytes.byteLength === 0) return invalid("is empty");
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return invalid("begins with a byte order mark");
  const text = decodeUtf8(bytes);
  if (text === undefined) return invalid("is not UTF-8");
  const structure = findStructureError(text);
  if (structure !== undefined) return invalid(structure);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid("is not JSON");
  }
  // Neither can stand in UTF-8 or in JSON as it is: only an escape can bring one.
  if (text.includes("\\u") && !collectStrings(value).every(isValidText))
    return invalid("has NUL or a lone surrogate in a string");
  return { ok: true, value };
}

/** Returns the value of a body, or `undefined` if {@link parseJson} refuses it. */
export function tryParseJson(bytes: Uint8Array): unknown {
  const reading = parseJson(bytes);
  return reading.ok ? reading.value : undefined;
}

const isValidText = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const [COMMA, QUOTE, BACKSLASH] = [0x2c, 0x22, 0x5c] as const;

/**
 * What `JSON.parse` does not tell: depth, and names that come twice. It looks at brackets and strings only and leaves it to
 * `JSON.parse` to refuse what is no JSON, so it may read nonsense in nonsense.
 */
function findStructureError(text: string): string | undefined {
  // One entry a level: the names of an object, or undefined for an array.
  const levels: (Set<string> | undefined)[] = [];
  let nameExpected = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    switch (code) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (levels.length === DEPTH_LIMIT) return `is nested deeper than ${DEPTH_LIMIT} levels`;
        nameExpected = code === OPEN_OBJECT;
        levels.push(nameExpected ? new Set() : undefined);
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        levels.pop();
        nameExpected = false;
        break;
      case COMMA:
        nameExpected = levels[levels.length - 1] !== undefined;
        break;
      case QUOTE: {
        const end = findStringEnd(text, at);
        if (end < 0) return "is not JSON";
        const names = levels[levels.length - 1];
        const fault = nameExpected && names ? addName(names, text.slice(at, end + 1)) : undefined;
        if (fault !== undefined) return fault;
        nameExpected = false;
        at = end;
      }
    }
  }
  return undefined;
}

function addName(names: Set<string>, quoted: string): string | undefined {
  const name = unescapeName(quoted);
  if (name === undefined) return "is not JSON";
  if (name === "__proto__") return "has the name __proto__";
  if (names.has(name)) return "has a name twice in one object";
  names.add(name);
  return undefined;
}

function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  // A quote behind an odd number of backslashes is part of the string.
  while (end >= 0 && countBackslashes(text, end) % 2 === 1) end = text.indexOf('"', end + 1);
  return end;
}

function countBackslashes(text: string, end: number): number {
  let at = end;
  while (text.charCodeAt(at - 1) === BACKSLASH) at--;
  return end - at;
}

function unescapeName(quoted: string): string | undefined {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
