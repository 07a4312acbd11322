import { maskBodyText } from "../../cards/mask-card-data.ts";
import { escapeLines } from "../../protocol/escape-controls.ts";
import { type SignedMessage, stringToSign } from "../../signature/index.ts";

/** Returns the string to sign with card data masked. Shows carriage returns and tabs as escape sequences, because they can break a signature. */
export function formatSignedString(message: SignedMessage): string {
  const { length } = stringToSign({ ...message, body: "" });
  const text = new TextDecoder().decode(stringToSign(message));
  // Only the body can contain card data. The text before the body is ASCII, so its lengths in bytes and in characters are equal.
  const masked = text.slice(0, length) + maskBodyText(text.slice(length));
  return escapeLines(masked.replaceAll("\r", "\\r").replaceAll("\t", "\\t"));
}
