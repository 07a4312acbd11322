/**
 * Synchronous signing and verification for the server, with the same scheme as `src/signature/`. WebCrypto runs each operation on a
 * separate thread, and switching threads costs half as much CPU time as a signature.
 */
import { createPrivateKey, createPublicKey, hash, KeyObject, sign, verify } from "node:crypto";
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

/** A validated private key. A `KeyObject` never reveals its key when it is printed. */
export type SigningKey = KeyObject & { readonly validated: true };

/**
 * Imports a private key for {@link signSync}.
 *
 * @param key PEM or bare base64; PKCS#8 or PKCS#1
 * @throws {AntomVaultError} `KEY_INVALID` if `importPrivateKey` rejects the key.
 */
export async function importSigningKey(key: string, name: string): Promise<SigningKey> {
  // Checks that the key is an undamaged RSA key of at least 2048 bits.
  await importPrivateKey(key, name);
  return createPrivateKey({ key: Buffer.from(toPkcs8(key, name)), format: "der", type: "pkcs8" }) as SigningKey;
}

/** Returns the string to sign in a buffer from Node's pool, which takes less CPU time than a separate allocation. */
function toPooledBuffer(message: SignedMessage): Buffer {
  const prefix = stringToSignPrefix(message);
  if (typeof message.body === "string") return Buffer.from(prefix + message.body);
  return Buffer.concat([Buffer.from(prefix), message.body]);
}

/** Signs with RSASSA-PKCS1-v1_5 and SHA-256. Returns standard base64. */
export const signSync = (message: SignedMessage, key: SigningKey): string =>
  sign("sha256", toPooledBuffer(message), key).toString("base64");

/** Signs as {@link signSync} does, but in Node's thread pool. Takes more CPU time, but does not block other work. */
export const signInPool = (message: SignedMessage, key: SigningKey): Promise<string> =>
  new Promise((resolve, reject) => {
    sign("sha256", toPooledBuffer(message), key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString("base64")),
    );
  });

const publicKeys = new WeakMap<CryptoKey, KeyObject>();

function toKeyObject(key: CryptoKey): KeyObject {
  const known = publicKeys.get(key);
  if (known) return known;
  const object = KeyObject.from(key);
  publicKeys.set(key, object);
  return object;
}

/** Returns the fingerprint of a public key in PEM: the SHA-256 hash of its SubjectPublicKeyInfo in DER, in base64. */
export const getKeyFingerprint = (publicKey: string): string =>
  `SHA256:${hash("sha256", createPublicKey(publicKey).export({ format: "der", type: "spki" }), "base64")}`;

/** Verifies a signature. Returns `undefined` if it is valid; otherwise, the reason, which never quotes the message. */
export function findSignatureErrorSync(
  keyring: Keyring,
  message: SignedMessage,
  headerValue: string | null,
): string | undefined {
  const selected = selectKey(keyring, headerValue);
  if (typeof selected === "string") return selected;
  const { key, signature } = selected;
  return verify("sha256", toPooledBuffer(message), toKeyObject(key), signature) ? undefined : SIGNATURE_MISMATCH;
}
