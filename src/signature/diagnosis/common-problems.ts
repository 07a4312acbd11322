import { decodeUtf8 } from "../../protocol/json.ts";
import type { CryptoKey } from "../keys/crypto-key.ts";
import { type SignedMessage, stringToSign } from "../string-to-sign.ts";
import { listReserializedBodies } from "./body-variants.ts";
import { listClientIdVariants, listNearbyTimes, listPathVariants, listTimeVariants } from "./header-variants.ts";

/** An invalid signature, the message that it belongs to, and the keys to try. */
export interface SignatureEvidence {
  readonly message: SignedMessage;
  /** The value of the received `Signature` header. */
  readonly headerValue: string;
  /** The expected public key of the signer. */
  readonly publicKey: CryptoKey;
  /** The recipient's public key. */
  readonly ownPublicKey?: CryptoKey;
  /** Other keys of the same or a different signer. */
  readonly otherPublicKeys?: readonly CryptoKey[];
  /** Other client IDs that the signer might have used. */
  readonly otherClientIds?: readonly string[];
}

/** An RSA signature scheme of WebCrypto. */
export interface Scheme {
  readonly name: "RSASSA-PKCS1-v1_5" | "RSA-PSS";
  readonly hash: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  /** The length of the salt in bytes; 0 if the scheme is not RSA-PSS. */
  readonly saltLength: number;
}

/** The changes to apply before verifying again. */
export interface Variant {
  readonly message?: Partial<SignedMessage>;
  readonly signedString?: Uint8Array<ArrayBuffer>;
  readonly headerValue?: string;
  readonly key?: CryptoKey;
  readonly scheme?: Scheme;
}

interface CommonProblem {
  readonly id: string;
  readonly message: string;
  readonly variants: (evidence: SignatureEvidence) => Iterable<Variant>;
}

