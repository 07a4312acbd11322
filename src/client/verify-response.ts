import { AntomVaultError, type AntomVaultErrorCode, maskDigits, type UnverifiedResult } from "../protocol/errors.ts";
import { parseMessageTime } from "../protocol/http.ts";
import { parseJson, tryParseJson } from "../protocol/json.ts";
import { getField, getResult } from "../protocol/json-fields.ts";
import { findSignatureError } from "../signature/index.ts";
import type { Keys } from "./import-keys.ts";
import type { Settings } from "./settings.ts";

export interface VerifiedResponse {
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The parsed body. */
  readonly value: unknown;
  readonly result: ReturnType<typeof getResult>;
  /** The minimum delay before a retry, in milliseconds. Set only if the result is a temporary error. */
  readonly retryAfterMs?: number;
}

/** The pattern of result codes that errors and log entries can contain. Excludes digits, which could be card data. */
export const RESULT_CODE_PATTERN = /^[A-Z][A-Z_]{0,63}$/;

/**
 * Verifies the signature over the raw bytes, checks the response time, and returns the parsed response.
 *
 * @throws {AntomVaultError} `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `RESPONSE_TIME_OUT_OF_RANGE`, or `RESPONSE_NOT_JSON` if a check fails.
 */
export async function verifyResponse(
  { settings, keys, path }: { readonly settings: Settings; readonly keys: Keys; readonly path: string },
  headers: Headers,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<VerifiedResponse> {
  const { clientId, clock, responseTimeToleranceMs } = settings;
  const signature = headers.get("signature");
  const time = headers.get("response-time");
  const recipient = headers.get("client-id");
  if (!signature) throw unsignedResponseError(bytes, time);
  if (!time)
    throw unverifiedResponseError(
      bytes,
      "The response was rejected: it is signed, but it has no response-time header, which the signature must cover.",
    );
  if (recipient !== null && recipient !== clientId) {
    throw unverifiedResponseError(
      bytes,
      "The response is for a different client: its client-id header does not match clientId.",
    );
  }
  const error = await findSignatureError(keys.antomPublicKeys, { path, clientId, time, body: bytes }, signature);
  if (error !== undefined) {
    throw unverifiedResponseError(
      bytes,
      `The response signature is invalid, so the response was rejected. ${error} Common causes: antomPublicKey is your own key or Antom's key for a different environment, or a proxy changed the body.`,
    );
  }
  const respondedAt = parseMessageTime(time) ?? Number.NEGATIVE_INFINITY;
  if (Math.abs(respondedAt - clock.now()) > responseTimeToleranceMs) {
    throw new AntomVaultError(
      "RESPONSE_TIME_OUT_OF_RANGE",
      "The response-time header is invalid or differs too much from the local clock: the response is old, or a clock is incorrect. To change the limit, set responseTimeToleranceMs.",
    );
  }
  // A large number in a future field must not prevent the merchant from receiving the card token.
  const parsed = parseJson(bytes, { anyNumber: true });
  if (!parsed.ok)
    throw new AntomVaultError("RESPONSE_NOT_JSON", `The response is signed, but its body ${parsed.message}.`);
  const { value } = parsed;
  const result = getResult(value);
  const isTransient = result.resultStatus === "U" && isTransientCode(result.resultCode);
  return { headers, bytes, value, result, ...(isTransient ? { retryAfterMs: 0 } : {}) };
}

/** Returns whether a result code reports a temporary error. A retry is safe, because the request ID is the idempotency key. */
export const isTransientCode = (resultCode: string | undefined): boolean =>
  resultCode === "UNKNOWN_EXCEPTION" || resultCode === "REQUEST_TRAFFIC_EXCEED_LIMIT";

function unsignedResponseError(bytes: Uint8Array, time: string | null): AntomVaultError {
  const { resultStatus, resultCode } = getResult(tryParseJson(bytes));
  return unverifiedResponseError(
    bytes,
    `The response is not signed, so it was rejected. ${explainUnsigned(resultStatus, resultCode, time)}`,
    "SIGNATURE_MISSING",
  );
}

function explainUnsigned(status: string | undefined, code: string | undefined, time: string | null): string {
  if (code === "INVALID_SIGNATURE" || code === "SIGNATURE_INVALID")
    return "Its unverified result says that the request signature was rejected: check that merchantPrivateKey matches the public key in the Antom dashboard, and that clientId and environment are correct. To find the cause, run `antom-vault verify`.";
  if (time)
    return "It has a response-time header without a signature, but the gateway sends both headers or neither. Check for a proxy that removes headers.";
  if (status === "F" || status === "U")
    return "The gateway can send unsigned errors, so the result is not verified. Call inquireVaulting, or retry with the same vaultingRequestId.";
  return "Only errors (result status F or U) may be unsigned. Treat the response as forged, and call inquireVaulting.";
}

function unverifiedResponseError(
  bytes: Uint8Array,
  message: string,
  code: AntomVaultErrorCode = "SIGNATURE_INVALID",
): AntomVaultError {
  const unverified = readUnverifiedResult(bytes);
  return new AntomVaultError(code, message, unverified ? { unverified } : {});
}

/** Returns the result in an unverified body, with digits masked, because they could be card data. */
function readUnverifiedResult(bytes: Uint8Array): UnverifiedResult | undefined {
  const value = tryParseJson(bytes);
  const { resultCode } = getResult(value);
  if (!resultCode || !RESULT_CODE_PATTERN.test(resultCode)) return undefined;
  const resultMessage = getField(getField(value, "result"), "resultMessage");
  return { resultCode, resultMessage: typeof resultMessage === "string" ? maskDigits(resultMessage) : "" };
}
