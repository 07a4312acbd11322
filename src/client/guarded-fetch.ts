/**
 * The one way out. Whatever the typed client sends goes through here and comes back verified, or not at all:
 * one deadline for all attempts; a fresh time and signature for each; no redirect; a cap on the body; the signature
 * verified over the raw bytes before anything is parsed.
 */
import { timeLimit, untilAborted } from "../abort.ts";
import { AntomVaultError, type AntomVaultErrorCode, maskDigits, type UnverifiedResult } from "../errors.ts";
import { readBody } from "../http.ts";
import { BODY_LIMIT, parseJson } from "../json.ts";
import { type CryptoKey, formatSignatureHeader, type Keyring, sign, verifyHeader } from "../signature/index.ts";
import { type LogEntry, requireSafeTransport, type Settings } from "./options.ts";
import { type RetryBudget, retryDelay } from "./retry.ts";

export interface Keys {
  readonly merchantPrivateKey: CryptoKey;
  readonly antomPublicKeys: Keyring;
}

interface Exchange {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly url: URL;
  readonly path: string;
  readonly operation: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

interface Answer {
  readonly response: Response;
  readonly result: { readonly resultStatus?: unknown; readonly resultCode?: unknown };
}

/** How a failed attempt asks for another: after how many milliseconds at least, if it says so. */
class Retryable {
  readonly error: AntomVaultError;
  readonly retryAfterMs: number;
  constructor(error: AntomVaultError, retryAfterMs = 0) {
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A `fetch` that signs, sends, verifies and repeats. It rejects with an AntomVaultError and never with anything else. */
export function createGuardedFetch(
  settings: Settings,
  keys: () => Promise<Keys>,
  budget: RetryBudget,
  timeoutMs = settings.timeoutMs,
) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    requireSafeTransport(url);
    const limit = timeLimit(timeoutMs);
    const deadline = performance.now() + timeoutMs;
    const signal = AbortSignal.any([request.signal, limit.signal]);
    try {
      const exchange: Exchange = {
        settings,
        url,
        path: url.pathname + url.search,
        operation: url.pathname.slice(url.pathname.lastIndexOf("/") + 1),
        headers: request.headers,
        body: new Uint8Array(await request.arrayBuffer()),
        keys: await keys(),
      };
      return await sendUntilAnswered(exchange, budget, signal, deadline);
    } catch (error) {
      if (request.signal.aborted)
        throw new AntomVaultError(
          "ABORTED",
          "The call was aborted by its signal. The gateway may still have received it: repeat it with the same vaultingRequestId, or inquire.",
        );
      if (error instanceof AntomVaultError) throw error;
      if (signal.aborted) throw timedOut(timeoutMs);
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
    const started = performance.now();
    const log = (entry: Omit<LogEntry, "operation" | "attempt">) => settings.log({ operation, attempt, ...entry });
    log({ event: "sending" });
    const outcome = await sendOnce(exchange, signal);
    const milliseconds = Math.round(performance.now() - started);
    if (outcome instanceof Retryable) {
      log({ event: "no_answer", milliseconds, errorCode: outcome.error.code });
    } else {
      log({ event: "answered", milliseconds, httpStatus: 200, ...resultWords(outcome.result) });
      if (!isTransient(outcome.result)) {
        budget.earn();
        return outcome.response;
      }
    }
    const wait = retryDelay(attempt, settings, outcome instanceof Retryable ? outcome.retryAfterMs : 0);
    // A wait that ends after the deadline would turn what is known now into a bare time-out.
    const again =
      attempt < settings.attempts && performance.now() + wait < deadline && !signal.aborted && budget.spend();
    if (!again) {
      if (outcome instanceof Retryable) throw outcome.error;
      return outcome.response;
    }
    log({ event: "retrying", milliseconds: Math.round(wait) });
    await untilAborted(settings.clock.sleep(wait, signal), signal);
  }
}

/** UNKNOWN_EXCEPTION and REQUEST_TRAFFIC_EXCEED_LIMIT: the same request again can do no harm, its ID is the idempotency key. */
const isTransient = ({ resultStatus, resultCode }: Answer["result"]): boolean =>
  resultStatus === "U" && (resultCode === "UNKNOWN_EXCEPTION" || resultCode === "REQUEST_TRAFFIC_EXCEED_LIMIT");

async function sendOnce(exchange: Exchange, signal: AbortSignal): Promise<Answer | Retryable> {
  const { settings, url, body } = exchange;
  const limit = timeLimit(settings.attemptTimeoutMs);
  const attemptSignal = AbortSignal.any([signal, limit.signal]);
  try {
    const headers = await signedHeaders(exchange);
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
      return notAnAnswer(response);
    }
    const bytes = await readBody(response.body, BODY_LIMIT, attemptSignal);
    if (!bytes) throw new AntomVaultError("RESPONSE_TOO_LARGE", `The answer is larger than ${BODY_LIMIT} bytes.`);
    return await verified(exchange, response, bytes);
  } catch (error) {
    if (error instanceof AntomVaultError) throw error;
    if (signal.aborted) throw error;
    if (limit.signal.aborted) return new Retryable(timedOut(settings.attemptTimeoutMs));
    return new Retryable(
      new AntomVaultError(
        "CONNECTION_FAILED",
        "No answer came: the connection failed. The gateway may still have received the request: repeat it with the same vaultingRequestId, or inquire.",
        { cause: error },
      ),
    );
  } finally {
    limit.stop();
  }
}

const timedOut = (ms: number) =>
  new AntomVaultError(
    "TIMEOUT",
    `No answer came within ${ms} ms. The gateway may still have received the request: repeat it with the same vaultingRequestId, or inquire.`,
  );

async function signedHeaders({ settings, keys, path, headers, body }: Exchange): Promise<Headers> {
  const time = String(Math.round(settings.clock.now()));
  const signature = await sign({ path, clientId: settings.clientId, time, body }, keys.merchantPrivateKey);
  const signed = new Headers(headers);
  signed.set("Content-Type", "application/json; charset=UTF-8");
  signed.set("Client-Id", settings.clientId);
  signed.set("Request-Time", time);
  signed.set("Signature", formatSignatureHeader(signature, settings.keyVersion));
  if (settings.agentToken !== undefined) signed.set("agent-token", settings.agentToken);
  return signed;
}

/** What any status but 200 means. Throws, unless another attempt may help. */
function notAnAnswer(response: Response): Retryable {
  const { status } = response;
  // "opaqueredirect" is how browsers show what redirect: "manual" stopped; `redirected` shows an injected fetch that followed.
  if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
    throw new AntomVaultError(
      "REDIRECT_REFUSED",
      "The gateway's address answered with a redirect, which is never followed: it would send the card to another place. Check region or baseUrl.",
    );
  }
  const error = new AntomVaultError(
    "HTTP_STATUS",
    `The answer has the HTTP status ${status}. The API answers everything, failures too, with 200: this comes from something on the way.`,
    { httpStatus: status },
  );
  if (status === 429 || status === 503) return new Retryable(error, retryAfter(response));
  throw error;
}

