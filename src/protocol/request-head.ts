/** The API contract's rules for a request's method and headers, except the signature. */
import { isHeaderToken, isJsonMediaType, parseRequestTime } from "./http.ts";

/** The method and headers of a request. */
export interface RequestHead {
  readonly method: string;
  readonly headers: { readonly get: (name: string) => string | null };
}

/** A part of the request head that {@link isValidHeadPart} can check. */
export type HeadPart = "method" | "content-type" | "content-encoding" | "client-id" | "request-time" | "agent-token";

export function isValidHeadPart(part: HeadPart, { method, headers }: RequestHead): boolean {
  if (part === "method") return method === "POST";
  const value = headers.get(part);
  switch (part) {
    case "content-type":
      // Antom's Go SDK sends this header twice, and the values arrive joined by a comma.
      return value === null || value.split(",").every(isJsonMediaType);
    case "content-encoding":
      return /^(?:identity)?$/i.test(value ?? "");
    case "client-id":
      return isHeaderToken(value ?? "");
    case "request-time":
      return parseRequestTime(value ?? "") !== undefined;
    case "agent-token":
      return !value || isHeaderToken(value);
  }
}
