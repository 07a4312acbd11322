/**
 * Decides where the sandbox may send notifications. A merchant chooses the URL, which could point to a host that only the sandbox can reach.
 *
 * Addresses are parsed before they are compared, because `127.1`, `0x7f.1`, and `[::ffff:127.0.0.1]` are the same host.
 *
 * @module
 */
import { BlockList, isIP } from "node:net";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";

/**
 * The addresses that notifications may be sent to.
 * - `loopback`: this computer only. Host names other than `localhost` and `*.localhost` are blocked without a DNS lookup.
 * - `network`: every address except those that are always blocked. Use it if only this computer can reach the sandbox.
 * - `public`: public unicast addresses only. Use it if other computers can reach the sandbox.
 */
export type NetworkScope = "loopback" | "network" | "public";

export interface AddressRules {
  readonly scope: NetworkScope;
  /** The port of the sandbox. */
  readonly ownPort: number;
}

interface Range {
  readonly family: "ipv4" | "ipv6";
  readonly addresses: BlockList;
  readonly description: string;
}

const createRanges = (
  rows: readonly (readonly [network: string, prefix: number, description: string])[],
): readonly Range[] =>
  rows.map(([network, prefix, description]) => {
    const family = network.includes(":") ? "ipv6" : "ipv4";
    const addresses = new BlockList();
    addresses.addSubnet(network, prefix, family);
    return { family, addresses, description };
  });

const LOOPBACK = createRanges([
  ["127.0.0.0", 8, "a loopback address"],
  ["::1", 128, "a loopback address"],
]);

const METADATA = "the address of a cloud metadata service";
const EMBEDDED = "an IPv6 address that embeds an IPv4 address";

/** The ranges that are blocked in every scope. The first matching range determines the reason. */
const ALWAYS_BLOCKED = createRanges([
  ["0.0.0.0", 8, "an unspecified address"],
  ["::", 128, "an unspecified address"],
  ["169.254.0.0", 16, "a link-local or metadata address"],
  ["fe80::", 10, "a link-local address"],
  ["100.100.100.200", 32, METADATA],
  ["168.63.129.16", 32, METADATA],
  ["192.0.0.192", 32, METADATA],
  ["fd00:ec2::", 32, METADATA],
  ["fd20:ce::254", 128, METADATA],
  ["fd00:42::42", 128, METADATA],
  ["224.0.0.0", 4, "a multicast address"],
  ["ff00::", 8, "a multicast address"],
  ["240.0.0.0", 4, "a broadcast or reserved address"],
  ["::ffff:0:0", 96, EMBEDDED],
  ["::ffff:0:0:0", 96, EMBEDDED],
  ["::", 96, EMBEDDED],
  ["64:ff9b::", 96, EMBEDDED],
  ["64:ff9b:1::", 48, EMBEDDED],
  ["2002::", 16, EMBEDDED],
  ["2001::", 32, EMBEDDED],
]);

const PRIVATE = "an address in a private network";
const SPECIAL = "a special-purpose address";
const EXAMPLE = "an address reserved for documentation or benchmarks";

/** The additional ranges that are blocked in `public` scope. */
const NON_PUBLIC = createRanges([
  ["10.0.0.0", 8, PRIVATE],
  ["172.16.0.0", 12, PRIVATE],
  ["192.168.0.0", 16, PRIVATE],
  ["100.64.0.0", 10, PRIVATE],
  ["fc00::", 7, PRIVATE],
  ["fec0::", 10, PRIVATE],
  ["192.0.2.0", 24, EXAMPLE],
  ["198.51.100.0", 24, EXAMPLE],
  ["203.0.113.0", 24, EXAMPLE],
  ["198.18.0.0", 15, EXAMPLE],
  ["2001:db8::", 32, EXAMPLE],
  ["3fff::", 20, EXAMPLE],
  ["192.0.0.0", 24, SPECIAL],
  ["192.88.99.0", 24, SPECIAL],
  ["2001::", 23, SPECIAL],
]);

/** All public IPv6 unicast addresses are in this block. */
const PUBLIC_IPV6 = createRanges([["2000::", 3, "a public address"]]);

/**
 * The ports of common databases, and the "bad ports" of the Fetch standard, on which a server for a different protocol could misread an HTTP
 * request.
 */
const BLOCKED_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 3306, 5432, 6379, 9200, 11211, 27017,
]);

const OWN_PORT_REASON = "It is the sandbox's own address.";

/** The maximum length of a notification URL in the OpenAPI document, in characters. */
const MAX_URL_LENGTH = 2_048;

/** Returns whether a host name is `localhost` or a subdomain of it, which RFC 6761 reserves for this computer. */
export const isLocalhost = (hostname: string): boolean => /^(?:.+\.)?localhost\.?$/i.test(hostname);

/** Returns the host of a URL without the brackets of an IPv6 address. */
export const getBareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1");

/** Returns the port of a URL, or the default port of its scheme. */
export const getPort = (url: URL): number => Number(url.port || (url.protocol === "http:" ? 80 : 443));

