/** Filters headers for the recording proxy: removes hop-by-hop headers (RFC 9110, section 7.6.1), and keeps all others, including duplicates. */
import type { HeaderList } from "./recording.ts";

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers that a Connection header cannot remove, so that no sender can hide the host or the end of a message. */
const NEVER_DROPPED: ReadonlySet<string> = new Set(["content-length", "host"]);

/** Converts `rawHeaders`, the flat list of names and values from Node.js, into pairs. */
export const toHeaderList = (raw: readonly string[]): HeaderList =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));

export function removeHopByHop(headers: HeaderList): HeaderList {
  const named = headers
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.toLowerCase().split(","))
    .map((name) => name.trim())
    .filter((name) => !NEVER_DROPPED.has(name));
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderList;
}

/** Returns the request headers to send to the target, with the target's host and the original framing of the body. */
export function createTargetHeaders({ method, headers }: RequestHead, host: string): HeaderList {
  const has = (name: string) => headers.some(([header]) => header.toLowerCase() === name);
  // Omit Expect, because Node.js has already sent 100 Continue to the client.
  const kept = removeHopByHop(headers).filter(([name]) => !["host", "expect"].includes(name.toLowerCase()));
  const framing: HeaderList = has("transfer-encoding")
    ? [["Transfer-Encoding", "chunked"]]
    : has("content-length") || !/^(?:POST|PUT|PATCH)$/.test(method)
      ? []
      : [["Content-Length", "0"]];
  return [["Host", host], ...kept, ...framing];
}
