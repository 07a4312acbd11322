import { fromBase64 } from "../../protocol/base64.ts";
import { ENCRYPTED, invalidKey, type ParsedKey, parseKeyDer } from "./rsa-der.ts";

const OPENSSH =
  "is an OpenSSH key; convert a copy of it: ssh-keygen -p -m PKCS8 -f key (private), " +
  "ssh-keygen -e -m PKCS8 -f key.pub (public)";
const NOT_BASE64 =
  "is not base64: it holds a character that base64 does not have " +
  "(a quotation mark, or the name of a file instead of what is in it?)";

/**
 * Reads a key as people keep it: PEM, or bare base64 with or without line breaks, or either of them out of an
 * environment variable with `\n` written as two characters. A PEM label is ignored, since the vendor's Python and
 * PHP kits put PKCS#8 under "RSA PRIVATE KEY". Never throws.
 */
export function parseKey(text: string): ParsedKey {
  const lines = text.replace(/\\[rn]/g, "\n").trim();
  if (/^(ssh-|ecdsa-sha2-)/.test(lines)) return invalidKey(OPENSSH);
  // The old way of encrypting PEM leaves no trace in the DER.
  if (lines.includes("Proc-Type:")) return invalidKey(ENCRYPTED);

  const [bare = "", ...blocks] = lines.split("-----BEGIN ");
  if (blocks.length > 1) return invalidKey("holds more than one PEM block; give the key alone");
  const [, body = bare] = blocks[0]?.split("-----") ?? [];
  const base64 = body.replace(/\s+/g, "");
  if (base64 === "") return invalidKey("is empty");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return invalidKey(NOT_BASE64);

  const der = fromBase64(base64);
  if (!der) return invalidKey("was cut off: its base64 ends too early");
  const opening = String.fromCharCode(...der.subarray(0, 14));
  return opening === "openssh-key-v1" ? invalidKey(OPENSSH) : parseKeyDer(der);
}
