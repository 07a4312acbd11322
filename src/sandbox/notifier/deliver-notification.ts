/** Makes one attempt to deliver a notification: signs it, posts it, and checks the acknowledgement. */
import { validateVaultingAcknowledgement } from "../../../generated/validators.js";
import { type Signer, signSync } from "../../gateway/index.ts";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { formatMessageTime, isJsonMediaType, JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { parseJson } from "../../protocol/json.ts";
import { formatSignatureHeader } from "../../signature/index.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import { corruptSignature } from "../switches/faults.ts";
import type { Poster, PostResult } from "./http-post.ts";

/** The result of an attempt. `ABORTED` does not count as an attempt. */
export type DeliveryResult = Pick<AttemptRow, "outcome" | "httpStatus" | "detail">;

/** How to sign a notification. `invalid` and `none` are injected faults. */
export type SigningMode = "valid" | "invalid" | "none";

export type DeliverNotification = (
  notification: NotificationRow,
  signing: SigningMode,
  signal: AbortSignal,
) => Promise<DeliveryResult>;

/** Creates a function that makes one delivery attempt. Each attempt uses the signer's current key. */
export function createNotificationDelivery(post: Poster, signer: Signer): DeliverNotification {
  return async ({ url, clientId, body }, signing, signal) => {
    const time = formatMessageTime(Date.now());
    const createHeaders = (): Record<string, string> => {
      const headers = { "content-type": JSON_MEDIA_TYPE, "client-id": clientId, "request-time": time };
      if (signing === "none") return headers;
      const signature = signSync({ path: getPath(url), clientId, time, body }, signer.privateKey);
      const header = formatSignatureHeader(signature, signer.keyVersion);
      return { ...headers, signature: signing === "valid" ? header : corruptSignature(header) };
    };
    const message = {
      url,
      body,
      // A getter, so that an attempt at a blocked address costs no signature.
      get headers() {
        return createHeaders();
      },
    };
    const result = await post(message, signal);
    if (result.outcome !== "RESPONSE") return { outcome: result.outcome, httpStatus: null, detail: result.detail };
    return toDeliveryResult(result);
  };
}

/** Returns the path and query of a notification URL, which the signature covers, or `/` for an invalid URL. */
function getPath(url: string): string {
  try {
    const { pathname, search } = new URL(addDefaultScheme(url));
    return pathname + search;
  } catch {
    return "/";
  }
}

/** Only HTTP 200 with the documented body is an acknowledgement. */
function toDeliveryResult({ status, body, contentType }: Extract<PostResult, { outcome: "RESPONSE" }>): DeliveryResult {
  if (status !== 200) {
    return { outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: status, detail: "Return HTTP 200 to acknowledge." };
  }
  const reject = (detail: string): DeliveryResult => ({ outcome: "NOT_ACKNOWLEDGED", httpStatus: status, detail });
  if (!isJsonMediaType(contentType)) return reject("The Content-Type is not application/json.");
  const parsed = parseJson(body);
  if (!parsed.ok) return reject(`The body ${parsed.message}.`);
  const validation = validateVaultingAcknowledgement(parsed.value);
  if (validation.valid) return { outcome: "ACKNOWLEDGED", httpStatus: status, detail: null };
  return reject(
    validation.issues
      .map(({ pointer, message }) => `${pointer || "the body"} ${message}`)
      .join("; ")
      .slice(0, 256),
  );
}
