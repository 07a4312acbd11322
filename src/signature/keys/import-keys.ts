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

export { generateKeyPair, type KeyPairText, toPem } from "./key-pair.ts";

/**
 * A key as text (PEM, or the bare base64 that the dashboard shows) or as a `CryptoKey`.
 * Private: PKCS#8 or PKCS#1. Public: SubjectPublicKeyInfo or PKCS#1. RSA of at least 2048 bits.
 */
export type KeyInput = string | CryptoKey;

const DAMAGED = "is damaged: its numbers do not make an RSA key";

/**
 * Makes a private key ready for signing. It cannot be exported again.
 *
 * A key from text signs once and is checked against its own public half, so that a damaged character is found
 * here and not as a refused signature later.
 *
 * @param name how the caller calls the option; the error names it
 * @throws AntomVaultError `KEY_INVALID`: empty, cut off, damaged, encrypted, public, too short, no RSA key.
 * The error holds nothing of the key.
 * @example
 * ```ts
 * const key = await importPrivateKey(process.env["MERCHANT_PRIVATE_KEY"] ?? "", "merchantPrivateKey");
 * ```
 */
export async function importPrivateKey(key: KeyInput, name = "private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  if (typeof key !== "string") return requireKey(key, option);
  const pkcs1 = requirePkcs1(parseKey(key), option);
  const imported = await importDer("private", wrapPrivateKey(pkcs1), option);
  const own = await importDer("public", wrapPublicKey(extractPublicKey(pkcs1)), option);
  const probe = new Uint8Array(1);
  const signature = await crypto.subtle.sign(RSA256, imported, probe).catch(() => new ArrayBuffer(0));
  if (!(await crypto.subtle.verify(RSA256, own, signature, probe))) throw keyError(option, DAMAGED);
  return imported;
}

/** Returns the text of a private key as PKCS#8, for a key that {@link importPrivateKey} has accepted. */
export const toPkcs8 = (key: string, name: string): Uint8Array<ArrayBuffer> =>
  wrapPrivateKey(requirePkcs1(parseKey(key), { name, role: "private" }));

/**
 * Makes a public key ready for verifying. It can be exported, so that {@link isSameKey} can compare it.
 *
 * @param name how the caller calls the option; the error names it
 * @throws AntomVaultError `KEY_INVALID`: empty, cut off, damaged, private, a certificate, too short, no RSA key
 * @example
 * ```ts
 * const key = await importPublicKey(process.env["ALIPAY_PUBLIC_KEY"] ?? "", "alipayPublicKey");
 * ```
 */
export async function importPublicKey(key: KeyInput, name = "public key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "public" };
  if (typeof key !== "string") return requireKey(key, option);
  return importDer("public", wrapPublicKey(requirePkcs1(parseKey(key), option)), option);
}

/**
 * The public key that belongs to a private key.
 *
 * @throws AntomVaultError `KEY_INVALID` as for {@link importPrivateKey}, and for a `CryptoKey` that is not extractable
 * @example
 * ```ts
 * const upload = await toPem(await publicKeyOf(process.env["MERCHANT_PRIVATE_KEY"] ?? ""));
 * ```
 */
export async function derivePublicKey(privateKey: KeyInput, name = "private key"): Promise<CryptoKey> {
  const option: KeyOption = { name, role: "private" };
  const read = typeof privateKey === "string" ? parseKey(privateKey) : await exportPrivateKey(privateKey, option);
  return importDer("public", wrapPublicKey(extractPublicKey(requirePkcs1(read, option))), option);
}

/**
 * Whether two public keys are the same, for refusing a merchant's own key in the place of Antom's.
 *
 * @throws AntomVaultError `KEY_INVALID` when one is no extractable RSA public key
 * @example
 * ```ts
 * if (await sameKey(alipayKey, await publicKeyOf(merchantPrivateKey))) throw new Error("your own key");
 * ```
 */
export async function isSameKey(a: CryptoKey, b: CryptoKey): Promise<boolean> {
  const [first, second] = await Promise.all([exportPublicBase64(a), exportPublicBase64(b)]);
  return first === second;
}

async function exportPrivateKey(key: CryptoKey, option: KeyOption): Promise<ParsedKey> {
  if (!requireKey(key, option).extractable)
    throw keyError(option, "is a CryptoKey that is not extractable, so that its public half is not known");
  return parseKeyDer(new Uint8Array(await crypto.subtle.exportKey("pkcs8", key)));
}

function requirePkcs1(read: ParsedKey, option: KeyOption): Uint8Array<ArrayBuffer> {
  if (read.role === "unfit") throw keyError(option, read.problem);
  if (read.role !== option.role) throw keyError(option, `is a ${read.role} key where a ${option.role} key belongs`);
  return read.pkcs1;
}

async function importDer(role: KeyRole, der: Uint8Array<ArrayBuffer>, option: KeyOption): Promise<CryptoKey> {
  const imported =
    role === "private"
      ? crypto.subtle.importKey("pkcs8", der, RSA256, false, ["sign"])
      : crypto.subtle.importKey("spki", der, RSA256, true, ["verify"]);
  // The platform's own error is dropped: nobody promises what it quotes.
  const key = await imported.catch(() => undefined);
  const problem = key ? findKeyProblem(key, role) : DAMAGED;
  if (!key || problem) throw keyError(option, problem ?? DAMAGED);
  return key;
}
