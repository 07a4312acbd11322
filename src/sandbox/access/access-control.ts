/** Who may use what the sandbox serves for its developer: the control API and the dashboard. */
import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopback } from "../../protocol/require-tls.ts";

export interface ControlAccess {
  /** Asked for as a bearer token; left out where the sandbox is on loopback alone. */
  readonly token?: string | undefined;
  /** Whether a request carries the cookie of somebody who has shown the token to the dashboard. */
  readonly signedIn?: ((headers: Headers) => boolean) | undefined;
}

/** Whether a request carries the token, where one is asked for. */
export const hasToken = ({ headers }: Request, { token }: ControlAccess): boolean =>
  token === undefined || constantTimeEqual(headers.get("authorization") ?? "", `Bearer ${token}`);

/**
 * Whether a request comes from a web page of another origin, or by a name that is not the sandbox's.
 *
 * Where no token is asked for, whoever can connect may come in; a web page in the developer's own browser can connect too, so what such a
 * page cannot help sending is looked at: its origin, and the name under which it reached this address.
 */
export function isCrossOrigin(request: Request, access: ControlAccess): boolean {
  const site = request.headers.get("sec-fetch-site");
  return (
    hasUntrustedOrigin(request, access) ||
    (site !== null && site !== "same-origin" && site !== "none") ||
    hasUntrustedHost(request, access)
  );
}

/** Whether the name by which this address was reached is one that anybody can give it. */
export const hasUntrustedHost = ({ url }: Request, { token }: ControlAccess): boolean =>
  token === undefined && !isLoopback(new URL(url).hostname);

function hasUntrustedOrigin({ url, headers }: Request, { token }: ControlAccess): boolean {
  const origin = headers.get("origin");
  const { host } = new URL(url);
  // Behind whatever speaks https for an exposed sandbox, the origin is https too.
  const own = token === undefined ? [`http://${host}`] : [`http://${host}`, `https://${host}`];
  return origin !== null && !own.includes(origin);
}

/** Compares in a time that tells nothing of either text. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The values of a cookie. */
export function getCookies(headers: Headers, name: string): readonly string[] {
  const all = (headers.get("cookie") ?? "").split(";").map((each) => each.trim());
  return all.filter((each) => each.startsWith(`${name}=`)).map((each) => each.slice(name.length + 1));
}