/** The common problems, in the order in which they are tried: inexpensive and frequent problems first. */
export const COMMON_PROBLEMS: readonly CommonProblem[] = [
  {
    id: "not-url-encoded",
    message: "A plus sign in the signature became a space: percent-encode the signature in the header.",
    variants: ({ headerValue }) =>
      ["+", "%2B", "%2b"].map((plus) => ({
        headerValue: rewriteSignature(headerValue, (value) => value.trim().replaceAll(" ", plus)),
      })),
  },
  {
    id: "double-encoded",
    message: "The signature was percent-encoded twice: encode it once.",
    variants: ({ headerValue }) => [
      { headerValue: rewriteSignature(headerValue, (value) => value.replaceAll("%25", "%")) },
    ],
  },
  {
    id: "own-key",
    message:
      "The signature is valid for your own key pair: either your own public key is configured as the other side's key, " +
      "or you received a message that you signed yourself.",
    variants: ({ ownPublicKey }) => (ownPublicKey ? [{ key: ownPublicKey }] : []),
  },
  {
    id: "different-key",
    message: "The signature is valid for a different key: check the key version and the client ID.",
    variants: ({ otherPublicKeys = [] }) => otherPublicKeys.map((key) => ({ key })),
  },
  {
    id: "crlf-body",
    message: "The signed body has CRLF line endings, but the received body does not: sign and send the same bytes.",
    variants: createBodyVariants((body) => [body.replace(/\r?\n/g, "\r\n")]),
  },
  {
    id: "lf-body",
    message: "The signed body has LF line endings, but the received body has CRLF: sign and send the same bytes.",
    variants: createBodyVariants((body) => [body.replaceAll("\r\n", "\n")]),
  },
  {
    id: "byte-order-mark",
    message:
      "Only one of the signed and received bodies starts with a byte order mark: send and sign the body without it.",
    variants: createBodyVariants((body) => [body.startsWith("\uFEFF") ? body.slice(1) : `\uFEFF${body}`]),
  },
  {
    id: "trailing-newline",
    message: "The signed body and the received body differ in trailing whitespace: sign and send the same bytes.",
    variants: createBodyVariants((body) => [`${body}\n`, `${body}\r\n`, body.trimEnd()]),
  },
  {
    id: "reserialized-body",
    message:
      "The signed body is the same JSON in a different format (spaces, indentation, or escapes): " +
      "sign exactly the bytes that you send, and verify the raw bytes before you parse them.",
    variants: createBodyVariants(listReserializedBodies),
  },
  {
    id: "different-path",
    message:
      "The signed path is different: sign the path that you request (with /sandbox in Antom's sandbox), " +
      "from the first slash, with the query, and without scheme and host.",
    variants: ({ message }) => toVariants(listPathVariants(message.path), (path) => ({ path })),
  },
  {
    id: "different-time",
    message: "The signed time has a different format: sign exactly the value of the time header.",
    variants: ({ message }) => toVariants(listTimeVariants(message.time), (time) => ({ time })),
  },
  {
    id: "different-client",
    message: "The signed client ID is different: sign exactly the value of the Client-Id header.",
    variants: ({ message, otherClientIds = [] }) =>
      toVariants([...listClientIdVariants(message.clientId), ...otherClientIds], (clientId) => ({ clientId })),
  },
  {
    id: "crlf-separator",
    message: "The signed string has CRLF between its two lines: use a single line feed.",
    variants: ({ message }) => [{ message: { path: `${message.path}\r` } }],
  },
  {
    id: "missing-space",
    message: "The signed string has no space between method and path: insert one.",
    variants: ({ message: { method = "POST", ...rest } }) => [
      { signedString: stringToSign({ ...rest, method: "", path: method + rest.path }).slice(1) },
    ],
  },
  {
    id: "lowercase-method",
    message: "The signed method and the received method differ in case: use POST.",
    variants: ({ message: { method = "POST" } }) =>
      toVariants([method.toLowerCase(), method.toUpperCase()], (other) => ({ method: other })),
  },
  {
    id: "body-only",
    message: "Only the body was signed: put the method, path, client ID, and time before it.",
    variants: ({ message: { body } }) => [
      { signedString: typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body) },
    ],
  },
  {
    id: "nearby-time",
    message:
      "The signed time differs slightly from the time header: read the clock once, and use the same value for the signature and the header.",
    variants: ({ message }) => toVariants(listNearbyTimes(message.time), (time) => ({ time })),
  },
  {
    id: "different-algorithm",
    message: "The message was signed with a different algorithm: use RSASSA-PKCS1-v1_5 with SHA-256 (SHA256withRSA).",
    variants: () => SCHEMES.map((scheme) => ({ scheme })),
  },
];

const PKCS1 = { name: "RSASSA-PKCS1-v1_5", saltLength: 0 } as const;
const PSS = { name: "RSA-PSS", hash: "SHA-256" } as const;

const SCHEMES: readonly Scheme[] = [
  { ...PKCS1, hash: "SHA-1" },
  { ...PKCS1, hash: "SHA-384" },
  { ...PKCS1, hash: "SHA-512" },
  // Common salt lengths: the length of the hash, 20 bytes, or the maximum for 2048-bit keys.
  { ...PSS, saltLength: 32 },
  { ...PSS, saltLength: 20 },
  { ...PSS, saltLength: 222 },
];

function* toVariants(values: Iterable<string>, change: (value: string) => Partial<SignedMessage>): Iterable<Variant> {
  for (const value of values) yield { message: change(value) };
}

function createBodyVariants(change: (body: string) => Iterable<string>): CommonProblem["variants"] {
  return ({ message: { body } }) => {
    const text = typeof body === "string" ? body : decodeUtf8(body);
    return text === undefined ? [] : toVariants(change(text), (other) => ({ body: other }));
  };
}

const rewriteSignature = (headerValue: string, change: (value: string) => string) =>
  headerValue.replace(/(?<=signature=)[^,]*/i, change);
