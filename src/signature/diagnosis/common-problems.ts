import { decodeUtf8 } from "../../protocol/json.ts";
import type { CryptoKey } from "../keys/crypto-key.ts";
import { type SignedMessage, stringToSign } from "../string-to-sign.ts";
import { reserializedVariants } from "./body-variants.ts";
import { clientVariants, pathVariants, timeVariants } from "./header-variants.ts";

/** A signature that did not verify, and what it was checked with. */
export interface SignatureEvidence {
  readonly message: SignedMessage;
  /** The `Signature` header as it came. */
  readonly headerValue: string;
  readonly publicKey: CryptoKey;
  /** The public half of the reader's own key. */
  readonly ownPublicKey?: CryptoKey;
  /** Older or newer keys of the same signer, or of others. */
  readonly otherPublicKeys?: readonly CryptoKey[];
}

export interface Scheme {
  readonly name: "RSASSA-PKCS1-v1_5" | "RSA-PSS";
  readonly hash: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  /** Bytes; for RSA-PSS only. */
  readonly saltLength: number;
}

/** What to change before verifying once more. */
export interface Variant {
  readonly message?: Partial<SignedMessage>;
  readonly text?: Uint8Array<ArrayBuffer>;
  readonly headerValue?: string;
  readonly key?: CryptoKey;
  readonly scheme?: Scheme;
}

interface CommonProblem {
  readonly id: string;
  readonly message: string;
  readonly variants: (evidence: SignatureEvidence) => Iterable<Variant>;
}

/** The usual mistakes, tried from top to bottom: the cheap and frequent ones first. */
export const COMMON_PROBLEMS: readonly CommonProblem[] = [
  {
    id: "not-url-encoded",
    message: "A plus in the signature became a blank: percent-encode the signature in the header.",
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
      "The signature fits your own key pair: either your own public key stands where the other side's belongs, " +
      "or you got back what you signed yourself.",
    variants: ({ ownPublicKey }) => (ownPublicKey ? [{ key: ownPublicKey }] : []),
  },
  {
    id: "different-key",
    message: "The signature fits another key that you know: the key version or the client's key is mixed up.",
    variants: ({ otherPublicKeys = [] }) => otherPublicKeys.map((key) => ({ key })),
  },
  {
    id: "crlf-body",
    message: "The signed body had CRLF line ends, and this one does not: sign and send the same bytes.",
    variants: bodyVariants((body) => [body.replace(/\r?\n/g, "\r\n")]),
  },
  {
    id: "lf-body",
    message: "The signed body had LF line ends, and this one has CRLF: sign and send the same bytes.",
    variants: bodyVariants((body) => [body.replaceAll("\r\n", "\n")]),
  },
  {
    id: "byte-order-mark",
    message: "The signed body and this one differ by a byte order mark at the start: leave it out of both.",
    variants: bodyVariants((body) => [body.startsWith("\uFEFF") ? body.slice(1) : `\uFEFF${body}`]),
  },
  {
    id: "trailing-newline",
    message: "The signed body and this one differ in line breaks or blanks at the end: sign and send the same bytes.",
    variants: bodyVariants((body) => [`${body}\n`, `${body}\r\n`, body.trimEnd()]),
  },
  {
    id: "reserialized-body",
    message:
      "The signed body was the same JSON written in another way (blanks, indentation or escapes): " +
      "sign the text that is sent, and verify the raw text before it is parsed.",
    variants: bodyVariants(reserializedVariants),
  },
  {
    id: "different-path",
    message:
      "The signed path was another: it must be the path really requested (with /sandbox in the sandbox), " +
      "from the first slash on, with the query and without scheme and host.",
    variants: ({ message }) => toVariants(pathVariants(message.path), (path) => ({ path })),
  },
  {
    id: "different-time",
    message: "The signed time was written in another way: sign the time header character for character.",
    variants: ({ message }) => toVariants(timeVariants(message.time), (time) => ({ time })),
  },
  {
    id: "different-client",
    message: "The signed client id was another: sign the Client-Id header character for character.",
    variants: ({ message }) => toVariants(clientVariants(message.clientId), (clientId) => ({ clientId })),
  },
  {
    id: "crlf-separator",
    message: "The two lines of the signed text were parted by CRLF: a single LF is wanted.",
    variants: ({ message }) => [{ message: { path: `${message.path}\r` } }],
  },
  {
    id: "missing-space",
    message: "The blank between method and path was missing in the signed text.",
    variants: ({ message: { method = "POST", ...rest } }) => [
      { text: stringToSign({ ...rest, method: "", path: method + rest.path }).slice(1) },
    ],
  },
  {
    id: "lower-case-method",
    message: "The method was in another case in the signed text: it must read POST.",
    variants: ({ message: { method = "POST" } }) =>
      toVariants([method.toLowerCase(), method.toUpperCase()], (other) => ({ method: other })),
  },
  {
    id: "body-only",
    message: "Only the body was signed: method, path, client id and time belong in front of it.",
    variants: ({ message: { body } }) => [
      { text: typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body) },
    ],
  },
  {
    id: "different-algorithm",
    message: "Another algorithm was used to sign: it must be RSASSA-PKCS1-v1_5 with SHA-256 (SHA256withRSA).",
    variants: () => SCHEMES.map((scheme) => ({ scheme })),
  },
];

const PKCS1 = { name: "RSASSA-PKCS1-v1_5", saltLength: 0 } as const;
const PSS = { name: "RSA-PSS", hash: "SHA-256" } as const;

const SCHEMES: readonly Scheme[] = [
  { ...PKCS1, hash: "SHA-1" },
  { ...PKCS1, hash: "SHA-384" },
  { ...PKCS1, hash: "SHA-512" },
  // Salts as libraries choose them: as long as the hash, always 20 bytes, or the longest that 2048 bits leave room for.
  { ...PSS, saltLength: 32 },
  { ...PSS, saltLength: 20 },
  { ...PSS, saltLength: 222 },
];

function* toVariants(values: Iterable<string>, change: (value: string) => Partial<SignedMessage>): Iterable<Variant> {
  for (const value of values) yield { message: change(value) };
}

function bodyVariants(change: (body: string) => Iterable<string>): CommonProblem["variants"] {
  return ({ message: { body } }) => {
    const text = typeof body === "string" ? body : decodeUtf8(body);
    return text === undefined ? [] : toVariants(change(text), (other) => ({ body: other }));
  };
}

const rewriteSignature = (headerValue: string, repair: (value: string) => string) =>
  headerValue.replace(/(?<=signature=)[^,]*/i, repair);
