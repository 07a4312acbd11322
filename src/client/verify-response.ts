/** Verifies a response before anything in it is used, and reads it. */
import { AntomVaultError, type AntomVaultErrorCode, maskDigits, type UnverifiedResult } from "../protocol/errors.ts";
import { parseMessageTime } from "../protocol/http.ts";
import { parseJson, tryParseJson } from "../protocol/json.ts";
import { getField, getResult } from "../protocol/json-fields.ts";
import { findSignatureError } from "../signature/index.ts";
import type { Keys } from "./import-keys.ts";
import type { Settings } from "./settings.ts";

/** A verified response. */
export interface VerifiedResponse {
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The parsed body. */
  readonly value: unknown;
  readonly result: ReturnType<typeof getResult>;
  /** Retrying may help, after at least this many milliseconds. Missing if the result is final. */
  readonly retryAfterMs?: number;
}

/** The form of a result code that may be part of an error or a log entry. */
export const RESULT_CODE_PATTERN = /^[A-Z][A-Z_]{0,63}$/;

/**
 * Verifies the signature over the raw bytes, checks the response time, and returns the parsed response.
 *
 * @throws AntomVaultError `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `RESPONSE_TIME_OUT_OF_RANGE`, `RESPONSE_NOT_JSON`
 */
export async function verifyResponse(
  { settings, keys, path }: { readonly settings: Settings; readonly keys: Keys; readonly path: string },
  headers: Headers,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<VerifiedResponse> {
  const { clientId, clock, responseTimeToleranceMs } = settings;
  const signature = headers.get("signature");
  const time = headers.get("response-time");
  const addressee = headers.get("client-id");
  if (!signature) throw unsignedResponseError(bytes);
  if (time === null)
    throw unverifiedResponseError(bytes, "The answer has no response-time header, which its signature covers.");
  if (addressee !== null && addressee !== clientId) {
    throw unverifiedResponseError(
      bytes,
      "The answer is meant for another client: its client-id header is not this client's ID.",
    );
  }
  const fault = await findSignatureError(keys.antomPublicKeys, { path, clientId, time, body: bytes }, signature);
  if (fault !== undefined) {
    throw unverifiedResponseError(
      bytes,
      `The answer's signature does not verify and the answer is not believed. ${fault} Usual causes: antomPublicKey is not Antom's key of this environment (or is one's own), or something on the way changed the body.`,
    );
  }
  const answeredAt = parseMessageTime(time) ?? Number.NEGATIVE_INFINITY;
  if (Math.abs(answeredAt - clock.now()) > responseTimeToleranceMs) {
    throw new AntomVaultError(
      "RESPONSE_TIME_OUT_OF_RANGE",
      "The answer's response-time is too far from this machine's time: an old answer sent again, or a wrong clock. responseTimeToleranceMs sets the limit.",
    );
  }
  const reading = parseJson(bytes);
  if (!reading.ok)
    throw new AntomVaultError("RESPONSE_NOT_JSON", `The answer is signed, but its body ${reading.message}.`);
  const { value } = reading;
  const result = getResult(value);
  return { headers, bytes, value, result, ...(isTransient(result) ? { retryAfterMs: 0 } : {}) };
}

/** Whether the same request may succeed later. Sending it again is safe, because its ID is the idempotency key. */
const isTransient = ({ resultStatus, resultCode }: VerifiedResponse["result"]): boolean =>
  resultStatus === "U" && (resultCode === "UNKNOWN_EXCEPTION" || resultCode === "REQUEST_TRAFFIC_EXCEED_LIMIT");

function unsignedResponseError(bytes: Uint8Array): AntomVaultError {
  const code = readUnverifiedResult(bytes)?.resultCode;
  const hint =
    code === "INVALID_SIGNATURE" || code === "SIGNATURE_INVALID"
      ? "It says that the request's signature was refused: check that merchantPrivateKey belongs to the public key in the dashboard, and that clientId and environment are right. `antom-vault verify` finds the usual mistakes."
      : "The gateway signs every answer but the one to a refused signature.";
  return unverifiedResponseError(bytes, `The answer is not signed and is not believed. ${hint}`, "SIGNATURE_MISSING");
}

function unverifiedResponseError(
  bytes: Uint8Array,
  message: string,
  code: AntomVaultErrorCode = "SIGNATURE_INVALID",
): AntomVaultError {
  const unverified = readUnverifiedResult(bytes);
  return new AntomVaultError(code, message, unverified ? { unverified } : {});
}

/** Reads the result in an unverified body, reduced to what may be shown. */
function readUnverifiedResult(bytes: Uint8Array): UnverifiedResult | undefined {
  const value = tryParseJson(bytes);
  const { resultCode } = getResult(value);
  if (!resultCode || !RESULT_CODE_PATTERN.test(resultCode)) return undefined;
  const resultMessage = getField(getField(value, "result"), "resultMessage");
  return { resultCode, resultMessage: typeof resultMessage === "string" ? maskDigits(resultMessage) : "" };
}
