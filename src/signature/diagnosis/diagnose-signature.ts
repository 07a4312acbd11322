import { type CryptoKey, RSA256, requireKey } from "../keys/crypto-key.ts";
import { isInvalidHeader, parseSignatureHeader } from "../signature-header.ts";
import { stringToSign } from "../string-to-sign.ts";
import { COMMON_PROBLEMS, type Scheme, type SignatureEvidence, type Variant } from "./common-problems.ts";

export type { SignatureEvidence } from "./common-problems.ts";

/** A common cause of an invalid signature. */
export interface SignatureProblem {
  /** A stable ID, for example `crlf-body`. */
  readonly id: string;
  /** The cause and the fix. Never quotes the message, the signature, or the keys. */
  readonly message: string;
}

/** A common cause of an invalid signature, with the changes that make the signature valid. */
export interface DiagnosedSignature extends SignatureProblem {
  /** The changes. Mask them before you show them, because they can contain the body. */
  readonly variant: Variant;
}

/**
 * Finds the cause of an invalid signature. Tries common problems one by one, and returns the first problem whose changes make the signature valid.
 * Returns `undefined` if no problem matches, or if the signature is already valid.
 *
 * For development only: one call can verify hundreds of signatures, so public servers must not expose this function or return its result to the
 * sender.
 *
 * @throws {AntomVaultError} `KEY_INVALID` if a key is not an extractable RSA public key.
 */
export async function findSignatureProblem(evidence: SignatureEvidence): Promise<DiagnosedSignature | undefined> {
  if (await isValid(evidence, {})) return undefined;
  for (const { id, message, variants } of COMMON_PROBLEMS)
    for (const variant of variants(evidence)) if (await isValid(evidence, variant)) return { id, message, variant };
  return undefined;
}

/** Returns the problem that {@link findSignatureProblem} finds, without the changes. */
export async function diagnoseSignature(evidence: SignatureEvidence): Promise<SignatureProblem | undefined> {
  const found = await findSignatureProblem(evidence);
  return found && { id: found.id, message: found.message };
}

async function isValid(evidence: SignatureEvidence, variant: Variant): Promise<boolean> {
  const header = parseSignatureHeader(variant.headerValue ?? evidence.headerValue);
  if (isInvalidHeader(header)) return false;
  const signedString = variant.signedString ?? stringToSign({ ...evidence.message, ...variant.message });
  const key = requireKey(variant.key ?? evidence.publicKey, { name: "The public key", role: "public" });
  return variant.scheme
    ? isValidUnderScheme(variant.scheme, key, header.signature, signedString)
    : crypto.subtle.verify(RSA256, key, header.signature, signedString);
}

/** Verifies with a different scheme. Imports the key again, because WebCrypto binds a key to one scheme. */
async function isValidUnderScheme(scheme: Scheme, key: CryptoKey, signature: Bytes, data: Bytes): Promise<boolean> {
  try {
    const spki = await crypto.subtle.exportKey("spki", key);
    const imported = await crypto.subtle.importKey("spki", spki, scheme, false, ["verify"]);
    return await crypto.subtle.verify(scheme, imported, signature, data);
  } catch {
    // The platform does not support the scheme.
    return false;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;
