/** Sign-in and CSRF protection for the dashboard. Each session is a signed cookie, so the server stores no sessions. */
import { createHmac } from "node:crypto";
import { constantTimeEqual, getCookies } from "./access-control.ts";

export type Sessions = Readonly<ReturnType<typeof createSessions>>;

export interface SessionsOptions {
  readonly token: string | undefined;
  readonly secret: Buffer;
  readonly baseUrl: () => string;
  readonly now?: () => number;
}

const SESSION_MS = 12 * 3_600_000;

export function createSessions({ token, secret, baseUrl, now = Date.now }: SessionsOptions) {
  // A new control token invalidates all sessions.
  const seal = (purpose: "session" | "form", text: string) =>
    createHmac("sha256", secret)
      .update(JSON.stringify([purpose, token ?? null, text]))
      .digest("base64url");
  // The cookie name contains the port, because all ports of a host share cookies, and a second sandbox might run on this host.
  const getCookieName = () => `antom_vault_dashboard_${new URL(baseUrl()).port || "0"}`;

  const findCookie = (headers: Headers): string | undefined =>
    getCookies(headers, getCookieName()).find((cookie) => {
      const [until = "", signature = ""] = cookie.split(".");
      return /^\d{1,15}$/.test(until) && Number(until) > now() && constantTimeEqual(signature, seal("session", until));
    });
  const createHeader = (value: string, maxAge: number) => {
    const { protocol, pathname } = new URL(baseUrl());
    const secure = protocol === "https:" ? "; Secure" : "";
    return `${getCookieName()}=${value}; Path=${pathname}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  };
  /** Creates the hidden form token, which only pages of the dashboard contain. */
  const createFormToken = (headers: Headers) => seal("form", token === undefined ? "" : (findCookie(headers) ?? ""));

  return {
    /** Whether the dashboard requires a sign-in. */
    isRequired: token !== undefined,
    /** Returns `true` if this browser has signed in or no sign-in is required. */
    isSignedIn: (headers: Headers): boolean => token === undefined || findCookie(headers) !== undefined,
    /** Returns the Set-Cookie header of a new session, or `undefined` if the token is incorrect or no sign-in is required. */
    signIn: (candidate: string): string | undefined => {
      if (token === undefined || !constantTimeEqual(candidate, token)) return undefined;
      const until = String(now() + SESSION_MS);
      return createHeader(`${until}.${seal("session", until)}`, SESSION_MS / 1000);
    },
    /** Returns the Set-Cookie header that deletes the session cookie. */
    signOut: () => createHeader("", 0),
    createFormToken,
    /** Returns whether a submitted form contains the expected form token. */
    isGenuine: (headers: Headers, candidate: string): boolean => constantTimeEqual(candidate, createFormToken(headers)),
  };
}
