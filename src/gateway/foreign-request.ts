/**
 * Finds requests that a web page from a different site sent to a local server. Such a page can send requests to its visitor's computer and, with DNS
 * rebinding, even read the responses. However, it cannot forge the Host, Origin, and Sec-Fetch-Site headers.
 */
import type { RequestHead } from "../protocol/request-head.ts";
import { isLoopback } from "../protocol/require-tls.ts";

/** How clients reach a local server. */
export interface ServerAddress {
  readonly baseUrl: string;
  /** Whether other computers can reach the server. */
  readonly isExposed: boolean;
  /** The host names of the server in addition to that of `baseUrl`. */
  readonly names?: readonly (string | undefined)[];
}

/** Returns whether other computers can reach a server, through its address or a public URL. */
export const isExposed = ({ host, publicUrl }: { readonly host: string; readonly publicUrl?: string | undefined }) =>
  publicUrl !== undefined || !isLoopback(host);

/**
 * The kind of a request. `call`: a call from a program, or from a page of the server. `link`: a request for a page that other sites may link to, but
 * not embed. `form`: a form submitted from a page that sends no referrer. Browsers send the origin `null` with such a form.
 */
type RequestKind = "call" | "link" | "form";

export type ForeignHeader = "Host" | "Origin" | "Sec-Fetch-Site";

/**
 * Returns the header that shows that a request comes from a different site, or uses a host name that a third party could have chosen. Returns
 * `undefined` if there is no such header.
 */
export function findForeignHeader(
  { method, headers }: RequestHead,
  address: ServerAddress,
  kind: RequestKind = "call",
): ForeignHeader | undefined {
  const host = headers.get("host") ?? "";
  if (!isOwnHost(host, address)) return "Host";
  const isRead = method === "GET" || method === "HEAD";
  const isNavigation = headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
  if (kind === "link" && isRead && isNavigation) return undefined;
  const origin = headers.get("origin");
  const isOriginHidden = kind === "form" && origin === "null";
  if (origin !== null && !isOriginHidden && !isOwnOrigin(origin, host, address)) return "Origin";
  const site = headers.get("sec-fetch-site");
  const isOwnSite = site === null || site === "same-origin" || (site === "none" && kind !== "form");
  return isOwnSite ? undefined : "Sec-Fetch-Site";
}

/** Explains why a request is rejected, and what to do. */
export const describeForeignHeader = (header: ForeignHeader): string =>
  header === "Host"
    ? "The host name of the request does not belong to this server. Use the address that the server printed when it started."
    : "Web pages from a different origin cannot use this server.";

/**
 * Returns whether a host belongs to the server. Besides loopback addresses and the server's names, accepts names in .internal, such as
 * host.docker.internal. If the server is exposed, also accepts IP addresses and names without a dot, such as those of Docker Compose. A third party
 * cannot register any of these names.
 */
function isOwnHost(host: string, { baseUrl, isExposed, names = [] }: ServerAddress): boolean {
  const hostname = parseUrl(`http://${host}`)?.hostname;
  if (hostname === undefined) return false;
  if (isLoopback(hostname) || hostname.endsWith(".internal") || names.some((name) => name?.toLowerCase() === hostname))
    return true;
  return isExposed && (hostname === new URL(baseUrl).hostname || /^(?:[^.]+|[\d.]+)$/.test(hostname));
}

function isOwnOrigin(origin: string, host: string, { baseUrl, isExposed }: ServerAddress): boolean {
  const { protocol, origin: ownOrigin } = new URL(baseUrl);
  // A server that other computers can reach might be behind a TLS proxy.
  const protocols = isExposed ? ["http:", "https:"] : [protocol];
  return origin === ownOrigin || protocols.some((name) => origin === parseUrl(`${name}//${host}`)?.origin);
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.href === `${url.origin}/` ? url : undefined;
}
