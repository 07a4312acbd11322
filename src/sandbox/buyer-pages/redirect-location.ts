/** The merchant's own page, as a browser is sent to it. */

import { completeUrl } from "../../protocol/complete-url.ts";

/** A redirectUrl as a Location: as the merchant gave it, with a scheme where it has none, and in ASCII. Nothing is added. */
export function locationOf(redirectUrl: string): string | undefined {
  const text = completeUrl(redirectUrl);
  try {
    const { href, protocol } = new URL(text);
    if (protocol !== "http:" && protocol !== "https:") return undefined;
    return /^[\x21-\x7E]*$/.test(text) ? text : href;
  } catch {
    return undefined;
  }
}
