import type { Keyring } from "./keyring.ts";
import type { CryptoKey } from "./keys/crypto-key.ts";
import { verify } from "./sign.ts";
import { isInvalidHeader, parseSignatureHeader } from "./signature-header.ts";
import type { SignedMessage } from "./string-to-sign.ts";

/** The reason that {@link findSignatureError} returns if a well-formed signature is invalid. */
export const SIGNATURE_MISMATCH = "The signature does not match the message and the key.";

/**
 * Returns why the signature of a message is invalid, or `undefined` if it is valid. The reason never quotes the message or the header.
 *
 * @param headerValue the value of the `Signature` header
 */
export async function findSignatureError(
  keyring: Keyring,
  message: SignedMessage,
  headerValue: string | null,
): Promise<string | undefined> {
  const selected = selectKey(keyring, headerValue);
  if (typeof selected === "string") return selected;
  return (await verify(message, selected.signature, selected.key)) ? undefined : SIGNATURE_MISMATCH;
}

/**
 * Returns the signature in a header and the public key to verify it with. If the header is invalid or its key version is unknown, returns the reason
 * instead. The reason never quotes the header.
 */
export function selectKey(
  keyring: Keyring,
  headerValue: string | null,
): { readonly key: CryptoKey; readonly signature: Uint8Array<ArrayBuffer> } | string {
  const header = parseSignatureHeader(headerValue);
  if (isInvalidHeader(header)) return header.message;
  const key = keyring.select(header.keyVersion);
  if (!key) return "No key is configured for the key version in the Signature header.";
  return { key, signature: header.signature };
}
