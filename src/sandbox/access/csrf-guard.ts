/** Keeps a page's form from being sent by anybody but the browser that was shown it. */
import { createHmac, randomBytes } from "node:crypto";
import { constantTimeEqual, getCookies } from "./access-control.ts";

const COOKIE_NAME = "antom_vault_page";

export type CsrfGuard = Readonly<ReturnType<typeof createCsrfGuard>>;

export function createCsrfGuard(secret: Buffer) {
  const seal = (purpose: "cookie" | "form", text: string, linkId: string) =>
    createHmac("sha256", secret).update(`${purpose} ${text} ${linkId}`).digest("base64url");
  const cookieFor = (nonce: string, linkId: string) => `${nonce}.${seal("cookie", nonce, linkId)}`;
  /** What the form carries: only who has seen the page with this cookie knows it. */
  const createToken = (cookie: string, linkId: string) => seal("form", cookie, linkId);
  /** The browser's cookie for a page, where it was shown that page. One that somebody made up is none. */
  const findCookie = (headers: Headers, linkId: string): string | undefined =>
    // Another program on this host can plant a cookie of the name beside the right one.
    getCookies(headers, COOKIE_NAME).find((each) => constantTimeEqual(each, cookieFor(each.slice(0, 22), linkId)));
  return {
    findCookie: findCookie,
    /** A new cookie, and the header that sets it for this page alone. */
    newCookie: (id: string, path: string, secure: boolean) => {
      const cookie = cookieFor(randomBytes(16).toString("base64url"), id);
      // Lax and not Strict: the buyer comes from the merchant's site, and a second visit must find the first one's cookie.
      const header = `${COOKIE_NAME}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    createToken: createToken,
    /** Whether a form was sent from the page that this browser was shown. */
    isGenuine: (headers: Headers, linkId: string, token: string): boolean => {
      // A browser says where a form was sent from; one that is too old to say has the cookie and the token to show.
      const site = headers.get("sec-fetch-site");
      if (site !== null && site !== "same-origin") return false;
      const cookie = findCookie(headers, linkId);
      return cookie !== undefined && constantTimeEqual(token, createToken(cookie, linkId));
    },
  };
}
