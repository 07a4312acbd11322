import { AntomVaultError } from "../protocol/errors.ts";
import type { CryptoKey } from "./keys/crypto-key.ts";
import { importPublicKey, type KeyInput } from "./keys/import-keys.ts";

/** The public keys of a signer: a single key for all versions, or one key per version during a key rotation. */
export interface Keyring {
  readonly keys: readonly CryptoKey[];
  /** Returns the key of a version, or the newest key if `keyVersion` is `undefined`. Returns `undefined` if no key has the version. */
  readonly select: (keyVersion: string | undefined) => CryptoKey | undefined;
}

/**
 * Imports one public key, or several by key version.
 *
 * @param name the name of the option, for error messages
 * @throws {AntomVaultError} `KEY_INVALID` if {@link importPublicKey} rejects a key, if a version is not 1 to 9 digits, or if there is no key.
 */
export async function importKeyring(
  input: KeyInput | Readonly<Record<string, KeyInput>>,
  name: string,
): Promise<Keyring> {
  if (typeof input !== "object" || input === null || "type" in input || ArrayBuffer.isView(input)) {
    const key = await importPublicKey(input as KeyInput, name);
    return { keys: [key], select: () => key };
  }
  // Use a Map with numeric keys, so that a version in a header cannot match a property of Object.prototype.
  const keys = new Map<number, CryptoKey>();
  for (const [version, key] of Object.entries(input)) {
    if (!/^\d{1,9}$/.test(version))
      throw invalidKeyError(`${name} must use key versions (1 to 9 digits) as property names.`);
    keys.set(Number(version), await importPublicKey(key, `${name}[${version}]`));
  }
  if (keys.size === 0) throw invalidKeyError(`${name} contains no key.`);
  const newest = Math.max(...keys.keys());
  return {
    keys: [...keys.values()],
    select: (version) => keys.get(version === undefined ? newest : Number(version)),
  };
}

const invalidKeyError = (message: string) => new AntomVaultError("KEY_INVALID", message);
