/**
 * The one way out. Every request, typed or raw, is sent here, and its response is returned verified or not at all: one deadline for all
 * attempts, and retries where they can help.
 */
import { createTimeLimit, rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { requireTls } from "../protocol/require-tls.ts";
import { type OutgoingCall, sendAttempt } from "./attempt.ts";
import { abortError, timeoutError } from "./failed-attempt.ts";
import type { Keys } from "./import-keys.ts";
import type { LogEntry } from "./options.ts";
import { createRetryBudget, retryDelay } from "./retry.ts";
import type { Settings } from "./settings.ts";
import { RESULT_CODE_PATTERN, type VerifiedResponse } from "./verify-response.ts";

/** A request to send, and the limits of its call. */
export interface OutgoingRequest extends Pick<OutgoingCall, "timeoutMs" | "signal"> {
  readonly url: URL;
  readonly headers?: Headers;
  readonly body: OutgoingCall["body"] | Promise<OutgoingCall["body"]>;
}

/** Sends a request and returns the verified response. Rejects with an AntomVaultError and never with anything else. */
export type SignedFetch = (outgoing: OutgoingRequest) => Promise<VerifiedResponse>;

export function createSignedFetch(settings: Settings, keys: () => Promise<Keys>): SignedFetch {
  const budget = createRetryBudget();
  return async ({ url, headers, body, timeoutMs, signal }) => {
    const deadline = performance.now() + timeoutMs;
    try {
      const bytes = await body;
      requireTls(url);
      const call: OutgoingCall = {
        settings,
        url: url.href,
        path: url.pathname + url.search,
        operation: url.pathname.slice(url.pathname.lastIndexOf("/") + 1),
        headers,
        body: bytes,
        keys: await keys(),
        timeoutMs,
        deadline,
        signal,
      };
      return await sendWithRetries(call, budget);
    } catch (error) {
      if (error instanceof AntomVaultError) throw error;
      if (signal?.aborted) throw abortError();
      throw new AntomVaultError("CONNECTION_FAILED", "The call could not be made.", { cause: error });
    }
  };
}

async function sendWithRetries(
  call: OutgoingCall,
  budget: ReturnType<typeof createRetryBudget>,
): Promise<VerifiedResponse> {
  const { settings, operation, deadline, signal } = call;
  for (let number = 1; ; number++) {
    if (signal?.aborted) throw abortError();
    const started = performance.now();
    if (started >= deadline) throw timeoutError(call.timeoutMs);
    const about = { operation, attempt: number };
    settings.log?.({ ...about, event: "request_sent" });
    const ended = await sendAttempt(call);
    const now = performance.now();
    settings.log?.({ ...about, ...describeAttempt(ended), milliseconds: Math.round(now - started) });
    const { retryAfterMs } = ended;
    if ("value" in ended && retryAfterMs === undefined) budget.earn();
    const wait = retryAfterMs === undefined ? Number.POSITIVE_INFINITY : retryDelay(number, settings, retryAfterMs);
    // A wait that ends after the deadline would turn a known result into a bare time-out.
    if (number >= settings.attempts || now + wait >= deadline || signal?.aborted || !budget.spend()) {
      if ("error" in ended) throw ended.error;
      return ended;
    }
    settings.log?.({ ...about, event: "retry_scheduled", milliseconds: Math.round(wait) });
    await waitForRetry(call, wait);
  }
}

/** Waits for the next attempt, but no longer than the call may take. */
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

/** Describes how an attempt ended, for the log. Of a result only the words that may be logged. */
function describeAttempt(
  ended: Awaited<ReturnType<typeof sendAttempt>>,
): Pick<LogEntry, "event" | "errorCode" | "httpStatus" | "resultStatus" | "resultCode"> {
  if ("error" in ended) {
    const { code: errorCode, httpStatus } = ended.error;
    return { event: "request_failed", errorCode, ...(httpStatus === undefined ? {} : { httpStatus }) };
  }
  const { resultStatus, resultCode } = ended.result;
  return {
    event: "response_received",
    httpStatus: 200,
    ...(resultStatus && /^[SFU]$/.test(resultStatus) ? { resultStatus } : {}),
    ...(resultCode && RESULT_CODE_PATTERN.test(resultCode) ? { resultCode } : {}),
  };
}
