/** A CSRF guard, which accepts a form only from the browser that loaded the page with the form. */
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
  /** Returns the cookie for a page, or `undefined` if the request has no cookie with a valid seal for this page. */
  const findCookie = (headers: Headers, linkId: string): string | undefined =>
    // A different program on this host can set a second cookie with the same name.
    getCookies(headers, COOKIE_NAME).find((cookie) =>
      constantTimeEqual(cookie, createCookie(cookie.slice(0, 22), linkId)),
    );
  return {
    findCookie,
    /** Creates a cookie and the Set-Cookie header that limits it to one page. */
    issueCookie: (linkId: string, path: string, secure: boolean) => {
      const cookie = createCookie(randomBytes(16).toString("base64url"), linkId);
      // SameSite is Lax, because browsers omit Strict cookies when the buyer returns from the merchant's site.
      const header = `${COOKIE_NAME}=${cookie}; Path=${path}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
      return { cookie, header };
    },
    createToken,
    /** Returns whether a form was sent from the page that this browser loaded. */
    isGenuine: (headers: Headers, linkId: string, token: string): boolean => {
      const cookie = findCookie(headers, linkId);
      return cookie !== undefined && constantTimeEqual(token, createToken(cookie, linkId));
    },
  };
}
