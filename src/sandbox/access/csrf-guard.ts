/** Keeps a page's form from being sent by anybody but the browser that was shown it. */
import { createHmac, randomBytes } from "node:crypto";
import { cookiesOf, sameText } from "./access-control.ts";

const NAME = "antom_vault_page";

export type ForgeryGuard = Readonly<ReturnType<typeof createForgeryGuard>>;

export function createForgeryGuard(secret: Buffer) {
  const seal = (purpose: "cookie" | "form", text: string, linkId: string) =>
    createHmac("sha256", secret).update(`${purpose} ${text} ${linkId}`).digest("base64url");
  const cookieFor = (nonce: string, linkId: string) => `${nonce}.${seal("cookie", nonce, linkId)}`;
  /** What the form carries: only who has seen the page with this cookie knows it. */
  const tokenFor = (cookie: string, linkId: string) => seal("form", cookie, linkId);
  /** The browser's cookie for a page, where it was shown that page. One that somebody made up is none. */
  const cookieOf = (headers: Headers, linkId: string): string | undefined =>
    // Another program on this host can plant a cookie of the name beside the right one.
    cookiesOf(headers, NAME).find((each) => sameText(each, cookieFor(each.slice(0, 22), linkId)));
  return {
    cookieOf,
    /** A new cookie, and the header that sets it for this page alone. */
    newCookie: (id: string, path: string, secure: boolean) => {
      const cookie = cookieFor(randomBytes(16).toString("base64url"), id);
      // Lax and not Strict: the buyer comes from the merchant's site, and a second visit must find the first one's cookie.
      const header = `${NAME}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    tokenFor,
    /** Whether a form was sent from the page that this browser was shown. */
    isGenuine: (headers: Headers, linkId: string, token: string): boolean => {
      // A browser says where a form was sent from; one that is too old to say has the cookie and the token to show.
      const site = headers.get("sec-fetch-site");
      if (site !== null && site !== "same-origin") return false;
      const cookie = cookieOf(headers, linkId);
      return cookie !== undefined && sameText(token, tokenFor(cookie, linkId));
    },
  };
}
