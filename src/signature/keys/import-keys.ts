import {
  type CryptoKey,
  exportPublicBase64,
  findKeyProblem,
  type KeyOption,
  type KeyRole,
  keyError,
  RSA256,
  requireKey,
} from "./crypto-key.ts";
import { parseKey } from "./parse-key.ts";
import { extractPublicKey, type ParsedKey, parseKeyDer, wrapPrivateKey, wrapPublicKey } from "./rsa-der.ts";

export { exportPublicPem, generateKeyPair, type KeyPairText } from "./key-pair.ts";

/**
 * An RSA key of at least 2048 bits: a string in PEM or in base64, as the dashboard shows it, or a `CryptoKey`.
 * Private keys are PKCS#8 or PKCS#1; public keys are SubjectPublicKeyInfo or PKCS#1.
 *
 * @example
 * ```ts
 * const merchantPrivateKey: KeyInput = await readFile("merchant.pem", "utf8");
 * ```
 */
export type KeyInput = string | CryptoKey;

const DAMAGED = "is damaged: its numbers do not form an RSA key";

/**
 * Imports a private key as a `CryptoKey` that can sign and cannot be exported.
 *
 * Tests a key from a string with one signature, so that a damaged key fails here and not as a rejected request later.
 *
 * @param name the name of the option for error messages
 * @throws {AntomVaultError} `KEY_INVALID` if the key is empty, truncated, damaged, encrypted, public, too short, or not RSA. The error never
 * quotes the key.
 */
export async function importPrivateKey(key: KeyInput, name = "The private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  if (typeof key !== "string") return requireKey(key, option);
  const pkcs1 = requirePkcs1(parseKey(key), option);
  const imported = await importDer("private", wrapPrivateKey(pkcs1), option);
  const publicKey = await importDer("public", wrapPublicKey(extractPublicKey(pkcs1)), option);
  const probe = new Uint8Array(1);
  const signature = await crypto.subtle.sign(RSA256, imported, probe).catch(() => new ArrayBuffer(0));
  if (!(await crypto.subtle.verify(RSA256, publicKey, signature, probe))) throw keyError(option, DAMAGED);
  return imported;
}

/** Converts a private key that {@link importPrivateKey} accepted to PKCS#8. */
export const toPkcs8 = (key: string, name: string): Uint8Array<ArrayBuffer> =>
  wrapPrivateKey(requirePkcs1(parseKey(key), { name, role: "private" }));

/**
 * Imports a public key as a `CryptoKey` that can verify. It can be exported, so that {@link isSameKey} can compare it.
 *
 * @param name the name of the option for error messages
 * @throws {AntomVaultError} `KEY_INVALID` if the key is empty, truncated, damaged, private, a certificate, too short, or not RSA.
 */
export async function importPublicKey(key: KeyInput, name = "The public key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "public" };
  if (typeof key !== "string") return requireKey(key, option);
  return importDer("public", wrapPublicKey(requirePkcs1(parseKey(key), option)), option);
}

/**
 * Derives the public key of a private key.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if {@link importPrivateKey} rejects the key, or if it is a `CryptoKey` that is not extractable.
 */
export async function derivePublicKey(privateKey: KeyInput, name = "The private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  const parsed = typeof privateKey === "string" ? parseKey(privateKey) : await exportPrivateKey(privateKey, option);
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

async function exportPrivateKey(key: CryptoKey, option: KeyOption): Promise<ParsedKey> {
  if (!requireKey(key, option).extractable)
    throw keyError(option, "is a CryptoKey that is not extractable, so its public key cannot be derived");
  return parseKeyDer(new Uint8Array(await crypto.subtle.exportKey("pkcs8", key)));
}

function requirePkcs1(parsed: ParsedKey, option: KeyOption): Uint8Array<ArrayBuffer> {
  if (parsed.role === "invalid") throw keyError(option, parsed.problem);
  if (parsed.role !== option.role) throw keyError(option, `is a ${parsed.role} key, but must be a ${option.role} key`);
  return parsed.pkcs1;
}

async function importDer(role: KeyRole, der: Uint8Array<ArrayBuffer>, option: KeyOption): Promise<CryptoKey> {
  const imported =
    role === "private"
      ? crypto.subtle.importKey("pkcs8", der, RSA256, false, ["sign"])
      : crypto.subtle.importKey("spki", der, RSA256, true, ["verify"]);
  // Drop the platform's error, because it may quote the key.
  const key = await imported.catch(() => {
    throw keyError(option, DAMAGED);
  });
  const problem = findKeyProblem(key, role);
  if (problem) throw keyError(option, problem);
  return key;
}
