/** Random values and derived keys. */
import { createCipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, randomInt } from "node:crypto";
import { computeLuhnDigit } from "../../cards/luhn.ts";
import type { RandomValues } from "./state-machine.ts";

/** Derives a key for one purpose from the gateway's first key. Processes with the same first key derive the same keys. */
export const deriveKey = (rootKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", rootKey, "antom-vault sandbox", purpose, 32));

export function createRandomValues(rootKey: string): RandomValues {
  const sessionKey = deriveKey(rootKey, "vaultingSessionData");
  // With a Buffer, Node.js would create a key object for each hash, which takes longer than the hash itself.
  const fingerprintKey = createSecretKey(deriveKey(rootKey, "fingerprint"));
  return {
    cardToken: () => `ALIPAY${randomBytes(64).toString("base64")}`,
    linkId: () => randomBytes(16).toString("base64url"),
    sessionId: () => randomBytes(32).toString("base64url"),
    sessionData: (sessionId, expiresAt) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sessionKey, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify({ sessionId, expiresAt })), cipher.final()]);
      return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString("base64");
    },
    networkTransactionId: () => {
      const digits = String(randomInt(1e13, 1e14));
      // With a valid check digit, the ID would be masked as a card number.
      return digits + ((Number(computeLuhnDigit(digits)) + 1) % 10);
    },
    fingerprint: (clientId, { number }) =>
      createHmac("sha256", fingerprintKey)
        .update(JSON.stringify([clientId, number]))
        .digest("base64url"),
  };
}
