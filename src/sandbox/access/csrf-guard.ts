/** A CSRF guard, which accepts a form only from the browser that loaded its page. */
import { createHmac, randomBytes } from "node:crypto";
import { constantTimeEqual, getCookies } from "./access-control.ts";

const COOKIE_NAME = "antom_vault_page";

export type CsrfGuard = Readonly<ReturnType<typeof createCsrfGuard>>;

export function createCsrfGuard(secret: Buffer) {
  const seal = (purpose: "cookie" | "form", text: string, linkId: string) =>
    createHmac("sha256", secret).update(`${purpose} ${text} ${linkId}`).digest("base64url");
  const createCookie = (nonce: string, linkId: string) => `${nonce}.${seal("cookie", nonce, linkId)}`;
  /** Creates the hidden form token, which is bound to the cookie. */
  const createToken = (cookie: string, linkId: string) => seal("form", cookie, linkId);
  /** Returns the cookie of a page if it has a valid seal. */
  const findCookie = (headers: Headers, linkId: string): string | undefined =>
    // Another program on this host can set a second cookie with this name.
    getCookies(headers, COOKIE_NAME).find((cookie) =>
      constantTimeEqual(cookie, createCookie(cookie.slice(0, 22), linkId)),
    );
  return {
    findCookie,
    /** Creates a cookie and the Set-Cookie header that limits it to one page. */
    issueCookie: (linkId: string, path: string, secure: boolean) => {
      const cookie = createCookie(randomBytes(16).toString("base64url"), linkId);
      // Lax instead of Strict, because the buyer arrives from the merchant's site and may return with the same cookie.
      const header = `${COOKIE_NAME}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    createToken,
    /** Returns whether a form was sent from the page that this browser loaded. */
    isGenuine: (headers: Headers, linkId: string, token: string): boolean => {
      // Old browsers do not send this header. The cookie and the token still protect them.
      const site = headers.get("sec-fetch-site");
      if (site !== null && site !== "same-origin") return false;
      const cookie = findCookie(headers, linkId);
      return cookie !== undefined && constantTimeEqual(token, createToken(cookie, linkId));
    },
  };
}
