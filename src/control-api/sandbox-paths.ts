/** Where the pages are, below the sandbox's address. Loaded with the sandbox, so that it needs nothing else. */

export const CONTROL_PATH = "/_sandbox";

/** The buyer's pages. */
export const CHALLENGE_PATH = "/3ds/";
export const CARD_PATH = "/card/";

/** The dashboard's pages. */
export const PAGE = {
  vaultings: "/",
  calls: "/calls",
  controls: "/controls",
  cards: "/test-cards",
  credentials: "/credentials",
  reference: "/reference",
  signIn: "/sign-in",
  assets: "/assets/",
} as const;

const DASHBOARD_PATHS =
  /^\/(?:(?:calls|controls|test-cards|credentials|reference|sign-in)(?:[/?]|$)|(?:vaultings|assets)\/|favicon\.ico$)/;

/** Whether a request is the dashboard's to answer. Every other one is the API's, which refuses in its own form what it does not know. */
export function isDashboardRequest(target: string, method: string): boolean {
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return false;
  if (target === "/" || target.startsWith("/?")) return method !== "POST";
  return DASHBOARD_PATHS.test(target);
}

/**
 * The path of a vaulting's page. IDs may hold anything: a slash, a percent sign, or dots alone, which every URL parser takes for a step up,
 * percent-encoded or not; so these get a tilde in front, and so does what begins with one.
 */
export const formatVaultingPath = ({ clientId, vaultingRequestId }: VaultingKey): string =>
  `/vaultings/${encodeSegment(clientId)}/${encodeSegment(vaultingRequestId)}`;

/** The vaulting that a path names, the path as it was requested, nothing decoded; `undefined` where it names none. */
export function parseVaultingPath(path: string): VaultingKey | undefined {
  const [clientId, vaultingRequestId, ...more] = path
    .replace(/^\/vaultings\//, "")
    .split("/")
    .map(decodeSegment);
  if (!clientId || !vaultingRequestId || more.length > 0) return undefined;
  return { clientId, vaultingRequestId };
}

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