/**
 * Returns why an IP address is blocked, or `undefined` if it is allowed.
 *
 * @example checkAddress("169.254.169.254", "network"); // "It is a link-local or metadata address, …"
 */
export function checkAddress(address: string, scope: NetworkScope): string | undefined {
  if (isIP(address) === 0) return "It is not an IP address.";
  if (address.includes("%")) return "It is an IPv6 address with a zone, which is never allowed.";
  // This check is first because ::1 is also in the range ::/96.
  if (findRange(address, LOOPBACK)) {
    return scope === "public"
      ? "It is a loopback address. The notification scope public allows only public addresses."
      : undefined;
  }
  const alwaysBlocked = findRange(address, ALWAYS_BLOCKED);
  if (alwaysBlocked) return `It is ${alwaysBlocked}, which is never allowed.`;
  if (scope === "loopback")
    return "It is not a loopback address. The notification scope loopback allows only loopback addresses.";
  if (scope === "network") return undefined;
  const nonPublic = findRange(address, NON_PUBLIC);
  if (nonPublic) return `It is ${nonPublic}. The notification scope public allows only public addresses.`;
  const unassigned = getFamily(address) === "ipv6" && !findRange(address, PUBLIC_IPV6);
  return unassigned
    ? "It is not a public unicast address. The notification scope public allows only public addresses."
    : undefined;
}

/** Like {@link checkAddress}, but also blocks the sandbox's own port on loopback addresses, so that the sandbox never calls itself. */
export function checkEndpoint(address: string, port: number, { scope, ownPort }: AddressRules): string | undefined {
  if (port === ownPort && findRange(address, LOOPBACK)) return OWN_PORT_REASON;
  return checkAddress(address, scope);
}

/**
 * Parses the notification URL of a request. The default scheme is https. Returns the URL, or the reason for rejecting it.
 * Makes no DNS lookup: check the addresses of a host name with {@link checkEndpoint}.
 *
 * @example checkTarget("www.test.com", { scope: "network", ownPort: 4010 }); // { url: https://www.test.com/ }
 */
export function checkTarget(text: string, rules: AddressRules): { readonly url: URL } | { readonly rejected: string } {
  const problem = checkText(text);
  if (problem) return { rejected: problem };
  const href = addDefaultScheme(text);
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url) return { rejected: "It is not a URL." };
  const rejected = checkUrl(url, rules);
  return rejected === undefined ? { url } : { rejected };
}

/**
 * Returns why a text cannot be a notification URL, or `undefined`. Rejects characters that the URL parser would drop or correct, because the text
 * could show a different host than the parsed URL.
 */
function checkText(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH && Array.from(text).length > MAX_URL_LENGTH)
    return `It is longer than ${MAX_URL_LENGTH} characters.`;
  // Matches control characters, spaces of any kind, and unpaired surrogates.
  if (/[\p{Cc}\p{Z}\p{Cs}]/u.test(text)) return "It contains a space, a control character, or an unpaired surrogate.";
  if (text.includes("\\")) return "It contains a backslash.";
  const [, authority = ""] = /^(?:https?:\/\/)?([^/?#]*)/i.exec(text) ?? [];
  if (authority.includes("@")) return "It contains a user name or password.";
  if (authority === "") return "It has no host.";
  // `shop.example:` in `shop.example:8443` looks like a scheme, but digits before the path are a port.
  const isHttp = /^https?:\/\//i.test(text) || !/^[a-z][a-z\d+.-]*:(?!\d+(?:[/?#]|$))/i.test(text);
  return isHttp ? undefined : "Its scheme is neither http nor https.";
}

function checkUrl(url: URL, { scope, ownPort }: AddressRules): string | undefined {
  const port = getPort(url);
  if (BLOCKED_PORTS.has(port)) return "Its port is never allowed, because services other than web servers use it.";
  if (scope === "public" && port < 1024 && port !== 80 && port !== 443) {
    return "Its port is not allowed in the notification scope public: use 80, 443, or a port number of at least 1024.";
  }
  const host = getBareHost(url);
  if (isIP(host)) return checkEndpoint(host, port, { scope, ownPort });
  if (isLocalhost(host)) {
    if (port === ownPort) return OWN_PORT_REASON;
    return scope === "public"
      ? "It is a host name of this computer. The notification scope public allows only public addresses."
      : undefined;
  }
  return scope === "loopback"
    ? "It is a host name. The notification scope loopback allows only localhost and loopback addresses."
    : undefined;
}

/** Returns the family of an address, or `undefined` for other text and for an address with a zone. */
function getFamily(address: string): Range["family"] | undefined {
  if (isIP(address) === 0 || address.includes("%")) return undefined;
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

/**
 * Describes the first range that contains the address. Compares families, because an IPv4 range in a BlockList also matches IPv4-mapped IPv6
 * addresses.
 */
function findRange(address: string, table: readonly Range[]): string | undefined {
  const family = getFamily(address);
  if (family === undefined) return undefined;
  return table.find((range) => range.family === family && range.addresses.check(address, family))?.description;
}
