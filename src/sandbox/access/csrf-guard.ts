/** Keeps a page's form from being sent by anybody but the browser that was shown it. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const NAME = "antom_vault_page";

export interface ForgeryGuard {
  /** The browser's cookie for a page, where it was shown that page. One that somebody made up is none. */
  readonly cookieOf: (headers: Headers, linkId: string) => string | undefined;
  /** A new cookie, and the header that sets it for this page alone. */
  readonly newCookie: (link: { readonly id: string; readonly path: string; readonly secure: boolean }) => {
    readonly cookie: string;
    readonly header: string;
  };
  /** What the form carries: only who has seen the page with this cookie knows it. */
  readonly tokenFor: (cookie: string, linkId: string) => string;
  /** Whether a form was sent from the page that this browser was shown. */
  readonly isGenuine: (headers: Headers, linkId: string, token: string) => boolean;
}

export function createForgeryGuard(secret: Buffer): ForgeryGuard {
  const seal = (purpose: "cookie" | "form", text: string, linkId: string) =>
    createHmac("sha256", secret).update(`${purpose} ${text} ${linkId}`).digest("base64url");
  const cookieFor = (nonce: string, linkId: string) => `${nonce}.${seal("cookie", nonce, linkId)}`;
  const tokenFor = (cookie: string, linkId: string) => seal("form", cookie, linkId);
  const cookieOf = (headers: Headers, linkId: string): string | undefined => {
    const values = (headers.get("cookie") ?? "").split(";").map((each) => each.trim());
    const own = values.filter((each) => each.startsWith(`${NAME}=`)).map((each) => each.slice(NAME.length + 1));
    // Another program on this host can plant a cookie of the name beside the right one.
    return own.find((each) => sameText(each, cookieFor(each.slice(0, 22), linkId)));
  };
  return {
    cookieOf,
    newCookie: ({ id, path, secure }) => {
      const cookie = cookieFor(randomBytes(16).toString("base64url"), id);
      // Lax and not Strict: the buyer comes from the merchant's site, and a second visit must find the first one's cookie.
      const header = `${NAME}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    tokenFor,
    isGenuine: (headers, linkId, token) => {
      // A browser says where a form was sent from; one that is too old to say has the cookie and the token to show.
      const site = headers.get("sec-fetch-site");
      if (site !== null && site !== "same-origin") return false;
      const cookie = cookieOf(headers, linkId);
      return cookie !== undefined && sameText(token, tokenFor(cookie, linkId));
    },
  };
}

function sameText(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
