import { toBase64 } from "../protocol/base64.ts";
import { type CryptoKey, RSA256, requireKey } from "./keys/crypto-key.ts";
import { type SignedMessage, stringToSign } from "./string-to-sign.ts";

/**
 * Signs with RSASSA-PKCS1-v1_5 and SHA-256.
 *
 * The message is copied before the first `await`: a body that is changed meanwhile is signed as it was.
 *
 * @returns the signature in standard base64, 344 characters for a key of 2048 bits
 * @throws AntomVaultError `KEY_INVALID` when the key is no RSA private key that may sign with SHA-256
 * @example
 * ```ts
 * const key = await importPrivateKey(process.env["MERCHANT_PRIVATE_KEY"] ?? "");
 * const signature = await sign({ path, clientId, time: String(Date.now()), body }, key);
 * headers.set("Signature", formatSignatureHeader(signature, 1));
 * ```
 */
export async function sign(message: SignedMessage, privateKey: CryptoKey): Promise<string> {
  const text = stringToSign(message);
  const key = requireKey(privateKey, { name: "private key", role: "private" });
  return toBase64(new Uint8Array(await crypto.subtle.sign(RSA256, key, text)));
}

/**
 * Whether the signature is the key owner's over exactly this message. RSASSA-PKCS1-v1_5 with SHA-256 only.
 *
 * A signature of any length or content gives an answer, never an exception.
 *
 * @throws AntomVaultError `KEY_INVALID` when the key is no extractable RSA public key that may verify with SHA-256
 * @example
 * ```ts
 * const header = parseSignatureHeader(request.headers.get("signature"));
 * const genuine = !isFault(header) && (await verify({ path, clientId, time, body }, header.signature, key));
 * ```
 */
export async function verify(message: SignedMessage, signature: Uint8Array, publicKey: CryptoKey): Promise<boolean> {
  const text = stringToSign(message);
  const copy = Uint8Array.from(signature);
  const key = requireKey(publicKey, { name: "public key", role: "public" });
  return crypto.subtle.verify(RSA256, key, copy, text);
}
