/** Makes one attempt of a call: signs the request with the current time, sends it, and verifies the response. */
import { createTimeLimit, rejectOnAbort } from "../protocol/abort-signal.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import { JSON_MEDIA_TYPE, readBody } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";
import { formatSignatureHeader, sign } from "../signature/index.ts";
import type { LogStep } from "./call-log.ts";
import {
  abortError,
  connectionFailure,
  type FailedAttempt,
  failureForStatus,
  timeoutError,
  tooLargeError,
} from "./failed-attempt.ts";
import type { Keys } from "./import-keys.ts";
import type { Settings } from "./settings.ts";
import { type VerifiedResponse, verifyResponse } from "./verify-response.ts";

/** A call and the parameters of its attempts. */
export interface OutgoingCall {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly url: string;
  /** The path and query, which the signature covers. */
  readonly path: string;
  readonly logStep: LogStep;
  /** Additional headers. The client's headers take precedence. */
  readonly headers: Headers | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly timeoutMs: number;
  /** When the call must end, as a `performance.now()` time. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** Makes one attempt. Never rejects. `sentBefore` is whether an earlier attempt may have reached the gateway. */
export async function sendAttempt(call: OutgoingCall, sentBefore: boolean): Promise<VerifiedResponse | FailedAttempt> {
  const { settings, url, body } = call;
  const remaining = call.deadline - performance.now();
  const isLast = remaining <= settings.attemptTimeoutMs;
  const limit = createTimeLimit(isLast ? remaining : settings.attemptTimeoutMs, call.signal);
  const { signal } = limit;
  try {
    const headers = await createSignedHeaders(call);
    // A custom fetch might ignore the signal and send the request of an aborted call.
    signal.throwIfAborted();
    // Copy the body, because a custom fetch might change bytes that the next attempt needs.
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
    if (!signal.aborted) return connectionFailure(error, url, sentBefore);
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
  const signedHeaders: Record<string, string> = {
    "Content-Type": JSON_MEDIA_TYPE,
    "Client-Id": clientId,
    "Request-Time": time,
    Signature: formatSignatureHeader(signature, keyVersion),
  };
  if (agentToken !== undefined) signedHeaders["agent-token"] = agentToken;
  if (!headers) return signedHeaders;
  const merged = new Headers(headers);
  for (const [name, value] of Object.entries(signedHeaders)) merged.set(name, value);
  return merged;
}
