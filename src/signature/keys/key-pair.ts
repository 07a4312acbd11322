import { toBase64 } from "../../protocol/base64.ts";
import { type CryptoKey, exportPublicBase64, RSA256 } from "./crypto-key.ts";

/** A generated key pair in PEM and base64. */
export interface KeyPairText {
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo in PEM. */
  readonly publicKey: string;
  /** PKCS#8 in base64 on one line: the format of Antom's SDKs. */
  readonly privateKeyBase64: string;
  /** SubjectPublicKeyInfo in base64 on one line: the format to upload to the Antom dashboard. */
  readonly publicKeyBase64: string;
}

/** Generates a 2048-bit RSA key pair. */
export async function generateKeyPair(): Promise<KeyPairText> {
  const parameters = { ...RSA256, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const pair = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
  const privateKeyBase64 = toBase64(new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)));
  const publicKeyBase64 = await exportPublicBase64(pair.publicKey);
  return {
    privateKey: formatPem("PRIVATE KEY", privateKeyBase64),
    publicKey: formatPem("PUBLIC KEY", publicKeyBase64),
    privateKeyBase64,
    publicKeyBase64,
  };
}

/**
 * Exports a public key as PEM (SubjectPublicKeyInfo) with a trailing line feed.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if the key is not an extractable RSA public key.
 */
export const exportPublicPem = async (key: CryptoKey): Promise<string> =>
  formatPem("PUBLIC KEY", await exportPublicBase64(key));

const formatPem = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
