/**
 * The one way out. Every request, typed or raw, is sent here, and its response is returned verified or not at all: one deadline for all
 * attempts, and retries where they can help.
 */
import { timeLimit, untilAborted } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { requireSafeTransport } from "../protocol/require-tls.ts";
import { attempt, type Call } from "./attempt.ts";
import { aborted, timedOut } from "./failed-attempt.ts";
import type { Keys } from "./import-keys.ts";
import type { LogEntry } from "./options.ts";
import { createRetryBudget, retryDelay } from "./retry.ts";
import type { Settings } from "./settings.ts";
import { type Answer, RESULT_CODE } from "./verify-response.ts";

/** A request to send, and the limits of its call. */
export interface Outgoing extends Pick<Call, "timeoutMs" | "signal"> {
  readonly url: URL;
  readonly headers?: Headers;
  readonly body: Call["body"] | Promise<Call["body"]>;
}

/** Sends a request and returns the verified response. Rejects with an AntomVaultError and never with anything else. */
export type GuardedFetch = (outgoing: Outgoing) => Promise<Answer>;

export function createGuardedFetch(settings: Settings, keys: () => Promise<Keys>): GuardedFetch {
  const budget = createRetryBudget();
  return async ({ url, headers, body, timeoutMs, signal }) => {
    const deadline = performance.now() + timeoutMs;
    try {
      const bytes = await body;
      requireSafeTransport(url);
      const call: Call = {
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
      return await sendUntilAnswered(call, budget);
    } catch (error) {
      if (error instanceof AntomVaultError) throw error;
      if (signal?.aborted) throw aborted();
      throw new AntomVaultError("CONNECTION_FAILED", "The call could not be made.", { cause: error });
    }
  };
}

async function sendUntilAnswered(call: Call, budget: ReturnType<typeof createRetryBudget>): Promise<Answer> {
  const { settings, operation, deadline, signal } = call;
  for (let number = 1; ; number++) {
    if (signal?.aborted) throw aborted();
    const started = performance.now();
    if (started >= deadline) throw timedOut(call.timeoutMs);
    const about = { operation, attempt: number };
    settings.log?.({ ...about, event: "sending" });
    const ended = await attempt(call);
    const now = performance.now();
    settings.log?.({ ...about, ...describeEnd(ended), milliseconds: Math.round(now - started) });
    const { retryAfterMs } = ended;
    if ("value" in ended && retryAfterMs === undefined) budget.earn();
    const wait = retryAfterMs === undefined ? Number.POSITIVE_INFINITY : retryDelay(number, settings, retryAfterMs);
    // A wait that ends after the deadline would turn a known result into a bare time-out.
    if (number >= settings.attempts || now + wait >= deadline || signal?.aborted || !budget.spend()) {
      if ("error" in ended) throw ended.error;
      return ended;
    }
    settings.log?.({ ...about, event: "retrying", milliseconds: Math.round(wait) });
    await sleep(call, wait);
  }
}

/** Waits for the next attempt, but no longer than the call may take. */
async function sleep({ settings, timeoutMs, deadline, signal }: Call, ms: number): Promise<void> {
  const limit = timeLimit(deadline - performance.now(), signal);
  try {
    await untilAborted(settings.clock.sleep(ms, limit.signal), limit.signal);
  } catch (error) {
    throw limit.signal.aborted && !signal?.aborted ? timedOut(timeoutMs) : error;
  } finally {
    limit.stop();
  }
}

/** Describes how an attempt ended, for the log. Of a result only the words that may be logged. */
function describeEnd(
  ended: Awaited<ReturnType<typeof attempt>>,
): Pick<LogEntry, "event" | "errorCode" | "httpStatus" | "resultStatus" | "resultCode"> {
  if ("error" in ended) {
    const { code: errorCode, httpStatus } = ended.error;
    return { event: "no_answer", errorCode, ...(httpStatus === undefined ? {} : { httpStatus }) };
  }
  const { resultStatus, resultCode } = ended.result;
  return {
    event: "answered",
    httpStatus: 200,
    ...(resultStatus && /^[SFU]$/.test(resultStatus) ? { resultStatus } : {}),
    ...(resultCode && RESULT_CODE.test(resultCode) ? { resultCode } : {}),
  };
}
