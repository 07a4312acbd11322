/** Masks the card data in request bodies, so that the sandbox can store them. */
import { hash } from "node:crypto";
import { maskCardData } from "../../cards/mask-card-data.ts";
import { maskKnownCard } from "../../cards/mask-known-card.ts";

const maskedBodies = new WeakMap<object, string>();

/** Returns the body as JSON with masked card data, or an empty string if the body is not an object or array. Caches the result. */
export function maskRequestBody(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const cached = maskedBodies.get(body);
  if (cached !== undefined) return cached;
  const text = maskKnownCard(JSON.stringify(maskCardData(body)), body);
  maskedBodies.set(body, text);
  return text;
}

/**
 * Returns a hash that distinguishes a retry from a different request under the same ID. The hash covers only the masked body, because an attacker
 * could otherwise try card numbers, CVVs, or expiry dates against the hash. A keyed hash would not help, because the key would be stored next to
 * the hash. The hash covers canonical JSON, so the order of fields and the whitespace do not matter.
 */
export const computeFingerprint = (body: object): string =>
  hash("sha256", JSON.stringify(sortFields(JSON.parse(maskRequestBody(body)))), "base64url");

function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sortFields(inner)]));
}
