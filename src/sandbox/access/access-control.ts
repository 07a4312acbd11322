/** Access control for the control API and the dashboard. */
import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopback } from "../../protocol/require-tls.ts";

export interface ControlAccess {
  /** The bearer token that requests must contain. `undefined` if no token is required. */
  readonly token?: string | undefined;
  /** Returns whether a request has the cookie of a user who signed in to the dashboard. */
  readonly isSignedIn?: ((headers: Headers) => boolean) | undefined;
}

/** Returns whether a request has the token, or no token is required. */
export const hasToken = ({ headers }: Request, { token }: ControlAccess): boolean =>
  token === undefined ||
  constantTimeEqual((headers.get("authorization") ?? "").replace(/^bearer /i, "Bearer "), `Bearer ${token}`);

/**
 * Returns whether a request comes from a web page on a different origin, or uses an untrusted host name.
 *
 * Without a token, anyone who can connect has access, including any web page in the developer's browser. Such a page cannot forge its
 * origin or the host name that it used.
 */
export function isCrossOrigin(request: Request, access: ControlAccess): boolean {
  const site = request.headers.get("sec-fetch-site");
  return (
    hasUntrustedOrigin(request, access) ||
    (site !== null && site !== "same-origin" && site !== "none") ||
    hasUntrustedHost(request, access)
  );
}

/** Returns whether a third party could have chosen the host name of the request, as in DNS rebinding. Always returns `false` if a token is required. */
export const hasUntrustedHost = ({ url }: Request, { token }: ControlAccess): boolean =>
  token === undefined && !isLoopback(new URL(url).hostname);

function hasUntrustedOrigin({ url, headers }: Request, { token }: ControlAccess): boolean {
  const origin = headers.get("origin");
  const { host, origin: ownOrigin } = new URL(url);
  // A sandbox that other computers can reach may be behind a TLS proxy.
  const allowedOrigins = token === undefined ? [ownOrigin] : [ownOrigin, `https://${host}`];
  return origin !== null && !allowedOrigins.includes(origin);
}

/** Compares two strings in constant time. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Returns all values of a cookie. */
export function getCookies(headers: Headers, name: string): readonly string[] {
  const all = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return all.filter((cookie) => cookie.startsWith(`${name}=`)).map((cookie) => cookie.slice(name.length + 1));
}
