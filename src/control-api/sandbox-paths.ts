/**
 * The paths of the sandbox's pages and its control API, relative to its base URL. This file has no imports, because every sandbox loads it at
 * startup.
 */

/** The base path of the control API. */
export const CONTROL_PATH = "/_sandbox";

/** The base paths of the buyer pages. */
export const CHALLENGE_PATH = "/3ds/";
export const CARD_PATH = "/card/";

/** The paths of the dashboard pages. */
export const PAGE = {
  vaultings: "/",
  calls: "/calls",
  notifications: "/notifications",
  controls: "/controls",
  cards: "/test-cards",
  credentials: "/credentials",
  reference: "/reference",
  send: "/send",
  signIn: "/sign-in",
  assets: "/assets/",
} as const;

const DASHBOARD_PATHS =
  /^\/(?:(?:calls|notifications|controls|test-cards|credentials|reference|send|sign-in)(?:[/?]|$)|(?:vaultings|assets)\/|favicon\.ico$)/;

/** Returns whether the dashboard handles a request. Returns `false` for unknown paths, so that the Vault API rejects them in its own format. */
export function isDashboardRequest(target: string, method: string): boolean {
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return false;
  if (target === "/" || target.startsWith("/?")) return method !== "POST";
  return DASHBOARD_PATHS.test(target);
}

/**
 * Returns the path of a vaulting page. IDs can contain any character. URL parsers resolve the segments `.` and `..` even if they are
 * percent-encoded, so these two IDs, and IDs that start with a tilde, are prefixed with a tilde.
 */
export const formatVaultingPath = ({ clientId, vaultingRequestId }: VaultingKey): string =>
  `/vaultings/${encodeSegment(clientId)}/${encodeSegment(vaultingRequestId)}`;

/** Parses the percent-encoded path of a vaulting page. Returns `undefined` if the path is invalid. */
export function parseVaultingPath(path: string): VaultingKey | undefined {
  const [clientId, vaultingRequestId, ...more] = path
    .replace(/^\/vaultings\//, "")
    .split("/")
    .map(decodeSegment);
  if (!clientId || !vaultingRequestId || more.length > 0) return undefined;
  return { clientId, vaultingRequestId };
}

/** The key of a vaulting. A vaultingRequestId is unique only within its client. */
export interface VaultingKey {
  readonly clientId: string;
  readonly vaultingRequestId: string;
}

const encodeSegment = (text: string): string =>
  encodeURIComponent((/^(?:~|\.\.?$)/.test(text) ? `~${text}` : text).toWellFormed());

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment).replace(/^~/, "");
  } catch {
    return undefined;
  }
}
