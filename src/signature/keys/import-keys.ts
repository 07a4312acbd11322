import {
  type CryptoKey,
  exportPublicBase64,
  findKeyProblem,
  findWeakness,
  type KeyOption,
  type KeyRole,
  keyError,
  RSA256,
  requireKey,
} from "./crypto-key.ts";
import { parseKey } from "./parse-key.ts";
import {
  extractPublicKey,
  invalidKey,
  type ParsedKey,
  parseKeyDer,
  readNumbers,
  wrapPrivateKey,
  wrapPublicKey,
} from "./rsa-der.ts";

export { exportPublicPem, generateKeyPair, type KeyPairText } from "./key-pair.ts";

/** The part of Node's `KeyObject` that an import uses. */
export interface KeyObjectLike {
  /** `private` or `public`. A `secret` key is rejected. */
  readonly type: string;
  /** Exports the key as DER. */
  readonly export: (options: { readonly format: "der"; readonly type: "pkcs8" | "spki" }) => Uint8Array;
}

/**
 * An RSA key of 2048 to 8192 bits with a public exponent of at least 65537: a string in PEM or in base64, as the Antom dashboard shows it; the bytes
 * of a PEM or DER file; a `KeyObject` of Node; or a `CryptoKey`. Do not change a byte array until `ready()` or the first call resolves.
 * Private keys are PKCS#8 or PKCS#1; public keys are SubjectPublicKeyInfo or PKCS#1.
 *
 * @example
 * ```ts
 * const merchantPrivateKey: KeyInput = await readFile("merchant.pem", "utf8");
 * ```
 */
export type KeyInput = string | Uint8Array | KeyObjectLike | CryptoKey;

const DAMAGED = "is damaged: its numbers do not form an RSA key";

/**
 * Imports a private key as a `CryptoKey` that can sign and cannot be exported. Returns a valid `CryptoKey` unchanged.
 *
 * Checks the numbers of the key and tests it with one signature, so that a damaged key fails here instead of causing rejected requests later. Does
 * not test a `CryptoKey`, and checks its numbers only if it is extractable.
 *
 * @param name the name of the option, for error messages
 * @throws {AntomVaultError} `KEY_INVALID` if the key is empty, truncated, damaged, encrypted, public, too short, or not RSA. The error never
 * quotes the key.
 */
export async function importPrivateKey(key: KeyInput, name = "The private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  const parsed = parseInput(key, option);
  if (!parsed) {
    const cryptoKey = requireKey(key, option);
    if (cryptoKey.extractable) requirePkcs1(await exportKey(cryptoKey), option);
    return cryptoKey;
  }
  const pkcs1 = requirePkcs1(parsed, option);
  const imported = await importDer("private", wrapPrivateKey(pkcs1), option);
  const publicKey = await importDer("public", wrapPublicKey(extractPublicKey(pkcs1)), option);
  const probe = new Uint8Array(1);
  const signature = await crypto.subtle.sign(RSA256, imported, probe).catch(() => new ArrayBuffer(0));
  if (!(await crypto.subtle.verify(RSA256, publicKey, signature, probe))) throw keyError(option, DAMAGED);
  return imported;
}

/** Converts the text of a private key, which {@link importPrivateKey} must have accepted, to PKCS#8 in DER. */
export const toPkcs8 = (key: string, name: string): Uint8Array<ArrayBuffer> =>
  wrapPrivateKey(requirePkcs1(parseKey(key), { name, role: "private" }));

/**
 * Imports a public key as a `CryptoKey` that can verify and be exported, so that {@link isSameKey} can compare it. Returns a valid `CryptoKey`
 * unchanged.
 *
 * @param name the name of the option, for error messages
 * @throws {AntomVaultError} `KEY_INVALID` if the key is empty, truncated, damaged, private, a certificate, too short, or not RSA.
 */
export async function importPublicKey(key: KeyInput, name = "The public key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "public" };
  const parsed = parseInput(key, option);
  if (parsed) return importDer("public", wrapPublicKey(requirePkcs1(parsed, option)), option);
  const cryptoKey = requireKey(key, option);
  requirePkcs1(await exportKey(cryptoKey), option);
  return cryptoKey;
}

