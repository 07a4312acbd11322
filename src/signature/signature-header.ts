import { fromBase64 } from "../protocol/base64.ts";
import { AntomVaultError } from "../protocol/errors.ts";

/** The contents of a well-formed `Signature` header. */
export interface SignatureHeader {
  /** The version of the key: 1 to 9 digits. If the header specifies no version, `undefined`, which selects the newest key. */
  readonly keyVersion: string | undefined;
  /** The decoded signature: 256 bytes for a 2048-bit key. {@link parseSignatureHeader} does not check the length. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** The reason why a `Signature` header is invalid. */
export type InvalidHeaderReason = "missing" | "malformed" | "duplicate" | "algorithm" | "key-version" | "encoding";

/** An invalid `Signature` header. The message never quotes the header. */
export interface InvalidSignatureHeader {
  readonly reason: InvalidHeaderReason;
  readonly message: string;
}

const MAX_LENGTH = 2048;
const KEY_VERSION = /^[0-9]{1,9}$/;

const MESSAGES: Readonly<Record<InvalidHeaderReason, string>> = {
  missing: "The Signature header is missing or contains no signature.",
  malformed:
    "The Signature header must be algorithm=RSA256,keyVersion=1,signature=... without other fields, " +
    `in at most ${MAX_LENGTH} ASCII characters.`,
  duplicate: "The Signature header, or a field in it, was sent twice.",
  algorithm: "The Signature header must contain algorithm=RSA256, the only supported algorithm.",
  "key-version": "The keyVersion in the Signature header must be 1 to 9 digits.",
  encoding:
    "The signature in the Signature header must be base64, either raw or with every +, /, and = percent-encoded. " +
    "A space in it is a + that was lost in form decoding.",
};

/**
 * Formats the value of a `Signature` header.
 *
 * @param signatureBase64 standard base64, as {@link sign} returns it
 * @throws {AntomVaultError} `CONFIGURATION_INVALID` if the key version is not 1 to 9 digits.
 * @example
 * ```ts
 * formatSignatureHeader("ab+/cw==", 1); // "algorithm=RSA256,keyVersion=1,signature=ab%2B%2Fcw%3D%3D"
 * ```
 */
export function formatSignatureHeader(signatureBase64: string, keyVersion: string | number): string {
  if (!KEY_VERSION.test(String(keyVersion)))
    throw new AntomVaultError("CONFIGURATION_INVALID", "The key version must be 1 to 9 digits, for example 1.");
  return `algorithm=RSA256,keyVersion=${keyVersion},signature=${percentEncode(signatureBase64)}`;
}

/**
 * Parses the value of a `Signature` header. Never throws.
 *
 * Accepts fields in any order, names in any case, and spaces around commas. Rejects duplicate fields, and therefore a header that was
 * sent twice and joined with ", ". The signature must be raw base64, or percent-encoded with either uppercase or lowercase hex digits.
 */
export function parseSignatureHeader(value: string | null | undefined): SignatureHeader | InvalidSignatureHeader {
  if (!value) return invalidHeader("missing");
  // Check for ASCII before lowercasing, because some other letters become ASCII (the Kelvin sign becomes k).
  if (value.length > MAX_LENGTH || /[^\t -~]/.test(value)) return invalidHeader("malformed");
  if (value.trim() === "") return invalidHeader("missing");

  const pairs = new Map<string, string>();
  for (const part of value.split(",")) {
    const pair = part.trim();
    const name = pair.slice(0, Math.max(pair.indexOf("="), 0)).toLowerCase();
    if (name !== "algorithm" && name !== "keyversion" && name !== "signature") return invalidHeader("malformed");
    if (pairs.has(name)) return invalidHeader("duplicate");
    pairs.set(name, pair.slice(name.length + 1));
  }

  const encoded = pairs.get("signature");
  const keyVersion = pairs.get("keyversion");
  if (encoded === undefined) return invalidHeader("malformed");
  if (encoded === "") return invalidHeader("missing");
  if (pairs.get("algorithm")?.toUpperCase() !== "RSA256") return invalidHeader("algorithm");
  if (keyVersion !== undefined && !KEY_VERSION.test(keyVersion)) return invalidHeader("key-version");
  const signature = decodeSignature(encoded);
  return signature ? { keyVersion, signature } : invalidHeader("encoding");
}

/** Returns whether a parsed header is invalid. */
export const isInvalidHeader = (header: SignatureHeader | InvalidSignatureHeader): header is InvalidSignatureHeader =>
  "reason" in header;

const invalidHeader = (reason: InvalidHeaderReason): InvalidSignatureHeader => ({ reason, message: MESSAGES[reason] });

/** Encodes base64 as `encodeURIComponent` does, but faster, because only `+`, `/`, and `=` need encoding. */
const percentEncode = (base64: string): string =>
  base64.replaceAll("+", "%2B").replaceAll("/", "%2F").replaceAll("=", "%3D");

/** The accepted encodings: raw base64, and percent-encoded with uppercase or lowercase hex digits. */
const ENCODINGS = [/^[^%]*$/, /^(?:[A-Za-z0-9]|%2B|%2F|%3D)*$/, /^(?:[A-Za-z0-9]|%2b|%2f|%3d)*$/];

/** Canonical base64: complete groups, and only zero bits before the padding. */
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

function decodeSignature(value: string): Uint8Array<ArrayBuffer> | undefined {
  if (!ENCODINGS.some((encoding) => encoding.test(value))) return undefined;
  const base64 = decodeURIComponent(value);
  return CANONICAL.test(base64) ? fromBase64(base64) : undefined;
}
