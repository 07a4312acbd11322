import { fromBase64 } from "../protocol/base64.ts";
import { AntomVaultError } from "../protocol/errors.ts";

/** What a well-formed `Signature` header says. */
export interface SignatureHeader {
  /** 1 to 9 digits, or `undefined` when the header names none: the newest version then. */
  readonly keyVersion: string | undefined;
  /** 256 bytes for a key of 2048 bits; the length is not checked here. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Why a `Signature` header cannot be read. */
export type InvalidHeaderReason = "missing" | "malformed" | "duplicate" | "algorithm" | "key-version" | "encoding";

/** A `Signature` header that cannot be read, and why. The message never quotes the header. */
export interface InvalidSignatureHeader {
  readonly fault: InvalidHeaderReason;
  readonly message: string;
}

const MAXIMUM_LENGTH = 2048;
const KEY_VERSION = /^[0-9]{1,9}$/;

const MESSAGES: Readonly<Record<InvalidHeaderReason, string>> = {
  missing: "The Signature header is missing, or holds no signature.",
  malformed:
    "The Signature header must read algorithm=RSA256,keyVersion=1,signature=..., with nothing else in it, " +
    `in at most ${MAXIMUM_LENGTH} ASCII characters.`,
  duplicate: "The Signature header, or a pair in it, was sent twice; which one counts is not guessed.",
  algorithm: "The Signature header must say algorithm=RSA256, the only algorithm there is.",
  "key-version": "The keyVersion in the Signature header must be 1 to 9 digits.",
  encoding:
    "The signature in the Signature header must be base64, either as it is or with each + / = percent-encoded; " +
    "a blank in it is a plus that was lost in form decoding.",
};

/**
 * The value of the `Signature` header.
 *
 * @param signatureBase64 standard base64, as {@link sign} gives it
 * @throws AntomVaultError `CONFIGURATION_INVALID` when the key version is not 1 to 9 digits
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
 * Reads the value of a `Signature` header.
 *
 * Pairs may stand in any order with blanks around the commas, and names in any case. A name that comes twice
 * is refused, so a header that was sent twice and joined with ", " is too. The signature may be raw base64, or
 * percent-encoded with upper-case or with lower-case hex; no fourth form is accepted. Never throws.
 *
 * @example
 * ```ts
 * const header = parseSignatureHeader(request.headers.get("signature"));
 * if (isFault(header)) console.error(header.fault, header.message);
 * else console.log(header.keyVersion, header.signature.length);
 * ```
 */
export function parseSignatureHeader(value: string | null | undefined): SignatureHeader | InvalidSignatureHeader {
  if (!value) return invalidHeader("missing");
  // ASCII first: in Unicode, letters that are not A to Z fold into them (the Kelvin sign into k).
  if (value.length > MAXIMUM_LENGTH || /[^\t -~]/.test(value)) return invalidHeader("malformed");
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

/** Tells a header that cannot be read from one that can. */
export const isInvalidHeader = (header: SignatureHeader | InvalidSignatureHeader): header is InvalidSignatureHeader =>
  "fault" in header;

const invalidHeader = (fault: InvalidHeaderReason): InvalidSignatureHeader => ({ fault, message: MESSAGES[fault] });

/** What `encodeURIComponent` makes of base64, whose only characters to encode are these three; it costs more than the rest of the header. */
const percentEncode = (base64: string): string =>
  base64.replaceAll("+", "%2B").replaceAll("/", "%2F").replaceAll("=", "%3D");

/** The three spellings of a signature: base64 as it is, and percent-encoded in either case. */
const ENCODINGS = [/^[^%]*$/, /^(?:[A-Za-z0-9]|%2B|%2F|%3D)*$/, /^(?:[A-Za-z0-9]|%2b|%2f|%3d)*$/];

/** Base64 that has one text for its bytes: whole groups, and no stray bits before the padding. */
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** Takes each signature in three texts and no fourth. */
function decodeSignature(value: string): Uint8Array<ArrayBuffer> | undefined {
  if (!ENCODINGS.some((spelling) => spelling.test(value))) return undefined;
  const base64 = decodeURIComponent(value);
  return CANONICAL.test(base64) ? fromBase64(base64) : undefined;
}
