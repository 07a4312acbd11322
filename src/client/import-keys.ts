import { AntomVaultError } from "../protocol/errors.ts";
import {
  type CryptoKey,
  findSignatureError,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  type KeyInput,
  type Keyring,
  sign,
} from "../signature/index.ts";

/** The merchant's private key and Antom's public keys. */
export interface Keys {
  readonly merchantPrivateKey: CryptoKey;
  readonly antomPublicKeys: Keyring;
}

/**
 * Imports the keys of a client.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if a key is invalid, or if a public key is the merchant's instead of Antom's.
 */
export async function importKeys(
  merchantPrivateKey: KeyInput,
  antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>,
): Promise<Keys> {
  const privateKey = await importPrivateKey(merchantPrivateKey, "merchantPrivateKey");
  const antomPublicKeys = await importKeyring(antomPublicKey, "antomPublicKey");
  // A key that verifies the merchant's signature is the merchant's own.
  const probe = { path: "/", clientId: "", time: "", body: "" };
  const header = formatSignatureHeader(await sign(probe, privateKey), 1);
  for (const key of antomPublicKeys.keys) {
    if ((await findSignatureError({ keys: [key], select: () => key }, probe, header)) === undefined) {
      throw new AntomVaultError(
        "KEY_INVALID",
        "antomPublicKey is your own public key: use Antom's, which the Antom dashboard shows after you upload yours.",
      );
    }
  }
  return { merchantPrivateKey: privateKey, antomPublicKeys };
}
