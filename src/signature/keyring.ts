import { AntomVaultError } from "../protocol/errors.ts";
import type { CryptoKey } from "./keys/crypto-key.ts";
import { importPublicKey, type KeyInput } from "./keys/import-keys.ts";
import { verify } from "./sign.ts";
import { isInvalidHeader, parseSignatureHeader } from "./signature-header.ts";
import type { SignedMessage } from "./string-to-sign.ts";

/** The public keys of the other side: one for whatever version, or several by version while one is being replaced. */
export interface Keyring {
  /** Every key there is. */
  readonly keys: readonly CryptoKey[];
  /** The key of a version; without one the newest. `undefined` where that version is not known. */
  readonly select: (keyVersion: string | undefined) => CryptoKey | undefined;
}

/**
 * Makes public keys ready for verifying.
 *
 * @throws AntomVaultError `KEY_INVALID`: a key that {@link importPublicKey} refuses, or a version that is no number
 */
export async function importKeyring(
  input: KeyInput | Readonly<Record<string, KeyInput>>,
  name: string,
): Promise<Keyring> {
  if (typeof input !== "object" || "type" in input) {
    const key = await importPublicKey(input as KeyInput, name);
    return { keys: [key], select: () => key };
  }
  // A map, and numbers for names: a version from a header must not find a property of Object.prototype.
  const keys = new Map<number, CryptoKey>();
  for (const [version, key] of Object.entries(input)) {
    if (!/^\d{1,9}$/.test(version))
      throw invalidKeyError(`${name} must be named by key versions, which are whole numbers.`);
    keys.set(Number(version), await importPublicKey(key, `${name}[${version}]`));
  }
  if (keys.size === 0) throw invalidKeyError(`${name} holds no key.`);
  const newest = Math.max(...keys.keys());
  return {
    keys: [...keys.values()],
    select: (version) => keys.get(version === undefined ? newest : Number(version)),
  };
}

/** What {@link findSignatureError} says of a signature in good form that does not verify. */
export const SIGNATURE_MISMATCH = "The signature does not fit the message and the key.";

const invalidKeyError = (message: string) => new AntomVaultError("KEY_INVALID", message);

/** The signature that a header carries and the key that it is to fit, or a sentence that says why there is none and quotes nothing. */
export function selectKey(
  keyring: Keyring,
  headerValue: string | null,
): { readonly key: CryptoKey; readonly signature: Uint8Array<ArrayBuffer> } | string {
  const header = parseSignatureHeader(headerValue);
  if (isInvalidHeader(header)) return header.message;
  const key = keyring.select(header.keyVersion);
  if (!key) return "The Signature header names a key version for which there is no key.";
  return { key, signature: header.signature };
}

/**
 * Verifies a message against the value of its `Signature` header.
 *
 * @returns `undefined` when it verifies, else a sentence that says why not and quotes nothing
 */
export async function findSignatureError(
  keyring: Keyring,
  message: SignedMessage,
  headerValue: string | null,
): Promise<string | undefined> {
  const read = selectKey(keyring, headerValue);
  if (typeof read === "string") return read;
  return (await verify(message, read.signature, read.key)) ? undefined : SIGNATURE_MISMATCH;
}
