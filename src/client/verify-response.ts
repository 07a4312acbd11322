/** What comes back: which statuses are no answer, and what makes a body believed. */
import { AntomVaultError, type AntomVaultErrorCode, maskDigits, type UnverifiedResult } from "../protocol/errors.ts";
import { parseMessageTime } from "../protocol/http.ts";
import { parseJson } from "../protocol/json.ts";
import { verifyHeader } from "../signature/index.ts";
import type { Keys } from "./import-keys.ts";
import type { Settings } from "./options.ts";

/** How an attempt ended. */
interface Ended {
  /** Another attempt may help, after this many milliseconds at least. Where it is missing, none is made. */
  readonly retryAfterMs?: number;
}

/** An answer that is believed. */
export interface Answer extends Ended {
  readonly response: Response;
  readonly result: { readonly resultStatus?: unknown; readonly resultCode?: unknown };
}

/** No answer, or none that is believed. */
export interface NoAnswer extends Ended {
  readonly error: AntomVaultError;
}

/** The form of a result code that may stand in an error or a log. */
export const RESULT_CODE = /^[A-Z][A-Z_]{0,63}$/;

/** What any status but 200 means. `now` is the client's time, for a Retry-After that is a date. */
export function refuseStatus(response: Response, now: number): NoAnswer {
  const { status } = response;
  // "opaqueredirect" is how browsers show what redirect: "manual" stopped; `redirected` shows an injected fetch that followed.
  if (response.type === "opaqueredirect" || response.redirected || (status >= 300 && status < 400)) {
    const message =
      "The gateway's address answered with a redirect, which is never followed: it would send the card to another place. Check region or baseUrl.";
    return { error: new AntomVaultError("REDIRECT_REFUSED", message) };
  }
  const error = new AntomVaultError(
    "HTTP_STATUS",
    `The answer has the HTTP status ${status}. The API answers everything, failures too, with 200: this comes from something on the way.`,
    { httpStatus: status },
  );
  return status === 429 || status === 503 ? { error, retryAfterMs: retryAfter(response, now) } : { error };
}

/** How many milliseconds a Retry-After header asks for, which has seconds or a date. */
function retryAfter(response: Response, now: number): number {
  const text = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}

/** UNKNOWN_EXCEPTION and REQUEST_TRAFFIC_EXCEED_LIMIT: the same request again can do no harm, its ID is the idempotency key. */
const isTransient = ({ resultStatus, resultCode }: Answer["result"]): boolean =>
  resultStatus === "U" && (resultCode === "UNKNOWN_EXCEPTION" || resultCode === "REQUEST_TRAFFIC_EXCEED_LIMIT");

/** The answer, once its signature is verified over the raw bytes and its time is near. Until then nothing of it is used. */
export async function verified(
  { settings, keys, path }: { readonly settings: Settings; readonly keys: Keys; readonly path: string },
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const refuse = (code: AntomVaultErrorCode, message: string) => {
    const unverified = unverifiedResult(bytes);
    const hint = code === "SIGNATURE_MISSING" ? ` ${afterUnsigned(unverified)}` : "";
    return new AntomVaultError(code, message + hint, unverified ? { unverified } : {});
  };
  const { headers } = response;
  const time = headers.get("response-time");
  if (!headers.get("signature")) throw refuse("SIGNATURE_MISSING", "The answer is not signed and is not believed.");
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
  const answeredAt = parseMessageTime(time) ?? Number.NEGATIVE_INFINITY;
  if (Math.abs(answeredAt - settings.clock.now()) > settings.responseTimeToleranceMs) {
    throw new AntomVaultError(
      "RESPONSE_OUT_OF_TIME",
      "The answer's response-time is too far from this machine's time: an old answer sent again, or a wrong clock. responseTimeToleranceMs sets the limit.",
    );
  }
  const reading = parseJson(bytes);
  if (!reading.ok)
    throw new AntomVaultError("RESPONSE_NOT_JSON", `The answer is signed, but its body ${reading.message}.`);
  const { value } = reading;
  const found = typeof value === "object" && value !== null && "result" in value ? value.result : undefined;
  const result = typeof found === "object" && found !== null ? found : {};
  return {
    // Of the headers none but the verified ones and the media type are passed on.
    response: new Response(bytes, {
      status: 200,
      headers: pick(headers, ["client-id", "response-time", "signature", "content-type"]),
    }),
    result,
    ...(isTransient(result) ? { retryAfterMs: 0 } : {}),
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
  if (typeof resultCode !== "string" || !RESULT_CODE.test(resultCode)) return undefined;
  return { resultCode, resultMessage: typeof resultMessage === "string" ? maskDigits(resultMessage) : "" };
}
