import { type CryptoKey, RSA256, requireKey } from "../keys/crypto-key.ts";
import { isInvalidHeader, parseSignatureHeader } from "../signature-header.ts";
import { stringToSign } from "../string-to-sign.ts";
import { COMMON_PROBLEMS, type Scheme, type SignatureEvidence, type Variant } from "./common-problems.ts";

export type { SignatureEvidence } from "./common-problems.ts";

/** One of the usual mistakes. */
export interface SignatureProblem {
  /** Stable, for example `crlf-body`. */
  readonly id: string;
  /** What was done and what is right. Holds nothing of the message, the signature or the keys. */
  readonly message: string;
}

/**
 * Names the mistake behind a signature that does not verify: each usual one is made in turn, and the first that
 * makes the signature fit is the answer. `undefined` when none does, or when the signature is good as it is.
 *
 * For development. It verifies up to some two hundred times, so a server that is open to the world should
 * not offer it to everybody, nor tell the answer to whoever sent the signature.
 *
 * @throws AntomVaultError `KEY_INVALID` when one of the keys is no extractable RSA public key
 * @example
 * ```ts
 * const mistake = await findMistake({
 *   message: { path: "/ams/api/v1/vaults/vaultPaymentMethod", clientId, time, body: rawBody },
 *   headerValue: request.headers.get("signature") ?? "",
 *   publicKey: await importPublicKey(merchantPublicKey),
 * });
 * console.error(mistake?.message ?? "No usual mistake fits.");
 * ```
 */
export async function diagnoseSignature(evidence: SignatureEvidence): Promise<SignatureProblem | undefined> {
  if (await isValid(evidence, {})) return undefined;
  for (const { id, message, variants } of COMMON_PROBLEMS)
    for (const variant of variants(evidence)) if (await isValid(evidence, variant)) return { id, message };
  return undefined;
}

async function isValid(evidence: SignatureEvidence, variant: Variant): Promise<boolean> {
  const header = parseSignatureHeader(variant.headerValue ?? evidence.headerValue);
  if (isInvalidHeader(header)) return false;
  const text = variant.text ?? stringToSign({ ...evidence.message, ...variant.message });
  const key = requireKey(variant.key ?? evidence.publicKey, { name: "public key", role: "public" });
  return variant.scheme
    ? isValidUnderScheme(variant.scheme, key, header.signature, text)
    : crypto.subtle.verify(RSA256, key, header.signature, text);
}

/** The same numbers under another scheme. WebCrypto binds a key to one, so it is imported anew. */
async function isValidUnderScheme(scheme: Scheme, key: CryptoKey, signature: Bytes, text: Bytes): Promise<boolean> {
  try {
    const spki = await crypto.subtle.exportKey("spki", key);
    const other = await crypto.subtle.importKey("spki", spki, scheme, false, ["verify"]);
    return await crypto.subtle.verify(scheme, other, signature, text);
  } catch {
    // A platform need not know every scheme.
    return false;
  }
}

type Bytes = Uint8Array<ArrayBuffer>;
