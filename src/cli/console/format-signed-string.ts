import { maskBodyText } from "../../cards/mask-card-data.ts";
import { type SignedMessage, stringToSign } from "../../signature/index.ts";

/** Returns the string to sign as it can be shown: card data is masked, and carriage returns and tabs, which break signatures, are visible. */
export function formatSignedString(message: SignedMessage): string {
  const { length } = stringToSign({ ...message, body: "" });
  const text = new TextDecoder().decode(stringToSign(message));
  // The head is ASCII, so its bytes are its characters; only the body can hold a card.
  return (text.slice(0, length) + maskBodyText(text.slice(length))).replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}
