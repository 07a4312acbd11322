import { toBase64 } from "../../protocol/base64.ts";
import { AntomVaultError } from "../../protocol/errors.ts";

/** WebCrypto's key object, named so that it is found with Node's types and with a browser's. */
export type CryptoKey = InstanceType<typeof globalThis.CryptoKey>;

export type KeyRole = "private" | "public";

/** The one scheme there is. Never chosen by a header. */
export const RSA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

const MINIMUM_BITS = 2048;

const EXPECTED_KEY: Readonly<Record<KeyRole, string>> = {
  private:
    `Give an RSA private key of at least ${MINIMUM_BITS} bits: PEM or bare base64 (PKCS#8 or PKCS#1), ` +
    "or a CryptoKey for RSASSA-PKCS1-v1_5 with SHA-256 that may sign.",
  public:
    `Give an RSA public key of at least ${MINIMUM_BITS} bits: PEM or bare base64 (SubjectPublicKeyInfo ` +
    "or PKCS#1), or an extractable CryptoKey for RSASSA-PKCS1-v1_5 with SHA-256 that may verify.",
};

/** Which key is being read: what its owner calls it, and what it is wanted for. */
export interface KeyOption {
  readonly name: string;
  readonly role: KeyRole;
}

/** `KEY_INVALID` with what was given and what is wanted. `problem` goes on after the name: "is empty". */
export const keyError = ({ name, role }: KeyOption, problem: string): AntomVaultError =>
  new AntomVaultError("KEY_INVALID", `${name} ${problem}. ${EXPECTED_KEY[role]}`);

/**
 * The key itself, if it is fit for its role.
 *
 * @throws AntomVaultError `KEY_INVALID`
 */
export function requireKey(key: unknown, option: KeyOption): CryptoKey {
  if (!(key instanceof globalThis.CryptoKey)) throw keyError(option, "is neither text nor a CryptoKey");
  const problem = findKeyProblem(key, option.role);
  if (problem) throw keyError(option, problem);
  return key;
}

/** SubjectPublicKeyInfo in base64, one line: the form that the dashboard takes and shows. */
export async function exportPublicBase64(publicKey: CryptoKey): Promise<string> {
  const key = requireKey(publicKey, { name: "public key", role: "public" });
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("spki", key)));
}

/**
 * Why a key cannot be used in its role, if so.
 * The hash is looked at too: it is bound to a WebCrypto key, and another key could bring back SHA-1.
 */
export function findKeyProblem(key: CryptoKey, role: KeyRole): string | undefined {
  const algorithm: { name: string; hash?: { name: string }; modulusLength?: number } = key.algorithm;
  if (algorithm.name !== RSA256.name) return `is a CryptoKey for ${algorithm.name}`;
  if (key.type !== role) return `is a ${key.type} key where a ${role} key belongs`;
  if (algorithm.hash?.name !== RSA256.hash) return `is a CryptoKey for ${algorithm.hash?.name ?? "no hash"}`;
  const bits = algorithm.modulusLength ?? 0;
  if (bits < MINIMUM_BITS) return `is an RSA key of only ${bits} bits`;
  const usage = role === "private" ? "sign" : "verify";
  if (!key.usages.includes(usage)) return `is a CryptoKey that may not ${usage}`;
  // Otherwise it could not be compared, and a merchant's own key would pass as Antom's.
  if (role === "public" && !key.extractable) return "is a CryptoKey that is not extractable";
  return undefined;
}
