/** A request's body as the sandbox may keep it. */
import { hash } from "node:crypto";
import { maskCardData } from "../../cards/mask-card-data.ts";

const maskedBodies = new WeakMap<object, string>();

/** The body as JSON with card data masked; made once for each body. Empty where it has no fields by which card data could be told. */
export function maskRequestBody(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const known = maskedBodies.get(body);
  if (known !== undefined) return known;
  const text = JSON.stringify(maskCardData(body));
  maskedBodies.set(body, text);
  return text;
}

/**
 * Tells a repeated request from another one under the same ID. It is made of the masked body, so nobody can try card numbers, CVVs or
 * expiries against it: a key would only have to be found beside it.
 */
export const computeFingerprint = (body: object): string => hash("sha256", maskRequestBody(body), "base64url");
