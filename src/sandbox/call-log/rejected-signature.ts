/** Describes requests with rejected signatures. The descriptions contain neither card data nor the signature. */
import { maskCardNumbers } from "../../cards/mask-card-data.ts";
import { maskJsonText } from "../../cards/mask-json-text.ts";
import { createKnownCardMask } from "../../cards/mask-known-card.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { formatStringToSign } from "../../control-api/string-to-sign.ts";
import type { RejectedSignature } from "../../gateway/index.ts";
import { decodeUtf8, tryParseJson } from "../../protocol/json.ts";
import type { DiagnosedSignature } from "../../signature/index.ts";
import { toLoggedTime } from "./logged-time.ts";
import { maskRequestBody } from "./mask-request.ts";

/** The maximum size of an unverified body. Anyone can send such bodies, and long ones would push verified calls out of the log. */
const MAX_BODY_BYTES = 16 * 1024;

/** Parses an unverified body for the call log. Returns `undefined` if it is too large, or not a JSON object or array. */
export function parseUnverifiedBody({ body }: RejectedSignature): object | undefined {
  const parsed = body.byteLength > MAX_BODY_BYTES ? undefined : tryParseJson(body);
  return typeof parsed === "object" && parsed !== null ? parsed : undefined;
}

/**
 * Returns an unverified body as JSON with masked card data, or an empty string if the body is too large or is not a JSON object or array. Keeps
 * whitespace, which the signature covers.
 */
export function maskUnverifiedBody(rejected: RejectedSignature): string {
  const parsed = parseUnverifiedBody(rejected);
  // Text that is not JSON is not stored, because no pattern finds card data in every format.
  if (!parsed) return "";
  return maskJsonText(decodeUtf8(rejected.body) ?? "") ?? maskRequestBody(parsed);
}

/** Describes the headers that help to diagnose an invalid signature. */
export function describeHeaders(
  { headerValue }: RejectedSignature,
  contentType: string | null | undefined,
): ControlSchemas["RejectedSignature"] {
  return {
    ...(contentType ? { contentType: contentType.slice(0, 100).replace(/(?<!utf-)\p{Nd}/giu, "*") } : {}),
    ...(headerValue === "" ? {} : { signatureHeader: describeSignatureHeader(headerValue) }),
  };
}

const SAFE_FIELDS = /^(?:algorithm=[a-z]{1,10}\d{0,3}|keyVersion=\d{1,9})$/i;
const MAX_FIELDS = 10;

/**
 * Replaces the values of a Signature header with their lengths, except an algorithm and a key version. The signature is not stored, because anyone
 * with the public key could use it to confirm a guessed CVV.
 */
const describeSignatureHeader = (value: string): string =>
  value
    .split(",", MAX_FIELDS)
    .map((part) => {
      const field = part.trim();
      if (SAFE_FIELDS.test(field)) return field;
      const [, name = "", rest = ""] = /^((?:algorithm|keyVersion|signature)=)?(.*)$/is.exec(field) ?? [];
      return `${name}⟨${rest.length} characters⟩`;
    })
    .join(",");

/**
 * Returns the string that, according to the diagnosis, was signed, with card data masked. Returns `undefined` if the string is as expected or cannot
 * be masked.
 */
export function describeSignedString(
  rejected: RejectedSignature,
  { message: changes, signedString }: DiagnosedSignature["variant"],
): string | undefined {
  const { path, clientId, time, body } = rejected;
  const mask = createKnownCardMask(parseUnverifiedBody(rejected));
  const clean = (text: string) => maskCardNumbers(mask(text));
  const request = changes?.body === undefined ? maskUnverifiedBody(rejected) : maskChangedBody(changes.body);
  if (request === undefined) return undefined;
  if (changes) {
    const signed = { path, clientId, time, ...changes };
    const requestTime = toLoggedTime(signed.time);
    return formatStringToSign({
      ...signed,
      path: clean(signed.path),
      clientId: clean(signed.clientId),
      requestTime,
      request,
    });
  }
  if (!signedString || request === "" || toLoggedTime(time) === undefined) return undefined;
  const prefix = signedString.subarray(0, signedString.length - body.length);
  return clean(new TextDecoder().decode(prefix)) + request;
}

function maskChangedBody(body: string | Uint8Array): string | undefined {
  const text = typeof body === "string" ? body : (decodeUtf8(body) ?? "");
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const masked = maskJsonText(text.slice(mark.length));
  return masked === undefined ? undefined : mark + masked;
}
