import { toBase64 } from "../../protocol/base64.ts";
import { AntomVaultError } from "../../protocol/errors.ts";

/** The WebCrypto key type. This definition compiles with the types of Node and of browsers. */
export type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The role of a key in its key pair. */
export type KeyRole = "private" | "public";

/** The only supported signature scheme, regardless of the Signature header. */
export const RSA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

const MIN_BITS = 2048;
const MAX_BITS = 8192;
const MIN_EXPONENT = 65_537n;

const EXPECTED_KEY: Readonly<Record<KeyRole, string>> = {
  private:
    `Provide an RSA private key of at least ${MIN_BITS} bits as PEM, DER, or base64 (PKCS#8 or PKCS#1), ` +
    "as a KeyObject, or as a CryptoKey for RSASSA-PKCS1-v1_5 with SHA-256 that can sign.",
  public:
    `Provide an RSA public key of at least ${MIN_BITS} bits as PEM, DER, or base64 (SubjectPublicKeyInfo ` +
    "or PKCS#1), as a KeyObject, or as an extractable CryptoKey for RSASSA-PKCS1-v1_5 with SHA-256 that can verify.",
};

/** The name of a key for error messages, and its required role. */
export interface KeyOption {
  readonly name: string;
  readonly role: KeyRole;
}

/** Creates a `KEY_INVALID` error. `problem` continues a sentence that starts with the name, for example "is empty". */
export const keyError = ({ name, role }: KeyOption, problem: string): AntomVaultError =>
  new AntomVaultError("KEY_INVALID", `${name} ${problem}. ${EXPECTED_KEY[role]}`);

/**
 * Returns the key if it is valid for its role.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if the key is not valid.
 */
export function requireKey(key: unknown, option: KeyOption): CryptoKey {
  if (!(key instanceof globalThis.CryptoKey))
    throw keyError(option, "is not a string, Uint8Array, KeyObject, or CryptoKey");
  if (VALID_KEYS[option.role].has(key)) return key;
  const problem = findKeyProblem(key, option.role);
  if (problem) throw keyError(option, problem);
  VALID_KEYS[option.role].add(key);
  return key;
}

/** Keys that passed the checks. They are cached, because the checks would otherwise run for every signature. */
const VALID_KEYS: Readonly<Record<KeyRole, WeakSet<CryptoKey>>> = { private: new WeakSet(), public: new WeakSet() };

/** Exports a public key as SubjectPublicKeyInfo in base64 on one line, the format of the Antom dashboard. */
export async function exportPublicBase64(publicKey: CryptoKey): Promise<string> {
  const key = requireKey(publicKey, { name: "The public key", role: "public" });
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("spki", key)));
}

/**
 * Returns why a key is invalid for its role, or `undefined` if it is valid.
 * Also checks the hash, because a WebCrypto key determines the hash and could select SHA-1.
 */
export function findKeyProblem(key: CryptoKey, role: KeyRole): string | undefined {
  const algorithm: { name: string; hash?: { name: string }; modulusLength?: number; publicExponent?: Uint8Array } =
    key.algorithm;
  if (algorithm.name !== RSA256.name) return `is a CryptoKey for ${algorithm.name}`;
  if (key.type !== role) return `is a ${key.type} key, but must be a ${role} key`;
  if (algorithm.hash?.name !== RSA256.hash) return `is a CryptoKey for ${algorithm.hash?.name ?? "no hash"}`;
  const weakness = findWeakness(algorithm.modulusLength ?? 0, toBigInt(algorithm.publicExponent ?? []));
  if (weakness) return weakness;
  const usage = role === "private" ? "sign" : "verify";
  if (!key.usages.includes(usage)) return `is a CryptoKey that cannot ${usage}`;
  // A key that cannot be exported cannot be compared, so a merchant's key could be accepted as Antom's.
  if (role === "public" && !key.extractable) return "is a CryptoKey that is not extractable";
  return undefined;
}

/** Returns why a modulus size or public exponent is not allowed, or `undefined` if both are allowed. */
export function findWeakness(bits: number, exponent: bigint): string | undefined {
  if (bits < MIN_BITS) return `is an RSA key of only ${bits} bits`;
  if (bits > MAX_BITS) return `is an RSA key of ${bits} bits, but at most ${MAX_BITS} are supported`;
  if (exponent < MIN_EXPONENT || exponent % 2n === 0n)
    return `has an insecure public exponent: it must be odd and at least ${MIN_EXPONENT}`;
  return undefined;
}

/** Reads an unsigned big-endian number. */
export const toBigInt = (bytes: Iterable<number>): bigint =>
  BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
