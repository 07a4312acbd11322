/** Random values of a vaulting. */
import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Fresh } from "./state-machine.ts";

/** Keys for one purpose each, all of them out of the gateway's first one, so that every process that shares it has the same. */
export const deriveKey = (rootKey: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", rootKey, "antom-vault sandbox", purpose, 32));

/** Random bytes, fetched some at a time: each fetch has a price of its own. Each is given out once. */
function createPool(size = 4096): { readonly take: (count: number) => Buffer } {
  let bytes = Buffer.alloc(0);
  return {
    take: (count) => {
      if (bytes.byteLength < count) bytes = randomBytes(size);
      const taken = bytes.subarray(0, count);
      bytes = bytes.subarray(count);
      return taken;
    },
  };
}

export function createFresh(rootKey: string): Fresh {
  const pool = createPool();
  const sessionKey = deriveKey(rootKey, "vaultingSessionData");
  return {
    cardToken: () => `ALIPAY${pool.take(64).toString("base64")}`,
    linkId: () => randomBytes(16).toString("base64url"),
    sessionId: () => randomBytes(32).toString("base64url"),
    sessionData: (sessionId, expiresAt) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sessionKey, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify({ sessionId, expiresAt })), cipher.final()]);
      return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString("base64");
    },
  };
}