function retryAfter(response: Response): number {
  const text = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}

async function verified(
  { settings, keys, path }: Exchange,
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const refuse = (code: AntomVaultErrorCode, message: string) => {
    const unverified = unverifiedResult(bytes);
    return new AntomVaultError(code, message, unverified ? { unverified } : {});
  };
  const { headers } = response;
  const time = headers.get("response-time");
  if (!headers.get("signature")) {
    throw refuse(
      "SIGNATURE_MISSING",
      `The answer is not signed and is not believed. ${afterUnsigned(unverifiedResult(bytes))}`,
    );
  }
  if (time === null)
    throw refuse("SIGNATURE_INVALID", "The answer has no response-time header, which its signature covers.");
  const clientId = headers.get("client-id");
  if (clientId !== null && clientId !== settings.clientId) {
    throw refuse(
      "SIGNATURE_INVALID",
      "The answer is meant for another client: its client-id header is not this client's ID.",
    );
  }
  const fault = await verifyHeader(
    keys.antomPublicKeys,
    { path, clientId: settings.clientId, time, body: bytes },
    headers.get("signature"),
  );
  if (fault !== undefined) {
    throw refuse(
      "SIGNATURE_INVALID",
      `The answer's signature does not verify and the answer is not believed. ${fault} Usual causes: antomPublicKey is not Antom's key of this environment (or is one's own), or something on the way changed the body.`,
    );
  }
  const away = Math.abs(Date.parse(time) - settings.clock.now());
  if (away > settings.responseTimeToleranceMs) {
    throw new AntomVaultError(
      "RESPONSE_OUT_OF_TIME",
      "The answer's response-time is too far from this machine's time: an old answer sent again, or a wrong clock. responseTimeToleranceMs sets the limit.",
    );
  }
  const reading = parseJson(bytes);
  if (!reading.ok)
    throw new AntomVaultError("RESPONSE_NOT_JSON", `The answer is signed, but its body ${reading.message}.`);
  const { value } = reading;
  const result = typeof value === "object" && value !== null && "result" in value ? value.result : undefined;
  return {
    // Of the headers none but the verified ones and the media type are passed on.
    response: new Response(bytes, {
      status: 200,
      headers: pick(headers, ["client-id", "response-time", "signature", "content-type"]),
    }),
    result: typeof result === "object" && result !== null ? result : {},
  };
}

function pick(headers: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}

function afterUnsigned(unverified: UnverifiedResult | undefined): string {
  if (unverified?.resultCode === "INVALID_SIGNATURE" || unverified?.resultCode === "SIGNATURE_INVALID") {
    return "It says that the request's signature was refused: check that merchantPrivateKey belongs to the public key in the dashboard, and that clientId and environment are right. `antom-vault verify` finds the usual mistakes.";
  }
  return "The gateway signs every answer but the one to a refused signature.";
}

/** What an unverified body says, cut down to what can be shown. */
function unverifiedResult(bytes: Uint8Array): UnverifiedResult | undefined {
  const reading = parseJson(bytes);
  if (!reading.ok || typeof reading.value !== "object" || reading.value === null || !("result" in reading.value))
    return undefined;
  const { result } = reading.value;
  if (typeof result !== "object" || result === null) return undefined;
  const { resultCode, resultMessage } = result as { readonly resultCode?: unknown; readonly resultMessage?: unknown };
  if (typeof resultCode !== "string" || !CODE.test(resultCode)) return undefined;
  return { resultCode, resultMessage: typeof resultMessage === "string" ? maskDigits(resultMessage) : "" };
}

const CODE = /^[A-Z][A-Z_]{0,63}$/;

/** The result as far as it is made of words that may stand in a log. */
function resultWords({ resultStatus, resultCode }: Answer["result"]): Pick<LogEntry, "resultStatus" | "resultCode"> {
  return {
    ...(typeof resultStatus === "string" && /^[SFU]$/.test(resultStatus) ? { resultStatus } : {}),
    ...(typeof resultCode === "string" && CODE.test(resultCode) ? { resultCode } : {}),
  };
}
