/** One attempt of a call: a new time and signature, one request, no redirect, a cap on the body, and the response verified. */
import { createTimeLimit, rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { JSON_MEDIA_TYPE, readBody } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";
import { formatSignatureHeader, sign } from "../signature/index.ts";
import {
  abortError,
  connectionError,
  type FailedAttempt,
  failureForStatus,
  timeoutError,
  tooLargeError,
} from "./failed-attempt.ts";
import type { Keys } from "./import-keys.ts";
import type { Settings } from "./settings.ts";
import { type VerifiedResponse, verifyResponse } from "./verify-response.ts";

/** A call as its attempts see it. */
export interface OutgoingCall {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly url: string;
  /** With the query: the signature covers both. */
  readonly path: string;
  readonly operation: string;
  /** Headers to send besides the client's own, which replace any of the same name. */
  readonly headers: Headers | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly timeoutMs: number;
  /** The end of the call on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends a call once. Never rejects. */
export async function sendAttempt(call: OutgoingCall): Promise<VerifiedResponse | FailedAttempt> {
  const { settings, url, body } = call;
  const left = call.deadline - performance.now();
  const isLast = left <= settings.attemptTimeoutMs;
  const limit = createTimeLimit(isLast ? left : settings.attemptTimeoutMs, call.signal);
  const { signal } = limit;
  try {
    const headers = await createSignedHeaders(call);
    // An injected fetch may ignore signals and send an aborted call.
    signal.throwIfAborted();
    // A copy, because an injected fetch may change the bytes that the next attempt needs.
    const sent = settings.fetch(url, { method: "POST", headers, body: body.slice(), redirect: "manual", signal });
    const response = await rejectOnAbort(sent, signal);
    if (response.status !== 200 || response.redirected) {
      response.body?.cancel().catch(() => {});
      return failureForStatus(response, settings.clock.now());
    }
    const bytes = await readBody(response.body, BODY_LIMIT, signal);
    return bytes ? await verifyResponse(call, response.headers, bytes) : { error: tooLargeError() };
  } catch (error) {
    if (error instanceof AntomVaultError) return { error };
    if (call.signal?.aborted) return { error: abortError() };
    if (!signal.aborted) return { error: connectionError(error), retryAfterMs: 0 };
    return isLast
      ? { error: timeoutError(call.timeoutMs) }
      : { error: timeoutError(settings.attemptTimeoutMs), retryAfterMs: 0 };
  } finally {
    limit.stop();
  }
}

async function createSignedHeaders({
  settings,
  keys,
  path,
  headers,
  body,
}: OutgoingCall): Promise<Headers | Record<string, string>> {
  const { clientId, keyVersion, agentToken } = settings;
  const time = String(Math.round(settings.clock.now()));
  const signature = await sign({ path, clientId, time, body }, keys.merchantPrivateKey);
  const own: Record<string, string> = {
    "Content-Type": JSON_MEDIA_TYPE,
    "Client-Id": clientId,
    "Request-Time": time,
    Signature: formatSignatureHeader(signature, keyVersion),
  };
  if (agentToken !== undefined) own["agent-token"] = agentToken;
  if (!headers) return own;
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(own)) all.set(name, value);
  return all;
}
