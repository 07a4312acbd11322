/** Forms in which a server could reveal a value. @module */
import { createHash } from "node:crypto";

/** Returns the first characters of the hashes of a value, in lowercase. */
export const listHashes = (value: string): readonly string[] =>
  ["md5", "sha1", "sha256", "sha512"].flatMap((algorithm) =>
    (["hex", "base64", "base64url"] as const).map((encoding) =>
      createHash(algorithm).update(value).digest(encoding).slice(0, 16).toLowerCase(),
    ),
  );

/** Returns the characters of a value's base64 that do not depend on the text around it, for each position in a group of 3 bytes. */
const listBase64 = (value: string): readonly string[] =>
  [0, 1, 2].map((offset) =>
    Buffer.from(" ".repeat(offset) + value)
      .toString("base64url")
      .slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + Buffer.byteLength(value)) * 8) / 6)),
  );

/** Returns a value in hexadecimal and in base64, in lowercase. */
export const listEncodings = (value: string): readonly string[] => [
  Buffer.from(value).toString("hex"),
  ...listBase64(value).map((text) => text.toLowerCase()),
];

export const reverseText = (value: string): string => [...value].reverse().join("");
