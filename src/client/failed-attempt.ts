/** How an attempt fails: without a response, or with an HTTP status that the API never returns. */
import { AntomVaultError, describeCause } from "../protocol/errors.ts";
import { BODY_LIMIT } from "../protocol/json.ts";

export interface FailedAttempt {
  readonly error: AntomVaultError;
  /** Retrying may help, after at least this many milliseconds. Missing if it cannot help. */
  readonly retryAfterMs?: number;
}

const RETRY_ADVICE =
  "The gateway may still have received the request: repeat it with the same vaultingRequestId, or inquire.";

export const timeoutError = (ms: number) =>
  new AntomVaultError("TIMEOUT", `No answer came within ${ms} ms. ${RETRY_ADVICE}`);

export const abortError = () => new AntomVaultError("ABORTED", `The call was aborted by its signal. ${RETRY_ADVICE}`);

export const tooLargeError = () =>
  new AntomVaultError("RESPONSE_TOO_LARGE", `The answer is larger than ${BODY_LIMIT} bytes.`);

export function connectionError(cause: unknown): AntomVaultError {
  const { code } = describeCause(cause);
  const message = `No answer came: the connection failed${code === undefined ? "" : ` (${code})`}. ${RETRY_ADVICE}`;
  return new AntomVaultError("CONNECTION_FAILED", message, { cause });
}

/** Returns what any status but 200 means. `now` is the client's time, for a Retry-After that is a date. */
export function failureForStatus(response: Response, now: number): FailedAttempt {
  const { status } = response;
  // "opaqueredirect" is how browsers show what redirect: "manual" stopped; `redirected` shows an injected fetch that followed.
  if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
    const message =
      "The gateway's address answered with a redirect, which is never followed: it would send the card to another place. Check region or baseUrl.";
    return { error: new AntomVaultError("REDIRECT_NOT_ALLOWED", message) };
  }
  const error = new AntomVaultError(
    "UNEXPECTED_HTTP_STATUS",
    `The answer has the HTTP status ${status}. The API answers everything, failures too, with 200: this comes from something on the way.`,
    { httpStatus: status },
  );
  return status === 429 || status === 503 ? { error, retryAfterMs: parseRetryAfter(response, now) } : { error };
}

/** Reads the Retry-After header, which has seconds or a date, as milliseconds from now. */
function parseRetryAfter(response: Response, now: number): number {
  const text = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
