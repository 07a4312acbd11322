import { fromBase64 } from "../../protocol/base64.ts";
import { ENCRYPTED, invalidKey, type ParsedKey, parseKeyDer } from "./rsa-der.ts";

const OPENSSH =
  "is an OpenSSH key: convert a copy of it with ssh-keygen -p -m PKCS8 -f key (private) " +
  "or ssh-keygen -e -m PKCS8 -f key.pub (public)";
const NOT_BASE64 = "is not base64: remove quotation marks, and make sure that it contains the key, not a file name";

/**
 * Parses a key in PEM or base64, with or without line breaks. Line breaks can be escaped as `\n`, as in environment variables.
 * Ignores PEM labels, because Antom's Python and PHP SDKs label PKCS#8 as "RSA PRIVATE KEY". Never throws.
 */
export function parseKey(text: string): ParsedKey {
  const lines = text.replace(/\\[rn]/g, "\n").trim();
  if (/^(ssh-|ecdsa-sha2-)/.test(lines)) return invalidKey(OPENSSH);
  // Legacy PEM encryption is visible only in this header, not in the DER.
  if (lines.includes("Proc-Type:")) return invalidKey(ENCRYPTED);

  const [unlabeled = "", ...blocks] = lines.split("-----BEGIN ");
  if (blocks.length > 1) return invalidKey("contains more than one PEM block: provide only the key");
  const [, body = unlabeled] = blocks[0]?.split("-----") ?? [];
  const base64 = body.replace(/\s+/g, "");
  if (base64 === "") return invalidKey("is empty");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return invalidKey(NOT_BASE64);

  const der = fromBase64(base64);
  if (!der) return invalidKey("is truncated: its base64 is incomplete");
  const opening = String.fromCharCode(...der.subarray(0, 14));
  return opening === "openssh-key-v1" ? invalidKey(OPENSSH) : parseKeyDer(der);
}
