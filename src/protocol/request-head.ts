/** The rules of the API contract for the head of a request: its method and headers, except for the signature. */
import { isHeaderToken, isJsonMediaType, parseMessageTime } from "./http.ts";

export interface RequestHead {
  readonly method: string;
  readonly headers: { readonly get: (name: string) => string | null };
}

export type HeadPart = "method" | "content-type" | "content-encoding" | "client-id" | "request-time" | "agent-token";

/** Returns whether a part of the head is valid. The caller decides which parts it checks, and what it says about an invalid one. */
export function isValidHeadPart(part: HeadPart, { method, headers }: RequestHead): boolean {
  if (part === "method") return method === "POST";
  const value = headers.get(part);
  switch (part) {
    case "content-type":
      return isJsonMediaType(value);
    case "content-encoding":
      return /^(?:identity)?$/i.test(value ?? "");
    case "client-id":
      return isHeaderToken(value ?? "");
    case "request-time":
      return parseMessageTime(value ?? "") !== undefined;
    case "agent-token":
      return !value || isHeaderToken(value);
  }
}
