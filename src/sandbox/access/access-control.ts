/** Access control for the control API and the dashboard. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { ServerAddress } from "../../gateway/index.ts";

export interface ControlAccess {
  /** The bearer token that requests must contain. `undefined` if no token is required. */
  readonly token?: string | undefined;
  readonly address: () => ServerAddress;
  /** Returns whether a request has a valid session cookie of the dashboard. */
  readonly isSignedIn?: ((headers: Headers) => boolean) | undefined;
}

/** Returns whether a request has the control token. Always returns `true` if no token is required. */
export const hasToken = ({ headers }: Request, { token }: ControlAccess): boolean =>
  token === undefined ||
  constantTimeEqual((headers.get("authorization") ?? "").replace(/^bearer /i, "Bearer "), `Bearer ${token}`);

/** Compares two strings in constant time. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Returns the values of all cookies with this name. */
export function getCookies(headers: Headers, name: string): readonly string[] {
  const all = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return all.filter((cookie) => cookie.startsWith(`${name}=`)).map((cookie) => cookie.slice(name.length + 1));
}
