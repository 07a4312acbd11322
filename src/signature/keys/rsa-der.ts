import { toBigInt } from "./crypto-key.ts";
import { type Der, readAllDer, readDer, TAG, writeDer } from "./der.ts";

/** An RSA key in PKCS#1, without a PKCS#8 or SubjectPublicKeyInfo envelope, or the reason why the input is not an RSA key. */
export type ParsedKey =
  | { readonly role: "private" | "public"; readonly pkcs1: Uint8Array<ArrayBuffer> }
  | { readonly role: "invalid"; readonly problem: string };

/** Patterns for the tags in the outer sequence, in hex. They identify the format, because PEM labels are unreliable. */
const SHAPE = {
  privatePkcs1: /^02( 02){8}$/,
  publicPkcs1: /^02 02$/,
  privateWrapped: /^02 30 04( a0)?( 81)?$/,
  publicWrapped: /^30 03$/,
} as const;

/** Creates the result for an invalid key. `problem` continues a sentence that starts with the name of the key, for example "is empty". */
export const invalidKey = (problem: string): ParsedKey => ({ role: "invalid", problem });

export const ENCRYPTED = "is an encrypted private key: decrypt it with openssl pkey -in encrypted.pem -out plain.pem";
const CURVE = "is an elliptic-curve (EC) key";

const UNSUPPORTED_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^30 04$/, ENCRYPTED],
  [
    /^30 30 03$/,
    "is a certificate or a certificate request: extract its key with openssl x509 -in certificate.pem -noout -pubkey, or with openssl req -in request.pem -noout -pubkey",
  ],
  [/^02 04/, CURVE],
  [/^02 30 30$/, "is a PKCS#12 store: extract its key with openssl pkcs12 -in store.p12 -nodes -nocerts"],
];

const RSA = "2a864886f70d010101";
const OTHER_ALGORITHMS: Readonly<Record<string, string>> = {
  "2a8648ce3d0201": CURVE,
  "2a864886f70d01010a": "is an RSA-PSS key",
};

const RSA_IDENTIFIER = Uint8Array.of(0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0);

/** Detects the format of a DER-encoded key and extracts the RSA key. Never throws. */
export function parseKeyDer(der: Uint8Array<ArrayBuffer>): ParsedKey {
  const outer = readDer(der);
  if (der[0] !== TAG.sequence || outer === "malformed") return invalidKey("is not a key in a supported format");
  if (outer === "truncated") return invalidKey("is truncated: its end is missing");
  if (outer.end !== der.length) return invalidKey("has extra bytes at the end");

  const members = readMembers(outer.content);
  if (SHAPE.privatePkcs1.test(members.shape)) return { role: "private", pkcs1: der };
  if (SHAPE.publicPkcs1.test(members.shape)) return { role: "public", pkcs1: der };
  if (SHAPE.privateWrapped.test(members.shape)) {
    const [, algorithm, key] = members.values;
    return unwrap("private", algorithm, key?.content);
  }
  if (SHAPE.publicWrapped.test(members.shape)) {
    const [algorithm, key] = members.values;
    return unwrap("public", algorithm, key?.content.subarray(1));
  }
  return invalidKey(
    UNSUPPORTED_SHAPES.find(([shape]) => shape.test(members.shape))?.[1] ?? "is not a key in a supported format",
  );
}

/** Wraps a PKCS#1 private key as PKCS#8, the format that WebCrypto imports. */
export const wrapPrivateKey = (pkcs1: Uint8Array): Uint8Array<ArrayBuffer> =>
  writeDer(TAG.sequence, writeDer(TAG.integer, Uint8Array.of(0)), RSA_IDENTIFIER, writeDer(TAG.octetString, pkcs1));

/** Wraps a PKCS#1 public key as SubjectPublicKeyInfo, the format that WebCrypto imports. */
export const wrapPublicKey = (pkcs1: Uint8Array): Uint8Array<ArrayBuffer> =>
  writeDer(TAG.sequence, RSA_IDENTIFIER, writeDer(TAG.bitString, Uint8Array.of(0), pkcs1));

/** Returns the numbers of a PKCS#1 key: the modulus and exponent of a public key, or the version, modulus, and 7 other numbers of a private key. */
export const readNumbers = (pkcs1: Uint8Array<ArrayBuffer>): readonly bigint[] =>
  readMembers(readAllDer(pkcs1)[0]?.content).values.map(({ content }) => toBigInt(content));

/** Extracts the PKCS#1 public key from a PKCS#1 private key: the second and third of its 9 numbers. */
export function extractPublicKey(pkcs1: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { values } = readMembers(readAllDer(pkcs1)[0]?.content);
  const numbers = values.slice(1, 3).map((value) => writeDer(TAG.integer, value.content));
  return writeDer(TAG.sequence, ...numbers);
}

function unwrap(
  role: "private" | "public",
  algorithm: Der | undefined,
  pkcs1: Uint8Array<ArrayBuffer> = new Uint8Array(),
): ParsedKey {
  const oid = hex(readMembers(algorithm?.content).values[0]?.content ?? []);
  if (oid !== RSA) return invalidKey(OTHER_ALGORITHMS[oid] ?? "is not an RSA key");
  const [inner, ...rest] = readAllDer(pkcs1);
  const { shape } = readMembers(inner?.tag === TAG.sequence && rest.length === 0 ? inner.content : undefined);
  const expected = role === "private" ? SHAPE.privatePkcs1 : SHAPE.publicPkcs1;
  return expected.test(shape) ? { role, pkcs1 } : invalidKey("is damaged: its envelope contains no RSA key");
}

function readMembers(content: Uint8Array<ArrayBuffer> = new Uint8Array()) {
  const values = readAllDer(content);
  return { values, shape: values.map((value) => hex([value.tag])).join(" ") };
}

const hex = (bytes: Iterable<number>) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
