/** Who has signed in to the dashboard, and whether a form was sent from a page of its own. Nothing is kept: what a browser shows is sealed. */
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
  // What was sealed under another token is worth nothing.
  const seal = (purpose: "session" | "form", text: string) =>
    createHmac("sha256", secret)
      .update(JSON.stringify([purpose, token ?? null, text]))
      .digest("base64url");
  // Browsers keep cookies by host and not by port, and there may be another sandbox beside this one.
  const name = () => `antom_vault_dashboard_${new URL(baseUrl()).port || "0"}`;

  const cookieOf = (headers: Headers): string | undefined =>
    getCookies(headers, name()).find((each) => {
      const [until = "", given = ""] = each.split(".");
      return /^\d{1,15}$/.test(until) && Number(until) > now() && constantTimeEqual(given, seal("session", until));
    });
  const header = (value: string, maxAge: number) => {
    const { protocol, pathname } = new URL(baseUrl());
    const secure = protocol === "https:" ? "; Secure" : "";
    return `${name()}=${value}; Path=${pathname}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  };
  /** What every form carries: only who can read a page knows it. */
  const formToken = (headers: Headers) => seal("form", token === undefined ? "" : (cookieOf(headers) ?? ""));

  return {
    /** Whether one can sign in at all: a token is asked for. */
    isRequired: token !== undefined,
    /** Whether nobody has to sign in, or this browser has. */
    isSignedIn: (headers: Headers): boolean => token === undefined || cookieOf(headers) !== undefined,
    /** The header that lets a browser in, or `undefined` where the token is wrong. */
    signIn: (given: string): string | undefined => {
      if (token === undefined || !constantTimeEqual(given, token)) return undefined;
      const until = String(now() + SESSION_MS);
      return header(`${until}.${seal("session", until)}`, SESSION_MS / 1000);
    },
    /** The header that sends it out again. */
    signOut: () => header("", 0),
    formToken,
    isGenuine: (headers: Headers, given: string): boolean => constantTimeEqual(given, formToken(headers)),
  };
}
