/** Forms in which a server could reveal a value. @module */
import { createHash } from "node:crypto";

/** Returns the first 16 characters of each hash of a value, in lowercase. */
export const listHashes = (value: string): readonly string[] =>
  ["md5", "sha1", "sha256", "sha512"].flatMap((algorithm) =>
    (["hex", "base64", "base64url"] as const).map((encoding) =>
      createHash(algorithm).update(value).digest(encoding).slice(0, 16).toLowerCase(),
    ),
  );

/** Returns the part of a value's base64 form that does not depend on the bytes around the value, for each position in a group of 3 bytes. */
const listBase64 = (value: Buffer): readonly string[] =>
  [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), value])
      .toString("base64url")
      .slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + value.length) * 8) / 6)),
  );

/**
 * Returns forms of a long number: packed decimal (2 digits per byte) in base64, the integer in base64, and the integer in bases 16, 32, and 36, both
 * forward and reversed.
 */
function listNumberEncodings(digits: string): readonly string[] {
  const packed = listBase64(Buffer.from(digits.length % 2 === 0 ? digits : `${digits}f`, "hex"));
  const integers = [16, 32, 36].map((base) => BigInt(digits).toString(base));
  const [hexadecimal = ""] = integers;
  const bytes = Buffer.from(hexadecimal.padStart(hexadecimal.length + (hexadecimal.length % 2), "0"), "hex");
  const forms = [...packed, ...listBase64(bytes), ...integers, ...integers.map(reverseText)];
  // A short form can occur by chance.
  return forms.filter(({ length }) => length >= 8);
}

/** Returns a value in hexadecimal and in base64, and other forms of a long number, in lowercase. */
export const listEncodings = (value: string): readonly string[] =>
  [
    Buffer.from(value).toString("hex"),
    ...listBase64(Buffer.from(value)),
    ...(/^\d{12,}$/.test(value) ? listNumberEncodings(value) : []),
  ].map((text) => text.toLowerCase());

export const reverseText = (value: string): string => [...value].reverse().join("");
