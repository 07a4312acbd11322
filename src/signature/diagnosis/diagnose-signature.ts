import { type CryptoKey, RSA256, requireKey } from "../keys/crypto-key.ts";
import { isFault, parseSignatureHeader } from "../signature-header.ts";
import { textToSign } from "../string-to-sign.ts";
import { type Evidence, MISTAKES, type Scheme, type Variant } from "./common-mistakes.ts";

export type { Evidence } from "./common-mistakes.ts";

/** One of the usual mistakes. */
export interface Mistake {
  /** Stable, for example `crlf-body`. */
  readonly id: string;
  /** What was done and what is right. Holds nothing of the message, the signature or the keys. */
  readonly sentence: string;
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
 * console.error(mistake?.sentence ?? "No usual mistake fits.");
 * ```
 */
export async function findMistake(evidence: Evidence): Promise<Mistake | undefined> {
  if (await fits(evidence, {})) return undefined;
  for (const { id, sentence, variants } of MISTAKES)
    for (const variant of variants(evidence)) if (await fits(evidence, variant)) return { id, sentence };
  return undefined;
}

async function fits(evidence: Evidence, variant: Variant): Promise<boolean> {
  const header = parseSignatureHeader(variant.headerValue ?? evidence.headerValue);
  if (isFault(header)) return false;
  const text = variant.text ?? textToSign({ ...evidence.message, ...variant.message });
  const key = requireKey(variant.key ?? evidence.publicKey, { name: "public key", role: "public" });
  return variant.scheme
    ? fitsUnder(variant.scheme, key, header.signature, text)
    : crypto.subtle.verify(RSA256, key, header.signature, text);
}

/** The same numbers under another scheme. WebCrypto binds a key to one, so it is imported anew. */
async function fitsUnder(scheme: Scheme, key: CryptoKey, signature: Bytes, text: Bytes): Promise<boolean> {
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
