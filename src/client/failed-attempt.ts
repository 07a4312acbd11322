import { AntomVaultError, describeCause } from "../protocol/errors.ts";
import { BODY_LIMIT } from "../protocol/json.ts";

/** An attempt without an API response. */
export interface FailedAttempt {
  readonly error: AntomVaultError;
  /** The minimum delay before a retry, in milliseconds. Missing if a retry cannot help. */
  readonly retryAfterMs?: number;
}

const RETRY_ADVICE =
  "The gateway may still have received the request: retry with the same vaultingRequestId, or call inquireVaulting.";

export const timeoutError = (ms: number) =>
  new AntomVaultError("TIMEOUT", `No response arrived within ${ms} ms. ${RETRY_ADVICE}`);

export const abortError = () => new AntomVaultError("ABORTED", `The call's signal was aborted. ${RETRY_ADVICE}`);

export const tooLargeError = () =>
  new AntomVaultError(
    "RESPONSE_TOO_LARGE",
    `The response is larger than ${BODY_LIMIT} bytes. Check for a proxy or firewall between the client and the API.`,
  );

export function connectionError(cause: unknown): AntomVaultError {
  const { code } = describeCause(cause);
  const message = `No response arrived because the connection failed${code === undefined ? "" : ` (${code})`}. ${RETRY_ADVICE}`;
  return new AntomVaultError("CONNECTION_FAILED", message, { cause });
}

/** Returns the failure for a status other than 200. `now` is the client's time, to interpret a Retry-After header with a date. */
export function failureForStatus(response: Response, now: number): FailedAttempt {
  const { status } = response;
  // Browsers report a blocked redirect as "opaqueredirect". `redirected` reveals a custom fetch that followed one.
  if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
    const message =
      "The gateway returned a redirect, which the client does not follow because it would send card data to a different URL. Check region or baseUrl.";
    return { error: new AntomVaultError("REDIRECT_NOT_ALLOWED", message) };
  }
  const error = new AntomVaultError(
    "UNEXPECTED_HTTP_STATUS",
    `The response has HTTP status ${status}, but the API returns 200 even for failures. Check for a proxy or firewall between the client and the API.`,
    { httpStatus: status },
  );
  return status === 429 || status === 503 ? { error, retryAfterMs: parseRetryAfter(response, now) } : { error };
}

/** Returns the delay in a Retry-After header (seconds or a date) in milliseconds. */
function parseRetryAfter(response: Response, now: number): number {
  const text = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