/**
 * Derives the public key of a private key.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if {@link importPrivateKey} rejects the key, or if it is a `CryptoKey` that is not extractable.
 */
export async function derivePublicKey(privateKey: KeyInput, name = "The private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  const parsed = parseInput(privateKey, option) ?? (await exportPrivateKey(privateKey, option));
  return importDer("public", wrapPublicKey(extractPublicKey(requirePkcs1(parsed, option))), option);
}

/**
 * Returns whether two public keys are equal.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if a key is not an extractable RSA public key.
 */
export async function isSameKey(a: CryptoKey, b: CryptoKey): Promise<boolean> {
  const [first, second] = await Promise.all([exportPublicBase64(a), exportPublicBase64(b)]);
  return first === second;
}

/** Parses text, bytes, or a `KeyObject`. Throws if the key is `undefined` or `null`, and returns `undefined` for any other value. */
function parseInput(key: unknown, option: KeyOption): ParsedKey | undefined {
  if (key === undefined || key === null)
    throw keyError(option, `is ${key}: check that the environment variable is set`);
  if (typeof key === "string") return parseKey(key);
  // Also recognizes a Uint8Array from a different realm, as in Jest.
  if (ArrayBuffer.isView(key)) return parseKey(new Uint8Array(key.buffer, key.byteOffset, key.byteLength).slice());
  if (!isKeyObject(key)) return undefined;
  if (key.type === "secret") return invalidKey("is a secret key");
  return parseKeyDer(Uint8Array.from(key.export({ format: "der", type: key.type === "private" ? "pkcs8" : "spki" })));
}

const isKeyObject = (key: unknown): key is KeyObjectLike =>
  typeof key === "object" && key !== null && "export" in key && typeof key.export === "function";

async function exportPrivateKey(key: unknown, option: KeyOption): Promise<ParsedKey> {
  const cryptoKey = requireKey(key, option);
  if (!cryptoKey.extractable)
    throw keyError(option, "is a CryptoKey that is not extractable, so its public key cannot be derived");
  return exportKey(cryptoKey);
}

const exportKey = async (key: CryptoKey): Promise<ParsedKey> =>
  parseKeyDer(new Uint8Array(await crypto.subtle.exportKey(key.type === "private" ? "pkcs8" : "spki", key)));

function requirePkcs1(parsed: ParsedKey, option: KeyOption): Uint8Array<ArrayBuffer> {
  if (parsed.role === "invalid") throw keyError(option, parsed.problem);
  if (parsed.role !== option.role) throw keyError(option, `is a ${parsed.role} key, but must be a ${option.role} key`);
  const problem = findNumberProblem(readNumbers(parsed.pkcs1));
  if (problem) throw keyError(option, problem);
  return parsed.pkcs1;
}

/**
 * Returns why the numbers do not form a strong RSA key, or `undefined` if they do. A platform might import an altered private key and then sign
 * slowly or incorrectly.
 */
function findNumberProblem(numbers: readonly bigint[]): string | undefined {
  const [n = 0n, e = 0n, d, p = 0n, q = 0n, dp, dq, inverse = 0n] = numbers.length === 2 ? numbers : numbers.slice(1);
  const weakness = findWeakness(n.toString(2).length, e);
  if (weakness) return weakness;
  if (n % 2n === 0n) return DAMAGED;
  if (d === undefined) return undefined;
  const isConsistent =
    p > 2n &&
    q > 2n &&
    p * q === n &&
    d < n &&
    (d * e) % (p - 1n) === 1n &&
    (d * e) % (q - 1n) === 1n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (inverse * q) % p === 1n;
  return isConsistent ? undefined : DAMAGED;
}

async function importDer(role: KeyRole, der: Uint8Array<ArrayBuffer>, option: KeyOption): Promise<CryptoKey> {
  const imported =
    role === "private"
      ? crypto.subtle.importKey("pkcs8", der, RSA256, false, ["sign"])
      : crypto.subtle.importKey("spki", der, RSA256, true, ["verify"]);
  // Drop the platform's error, because it might quote the key.
  const key = await imported.catch(() => {
    throw keyError(option, DAMAGED);
  });
  const problem = findKeyProblem(key, role);
  if (problem) throw keyError(option, problem);
  return key;
}
