/**
 * Sends all requests of a client, including those of `vault.raw`. Verifies every response, enforces one deadline for all attempts of a call, and
 * retries if a retry might help.
 */
import { createTimeLimit, rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { requireTls } from "../protocol/require-tls.ts";
import { type OutgoingCall, sendAttempt } from "./attempt.ts";
import { abortError, timeoutError } from "./failed-attempt.ts";
import type { Keys } from "./import-keys.ts";
import type { LogEntry } from "./options.ts";
import { computeRetryDelay, createRetryBudget } from "./retry.ts";
import type { Settings } from "./settings.ts";
import { RESULT_CODE_PATTERN, type VerifiedResponse } from "./verify-response.ts";

/** A request to send, and the limits of its call. */
export interface OutgoingRequest extends Pick<OutgoingCall, "timeoutMs" | "signal" | "logStep"> {
  readonly url: URL;
  readonly headers?: Headers;
  readonly body: OutgoingCall["body"] | Promise<OutgoingCall["body"]>;
}

/** Sends a request and returns the verified response. Rejects only with an AntomVaultError. */
export type SignedFetch = (outgoing: OutgoingRequest) => Promise<VerifiedResponse>;

/** Creates the function that sends all requests of a client, with a shared retry budget. */
export function createSignedFetch(settings: Settings, loadKeys: () => Promise<Keys>): SignedFetch {
  const budget = createRetryBudget();
  return async ({ url, headers, body, timeoutMs, signal, logStep }) => {
    const deadline = performance.now() + timeoutMs;
    try {
      const bytes = await body;
      requireTls(url);
      const call: OutgoingCall = {
        settings,
        url: url.href,
        path: url.pathname + url.search,
        logStep,
        headers,
        body: bytes,
        keys: await loadKeys(),
        timeoutMs,
        deadline,
        signal,
      };
      return await sendWithRetries(call, budget);
    } catch (error) {
      if (error instanceof AntomVaultError) throw error;
      if (signal?.aborted) throw abortError();
      throw new AntomVaultError("CONNECTION_FAILED", "The call failed unexpectedly: see the cause of this error.", {
        cause: error,
      });
    }
  };
}

async function sendWithRetries(
  call: OutgoingCall,
  budget: ReturnType<typeof createRetryBudget>,
): Promise<VerifiedResponse> {
  const { settings, logStep, deadline, signal } = call;
  let sentBefore = false;
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw abortError(sentBefore);
    const startedAt = performance.now();
    if (startedAt >= deadline) throw timeoutError(call.timeoutMs);
    logStep({ event: "request_sent", attempt });
    const result = await sendAttempt(call, sentBefore);
    sentBefore ||= !("unsent" in result && result.unsent);
    const now = performance.now();
    logStep({ ...describeAttempt(result), attempt, milliseconds: Math.round(now - startedAt) });
    const { retryAfterMs } = result;
    if ("value" in result && retryAfterMs === undefined) budget.earn();
    const delay =
      retryAfterMs === undefined ? Number.POSITIVE_INFINITY : computeRetryDelay(attempt, settings, retryAfterMs);
    // If the delay would end after the deadline, the last result is more useful than a timeout.
    if (attempt >= settings.attempts || now + delay >= deadline || signal?.aborted || !budget.spend()) {
      if ("error" in result) throw result.error;
      return result;
    }
    logStep({ event: "retry_scheduled", attempt, milliseconds: Math.round(delay) });
    await waitForRetry(call, delay);
  }
}

/** Waits before the next attempt, but not beyond the deadline. */
async function waitForRetry({ settings, timeoutMs, deadline, signal }: OutgoingCall, ms: number): Promise<void> {
  const limit = createTimeLimit(deadline - performance.now(), signal);
  try {
    await rejectOnAbort(settings.clock.sleep(ms, limit.signal), limit.signal);
  } catch (error) {
    throw limit.signal.aborted && !signal?.aborted ? timeoutError(timeoutMs) : error;
  } finally {
    limit.stop();
  }
}

/** Describes an attempt for the log. Includes result fields only if they cannot contain card data. */
function describeAttempt(
  attempt: Awaited<ReturnType<typeof sendAttempt>>,
): Pick<LogEntry, "event" | "errorCode" | "httpStatus" | "resultStatus" | "resultCode"> {
  if ("error" in attempt) {
    const { code: errorCode, httpStatus } = attempt.error;
    return { event: "request_failed", errorCode, ...(httpStatus === undefined ? {} : { httpStatus }) };
  }
  const { resultStatus, resultCode } = attempt.result;
  return {
    event: "response_received",
    httpStatus: 200,
    ...(resultStatus && /^[SFU]$/.test(resultStatus) ? { resultStatus } : {}),
    ...(resultCode && RESULT_CODE_PATTERN.test(resultCode) ? { resultCode } : {}),
  };
}
