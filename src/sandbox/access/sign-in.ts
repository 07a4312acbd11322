/** Who has signed in to the dashboard, and whether a form was sent from a page of its own. Nothing is kept: what a browser shows is sealed. */
import { createHmac } from "node:crypto";
import { sameText } from "./access-control.ts";

export interface Sessions {
  /** Whether nobody has to sign in, or this browser has. */
  readonly isSignedIn: (headers: Headers) => boolean;
  /** Whether one can sign in at all: a token is asked for. */
  readonly asked: boolean;
  /** The header that lets a browser in, or `undefined` where the token is wrong. */
  readonly signIn: (token: string) => string | undefined;
  /** The header that sends it out again. */
  readonly signOut: () => string;
  /** What every form carries: only who can read a page knows it. */
  readonly formToken: (headers: Headers) => string;
  readonly isGenuine: (headers: Headers, formToken: string) => boolean;
}

export interface SessionsOptions {
  readonly token: string | undefined;
  readonly secret: Buffer;
  readonly baseUrl: () => string;
  readonly now?: () => number;
}

const LASTS_MS = 12 * 3_600_000;

export function createSessions({ token, secret, baseUrl, now = Date.now }: SessionsOptions): Sessions {
  // What was sealed under another token is worth nothing.
  const seal = (purpose: "session" | "form", text: string) =>
    createHmac("sha256", secret)
      .update(JSON.stringify([purpose, token ?? null, text]))
      .digest("base64url");
  // Browsers keep cookies by host and not by port, and there may be another sandbox beside this one.
  const name = () => `antom_vault_dashboard_${new URL(baseUrl()).port || "0"}`;

  const cookieOf = (headers: Headers): string | undefined => {
    const all = (headers.get("cookie") ?? "").split(";").map((each) => each.trim());
    const own = all.filter((each) => each.startsWith(`${name()}=`)).map((each) => each.slice(name().length + 1));
    return own.find((each) => {
      const [until = "", given = ""] = each.split(".");
      return /^\d{1,15}$/.test(until) && Number(until) > now() && sameText(given, seal("session", until));
    });
  };
  const header = (value: string, maxAge: number) => {
    const { protocol, pathname } = new URL(baseUrl());
    const secure = protocol === "https:" ? "; Secure" : "";
    return `${name()}=${value}; Path=${pathname}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  };
  const formToken = (headers: Headers) => seal("form", token === undefined ? "" : (cookieOf(headers) ?? ""));

  return {
    asked: token !== undefined,
    isSignedIn: (headers) => token === undefined || cookieOf(headers) !== undefined,
    signIn: (given) => {
      if (token === undefined || !sameText(given, token)) return undefined;
      const until = String(now() + LASTS_MS);
      return header(`${until}.${seal("session", until)}`, LASTS_MS / 1000);
    },
    signOut: () => header("", 0),
    formToken,
    isGenuine: (headers, given) => sameText(given, formToken(headers)),
  };
}
