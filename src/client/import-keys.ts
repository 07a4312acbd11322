/** The keys of a client: its own, and Antom's. */
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

export interface Keys {
  readonly merchantPrivateKey: CryptoKey;
  readonly antomPublicKeys: Keyring;
}

/**
 * Makes the keys ready. Throws `KEY_INVALID`, also where a key that should be Antom's verifies what the merchant has signed: it is the
 * merchant's own then.
 */
export async function importKeys(
  merchantPrivateKey: KeyInput,
  antomPublicKey: KeyInput | Readonly<Record<string, KeyInput>>,
): Promise<Keys> {
  const privateKey = await importPrivateKey(merchantPrivateKey, "merchantPrivateKey");
  const antomPublicKeys = await importKeyring(antomPublicKey, "antomPublicKey");
  const probe = { path: "/", clientId: "", time: "", body: "" };
  const header = formatSignatureHeader(await sign(probe, privateKey), 1);
  for (const key of antomPublicKeys.keys) {
    if ((await findSignatureError({ keys: [key], select: () => key }, probe, header)) === undefined) {
      throw new AntomVaultError(
        "KEY_INVALID",
        "antomPublicKey is the merchant's own public key. Antom's is shown in the dashboard once the merchant's has been uploaded.",
      );
    }
  }
  return { merchantPrivateKey: privateKey, antomPublicKeys };
}
