/**
 * Signing and verifying as a server on Node does it: the same scheme as `src/signature/`, at once and on the calling thread. WebCrypto hands
 * each operation to another thread, which takes half as much processor time again as the signature itself.
 */
import { createPrivateKey, KeyObject, sign, verify } from "node:crypto";
import {
  type CryptoKey,
  importPrivateKey,
  type Keyring,
  SIGNATURE_MISMATCH,
  type SignedMessage,
  selectKey,
  stringToSignPrefix,
  toPkcs8,
} from "../signature/index.ts";

/** A private key that is fit for signing. Nothing prints it: a `KeyObject` shows no key. */
export type SigningKey = KeyObject & { readonly validated: true };

/**
 * Makes a private key ready for {@link signSync}.
 *
 * @param key PEM or bare base64; PKCS#8 or PKCS#1
 * @throws AntomVaultError `KEY_INVALID` as `importPrivateKey`
 */
export async function importSigningKey(key: string, name: string): Promise<SigningKey> {
  await importPrivateKey(key, name);
  // What it checked: an RSA key of at least 2048 bits whose numbers fit each other.
  return createPrivateKey({ key: Buffer.from(toPkcs8(key, name)), format: "der", type: "pkcs8" }) as SigningKey;
}

/** As `textToSign`, in memory that is taken from Node's pool: an allocation of its own costs more than the text. */
function toPooledBuffer(message: SignedMessage): Buffer {
  const head = stringToSignPrefix(message);
  if (typeof message.body === "string") return Buffer.from(head + message.body);
  return Buffer.concat([Buffer.from(head), message.body]);
}

/** RSASSA-PKCS1-v1_5 with SHA-256, in standard base64. */
export const signSync = (message: SignedMessage, key: SigningKey): string =>
  sign("sha256", toPooledBuffer(message), key).toString("base64");

const publicKeys = new WeakMap<CryptoKey, KeyObject>();

function toKeyObject(key: CryptoKey): KeyObject {
  const known = publicKeys.get(key);
  if (known) return known;
  const object = KeyObject.from(key);
  publicKeys.set(key, object);
  return object;
}

/** As `verifyHeader`: `undefined` when it verifies, else a sentence that says why not and quotes nothing. */
export function verifyHeaderSync(
  keyring: Keyring,
  message: SignedMessage,
  headerValue: string | null,
): string | undefined {
  const read = selectKey(keyring, headerValue);
  if (typeof read === "string") return read;
  return verify("sha256", toPooledBuffer(message), toKeyObject(read.key), read.signature)
    ? undefined
    : SIGNATURE_MISMATCH;
}
