import { AntomVaultError, describeCause } from "../protocol/errors.ts";
import { BODY_LIMIT } from "../protocol/json.ts";

/** An attempt without an API response. */
export interface FailedAttempt {
  readonly error: AntomVaultError;
  /** The minimum delay before a retry, in milliseconds. Missing if the client does not retry. */
  readonly retryAfterMs?: number;
  /** Whether the attempt failed before anything was sent. */
  readonly unsent?: boolean;
}

const RETRY_ADVICE =
  "The gateway may still have received the request: retry with the same vaultingRequestId, or call inquireVaulting.";

export const timeoutError = (ms: number) =>
  new AntomVaultError("TIMEOUT", `No response arrived within ${ms} ms. ${RETRY_ADVICE}`);

export const abortError = (isSent = true) =>
  new AntomVaultError("ABORTED", `The call's signal was aborted. ${isSent ? RETRY_ADVICE : "Nothing was sent."}`);

export const tooLargeError = () =>
  new AntomVaultError(
    "RESPONSE_TOO_LARGE",
    `The response is larger than ${BODY_LIMIT} bytes. Check for a proxy or firewall between the client and the API.`,
  );

/** Returns the failure of an attempt that received no response. `sentBefore` is whether an earlier attempt may have reached the gateway. */
export function connectionFailure(cause: unknown, url: string, sentBefore: boolean): FailedAttempt {
  const { code = "" } = describeCause(cause);
  const [, problem, advice] = UNSENT.find(([pattern]) => pattern.test(code)) ?? [];
  const { protocol, hostname, port } = new URL(url);
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  const message = problem
    ? `${problem.replace("HOST", host)} (${code}). ${sentBefore ? RETRY_ADVICE : "Nothing was sent."} ${advice}`
    : `No response arrived because the connection failed${code && ` (${code})`}. ${RETRY_ADVICE}`;
  const error = new AntomVaultError("CONNECTION_FAILED", message, { cause });
  return { error, retryAfterMs: 0, unsent: problem !== undefined };
}

/** The failures that occur before anything is sent, by their error codes in Node.js, Bun, and Deno. */
const UNSENT: readonly (readonly [code: RegExp, problem: string, advice: string])[] = [
  [
    /^(ECONNREFUSED|Connection(?=R)\w+)$/,
    "No server is accepting connections at HOST",
    "Start the server, or check baseUrl and the proxy settings.",
  ],
  [/^UND_ERR_PRX_CONN$/, "The proxy closed the connection to HOST", "Check the proxy settings."],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    "The host name in HOST cannot be resolved",
    "Check baseUrl, DNS, and the proxy settings.",
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/,
    "The certificate of HOST is self-signed, or its authority is not trusted",
    "Set NODE_EXTRA_CA_CERTS to the PEM file of the authority before Node.js starts.",
  ],
];

/** Returns the failure for a redirect or a status other than 200. `now` is the client's time, for a Retry-After header that contains a date. */
export function failureForStatus(response: Response, now: number): FailedAttempt {
  const { status } = response;
  // Browsers report a blocked redirect as "opaqueredirect". `redirected` is set if a custom fetch followed a redirect.
  if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
    const message =
      "The gateway returned a redirect. The client does not follow redirects, because they could send card data to a different server. Check region or baseUrl.";
    return { error: new AntomVaultError("REDIRECT_NOT_ALLOWED", message) };
  }
  const error = new AntomVaultError(
    "UNEXPECTED_HTTP_STATUS",
    `The response has HTTP status ${status}, but the API returns 200 even for failures. Check for a proxy or firewall between the client and the API.`,
    { httpStatus: status },
  );
  return status === 429 || status === 503 ? { error, retryAfterMs: parseRetryAfter(response, now) } : { error };
}

/** Returns the delay in a Retry-After header (seconds or a date) in milliseconds, or 0 if the header is missing or invalid. */
function parseRetryAfter(response: Response, now: number): number {
  const text = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
