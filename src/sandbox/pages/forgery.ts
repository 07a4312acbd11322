/** Keeps a page's form from being sent by anybody but the browser that was shown it. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const COOKIE = "antom_vault_page";

export interface ForgeryGuard {
  /** The browser's cookie for a page, where it has one. */
  readonly cookieOf: (headers: Headers) => string | undefined;
  /** A new cookie, and the header that sets it for this page alone. */
  readonly newCookie: (path: string, secure: boolean) => { readonly cookie: string; readonly header: string };
  /** What the form carries: only who has seen the page with this cookie knows it. */
  readonly tokenFor: (cookie: string, linkId: string) => string;
  /** Whether a form was sent from the page that this browser was shown. */
  readonly isGenuine: (headers: Headers, linkId: string, token: string) => boolean;
}

export function createForgeryGuard(secret: Buffer): ForgeryGuard {
  const tokenFor = (cookie: string, linkId: string) =>
    createHmac("sha256", secret).update(`${cookie} ${linkId}`).digest("base64url");
  const cookieOf = (headers: Headers): string | undefined =>
    new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{22})(?:;|$)`).exec(headers.get("cookie") ?? "")?.[1];
  return {
    cookieOf,
    newCookie: (path, secure) => {
      const cookie = randomBytes(16).toString("base64url");
      // Lax and not Strict: the buyer comes from the merchant's site, and a second visit must find the first one's cookie.
      const header = `${COOKIE}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    tokenFor,
    isGenuine: (headers, linkId, token) => {
      // A browser says where a form was sent from; one that is too old to say has the cookie and the token to show.
      const site = headers.get("sec-fetch-site");
      if (site !== null && site !== "same-origin") return false;
      const cookie = cookieOf(headers);
      if (cookie === undefined) return false;
      const right = Buffer.from(tokenFor(cookie, linkId));
      const given = Buffer.from(token);
      return right.byteLength === given.byteLength && timingSafeEqual(right, given);
    },
  };
}
