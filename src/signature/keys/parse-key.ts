import { fromBase64 } from "../../protocol/base64.ts";
import { ENCRYPTED, invalidKey, type ParsedKey, parseKeyDer } from "./rsa-der.ts";

const OPENSSH =
  "is an OpenSSH key: convert a copy of it with ssh-keygen -p -m PKCS8 -f key (private) " +
  "or ssh-keygen -e -m PKCS8 -f key.pub (public)";
const FIRST_LINE =
  "contains only the first line of a PEM: put the whole value in quotation marks, or replace its line breaks with \\n";
const NO_BEGIN = "has no BEGIN line: copy the whole PEM, including its first line";
const NOT_BASE64 = "is not base64: remove quotation marks, and make sure that it contains the key, not a file name";

/**
 * Parses a key in PEM, base64, base64 of a PEM, or DER. Line breaks are optional and can be escaped as `\n` or `\\n`, as in environment variables.
 * Ignores PEM labels, because Antom's Python and PHP SDKs label PKCS#8 as "RSA PRIVATE KEY". Never throws.
 */
export function parseKey(key: string | Uint8Array<ArrayBuffer>): ParsedKey {
  // DER starts with 0x30, which is "0" in text, and a length byte. The length byte of an RSA key is over 0x7F, but PEM and base64 contain no such
  // byte.
  if (typeof key !== "string" && key[0] === 0x30 && (key[1] ?? 0) > 0x7f) return parseKeyDer(key);
  const text = typeof key === "string" ? key : new TextDecoder().decode(key);
  const lines = text.replace(/\\{1,2}[rn]/g, "\n").trim();
  if (/^(ssh-|ecdsa-sha2-)/.test(lines)) return invalidKey(OPENSSH);
  // Legacy PEM encryption is visible only in this header, not in the DER.
  if (lines.includes("Proc-Type:")) return invalidKey(ENCRYPTED);

  const [unlabeled = "", ...blocks] = lines.split("-----BEGIN ");
  if (blocks.length > 1) return invalidKey("contains more than one PEM block: provide only the key");
  const [, body = unlabeled] = blocks[0]?.split("-----") ?? [];
  const base64 = body.replace(/\s+/g, "");
  if (base64 === "")
    return invalidKey(
      blocks[0]?.endsWith(" KEY-----") && !blocks[0].includes("END")
        ? FIRST_LINE
        : "is empty: check that the environment variable is set",
    );
  if (unlabeled.includes("-----END ")) return invalidKey(NO_BEGIN);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return invalidKey(NOT_BASE64);

  const der = fromBase64(base64);
  if (!der) return invalidKey("is truncated: its base64 is incomplete");
  const opening = String.fromCharCode(...der.subarray(0, 14));
  if (opening.startsWith("-----BEGIN ") && blocks.length === 0) return parseKey(der);
  return opening === "openssh-key-v1" ? invalidKey(OPENSSH) : parseKeyDer(der);
}
