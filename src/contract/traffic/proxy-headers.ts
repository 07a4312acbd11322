/** Headers on their way through: what belongs to one connection stays behind (RFC 9110, 7.6.1), the rest passes as it is, doubles too. */
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

/** Whoever could have them dropped could hide where a message ends, or whom it is for. */
const NEVER_DROPPED: ReadonlySet<string> = new Set(["content-length", "host"]);

/** Node's flat list of names and values as pairs. */
export const toHeaderList = (raw: readonly string[]): HeaderList =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as const] : []));

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

/** The headers of a request for its target: another host, and a body's end marked as it was. */
export function createTargetHeaders({ method, headers }: RequestHead, host: string): HeaderList {
  const has = (name: string) => headers.some(([each]) => each.toLowerCase() === name);
  // We have told the client to go on; the target need not.
  const kept = removeHopByHop(headers).filter(([name]) => !["host", "expect"].includes(name.toLowerCase()));
  const end: HeaderList = has("transfer-encoding")
    ? [["Transfer-Encoding", "chunked"]]
    : has("content-length") || !/^(?:POST|PUT|PATCH)$/.test(method)
      ? []
      : [["Content-Length", "0"]];
  return [["Host", host], ...kept, ...end];
}
