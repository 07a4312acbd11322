/**
 * A minimal DER reader and writer for keys: definite lengths, one-byte tags, and no recursion.
 *
 * @module
 */

/** A DER value: its tag, its content, and the offset of the next value. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly end: number;
}

/**
 * Why a value cannot be read. `truncated`: the input ends before the value does. `malformed`: the value is not DER, or this reader does not support
 * its form.
 */
type DerError = "truncated" | "malformed";

/** The DER tags that the code for RSA keys uses. */
export const TAG = { integer: 0x02, bitString: 0x03, octetString: 0x04, sequence: 0x30 } as const;

/** Reads the value at `offset`. */
export function readDer(bytes: Uint8Array<ArrayBuffer>, offset = 0): Der | DerError {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) return "truncated";
  if ((tag & 0x1f) === 0x1f) return "malformed";
  if (first < 0x80) return sliceValue(bytes, tag, offset + 2, first);

  const count = first & 0x7f;
  if (count === 0 || count > 4) return "malformed";
  const start = offset + 2 + count;
  if (start > bytes.length) return "truncated";
  const length = bytes.subarray(offset + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  // DER requires the shortest form of a length.
  if (length < 0x80 || length < 256 ** (count - 1)) return "malformed";
  return sliceValue(bytes, tag, start, length);
}

function sliceValue(bytes: Uint8Array<ArrayBuffer>, tag: number, start: number, length: number): Der | DerError {
  const end = start + length;
  return end > bytes.length ? "truncated" : { tag, content: bytes.subarray(start, end), end };
}

/** Reads all consecutive values. Returns an empty array if any byte is not part of valid DER. */
export function readAllDer(bytes: Uint8Array<ArrayBuffer>): readonly Der[] {
  const values: Der[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const value = readDer(bytes, offset);
    if (typeof value === "string") return [];
    values.push(value);
    offset = value.end;
  }
  return values;
}

/** Encodes a value with the concatenated parts as its content. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = parts.flatMap((part) => [...part]);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = content.length < 0x80 ? [content.length] : [0x80 + length.length, ...length];
  return Uint8Array.from([tag, ...head, ...content]);
}
