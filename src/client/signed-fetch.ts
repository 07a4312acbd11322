/**
 * The one way out. Whatever the typed client sends goes through here and comes back verified, or not at all:
 * one deadline for all attempts; a fresh time and signature for each; no redirect; a cap on the body; the signature
 * verified over the raw bytes before anything is parsed.
 */
import { timeLimit, untilAborted } from "../protocol/abort-signal.ts";
import { AntomVaultError, describeCause } from "../protocol/errors.ts";
import { JSON_MEDIA_TYPE, readBody } from "../protocol/http.ts";
import { BODY_LIMIT } from "../protocol/json.ts";
import { requireSafeTransport } from "../protocol/require-tls.ts";
import { formatSignatureHeader, sign } from "../signature/index.ts";
import type { Keys } from "./import-keys.ts";
import type { LogEntry, Settings } from "./options.ts";
import { type RetryBudget, retryDelay } from "./retry.ts";
import { type Answer, type NoAnswer, RESULT_CODE, refuseStatus, verified } from "./verify-response.ts";

/** A call as its attempts see it. */
interface Exchange {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly url: URL;
  readonly path: string;
  readonly operation: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The error for a call whose signal has aborted: by its caller, or at its deadline. */
  readonly calledOff: () => AntomVaultError;
}

/** A `fetch` that signs, sends, verifies and repeats. It rejects with an AntomVaultError and never with anything else. */
export function createGuardedFetch(
  settings: Settings,
  keys: () => Promise<Keys>,
  budget: RetryBudget,
  timeoutMs: number,
) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    requireSafeTransport(url);
    const limit = timeLimit(timeoutMs);
    const deadline = performance.now() + timeoutMs;
    const signal = AbortSignal.any([request.signal, limit.signal]);
    const calledOff = () =>
      request.signal.aborted
        ? new AntomVaultError("ABORTED", `The call was aborted by its signal. ${PERHAPS}`)
        : timedOut(timeoutMs);
    try {
      const exchange: Exchange = {
        settings,
        url,
        path: url.pathname + url.search,
        operation: url.pathname.slice(url.pathname.lastIndexOf("/") + 1),
        headers: request.headers,
        body: new Uint8Array(await request.arrayBuffer()),
        keys: await keys(),
        calledOff,
      };
      return await sendUntilAnswered(exchange, budget, signal, deadline);
    } catch (error) {
      if (error instanceof AntomVaultError) throw error;
      if (signal.aborted) throw calledOff();
      throw new AntomVaultError("CONNECTION_FAILED", "The call could not be made.", { cause: error });
    } finally {
      limit.stop();
    }
  };
}

async function sendUntilAnswered(
  exchange: Exchange,
  budget: RetryBudget,
  signal: AbortSignal,
  deadline: number,
): Promise<Response> {
  const { settings, operation } = exchange;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const started = performance.now();
    const log = (entry: Omit<LogEntry, "operation" | "attempt">) => settings.log({ operation, attempt, ...entry });
    log({ event: "sending" });
    const ended = await sendOnce(exchange, signal);
    const milliseconds = Math.round(performance.now() - started);
    if ("error" in ended) {
      const { code: errorCode, httpStatus } = ended.error;
      log({ event: "no_answer", milliseconds, errorCode, ...(httpStatus === undefined ? {} : { httpStatus }) });
    } else {
      log({ event: "answered", milliseconds, httpStatus: 200, ...resultWords(ended.result) });
      if (ended.retryAfterMs === undefined) budget.earn();
    }
    const wait = retryDelay(attempt, settings, ended.retryAfterMs ?? 0);
    // A wait that ends after the deadline would turn what is known now into a bare time-out.
    const again =
      ended.retryAfterMs !== undefined &&
      attempt < settings.attempts &&
      performance.now() + wait < deadline &&
      !signal.aborted &&
      budget.spend();
    if (!again) {
      if ("error" in ended) throw ended.error;
      return ended.response;
    }
    log({ event: "retrying", milliseconds: Math.round(wait) });
    await untilAborted(settings.clock.sleep(wait, signal), signal);
  }
}

async function sendOnce(exchange: Exchange, signal: AbortSignal): Promise<Answer | NoAnswer> {
  const { settings, url, body, calledOff } = exchange;
  const limit = timeLimit(settings.attemptTimeoutMs);
  const attemptSignal = AbortSignal.any([signal, limit.signal]);
  try {
    const headers = await signedHeaders(exchange);
    // An injected fetch may know nothing of signals, and would send what has been called off.
    attemptSignal.throwIfAborted();
    const sent = settings.fetch(url.href, {
      method: "POST",
      headers,
      body: body.slice(),
      redirect: "manual",
      signal: attemptSignal,
    });
    const response = await untilAborted(sent, attemptSignal);
    const { status } = response;
    if (status !== 200 || response.redirected) {
      response.body?.cancel().catch(() => {});
      return refuseStatus(response, settings.clock.now());
    }
    const bytes = await readBody(response.body, BODY_LIMIT, attemptSignal);
    if (!bytes) throw new AntomVaultError("RESPONSE_TOO_LARGE", `The answer is larger than ${BODY_LIMIT} bytes.`);
    return await verified(exchange, response, bytes);
  } catch (error) {
    if (error instanceof AntomVaultError) return { error };
    if (signal.aborted) return { error: calledOff() };
    if (limit.signal.aborted) return { error: timedOut(settings.attemptTimeoutMs), retryAfterMs: 0 };
    const { code } = describeCause(error);
    const message = `No answer came: the connection failed${code === undefined ? "" : ` (${code})`}. ${PERHAPS}`;
    return { error: new AntomVaultError("CONNECTION_FAILED", message, { cause: error }), retryAfterMs: 0 };
  } finally {
    limit.stop();
  }
}

const PERHAPS =
  "The gateway may still have received the request: repeat it with the same vaultingRequestId, or inquire.";

const timedOut = (ms: number) => new AntomVaultError("TIMEOUT", `No answer came within ${ms} ms. ${PERHAPS}`);

async function signedHeaders({ settings, keys, path, headers, body }: Exchange): Promise<Headers> {
  const time = String(Math.round(settings.clock.now()));
  const signature = await sign({ path, clientId: settings.clientId, time, body }, keys.merchantPrivateKey);
  const signed = new Headers(headers);
  signed.set("Content-Type", JSON_MEDIA_TYPE);
  signed.set("Client-Id", settings.clientId);
  signed.set("Request-Time", time);
  signed.set("Signature", formatSignatureHeader(signature, settings.keyVersion));
  if (settings.agentToken !== undefined) signed.set("agent-token", settings.agentToken);
  return signed;
}

/** The result as far as it is made of words that may stand in a log. */
function resultWords({ resultStatus, resultCode }: Answer["result"]): Pick<LogEntry, "resultStatus" | "resultCode"> {
  return {
    ...(typeof resultStatus === "string" && /^[SFU]$/.test(resultStatus) ? { resultStatus } : {}),
    ...(typeof resultCode === "string" && RESULT_CODE.test(resultCode) ? { resultCode } : {}),
  };
}
