import { toBase64 } from "../protocol/base64.ts";
import { type CryptoKey, RSA256, requireKey } from "./keys/crypto-key.ts";
import { type SignedMessage, stringToSign } from "./string-to-sign.ts";

/**
 * Signs a message with RSASSA-PKCS1-v1_5 and SHA-256. Returns the signature in standard base64: 344 characters for a 2048-bit key.
 *
 * Copies the message before the first `await`, so that a later change to the body has no effect.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if the key is not an RSA private key that can sign with SHA-256.
 */
export async function sign(message: SignedMessage, privateKey: CryptoKey): Promise<string> {
  const bytes = stringToSign(message);
  const key = requireKey(privateKey, { name: "The private key", role: "private" });
  return toBase64(new Uint8Array(await crypto.subtle.sign(RSA256, key, bytes)));
}

/**
 * Verifies the signature of a message with RSASSA-PKCS1-v1_5 and SHA-256. Returns `false` if the signature is invalid or has an incorrect length.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if the key is not an extractable RSA public key that can verify with SHA-256.
 */
export async function verify(message: SignedMessage, signature: Uint8Array, publicKey: CryptoKey): Promise<boolean> {
  const bytes = stringToSign(message);
  const copy = Uint8Array.from(signature);
  const key = requireKey(publicKey, { name: "The public key", role: "public" });
  return crypto.subtle.verify(RSA256, key, copy, bytes);
}
