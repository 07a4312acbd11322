/** One attempt to deliver a notification: signed anew, posted, and the answer judged. */
import { validateVaultingAcknowledgement } from "../../../generated/validators.js";
import { type Signer, signSync } from "../../gateway/index.ts";
import { completeUrl } from "../../protocol/complete-url.ts";
import { formatMessageTime, isJsonMediaType, JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { parseJson } from "../../protocol/json.ts";
import { formatSignatureHeader } from "../../signature/index.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import { corruptSignature } from "../switches/faults.ts";
import type { Poster, PostResult } from "./http-post.ts";

/** What came of an attempt. `ABORTED` is none: the sandbox was stopped meanwhile. */
export type DeliveryResult = Pick<AttemptRow, "outcome" | "httpStatus" | "detail">;

/** How a notification is signed, rightly or on purpose not. */
export type SigningMode = "right" | "wrong" | "none";

export type DeliverNotification = (
  notification: NotificationRow,
  signing: SigningMode,
  signal: AbortSignal,
) => Promise<DeliveryResult>;

/** The signer is asked at each attempt, so that one that comes after a rotation carries the next key. */
export function createNotificationDelivery(post: Poster, signer: Signer): DeliverNotification {
  return async ({ url, clientId, body }, signing, signal) => {
    const time = formatMessageTime(Date.now());
    const headers: Record<string, string> = {
      "content-type": JSON_MEDIA_TYPE,
      "client-id": clientId,
      "request-time": time,
    };
    if (signing !== "none") {
      const signature = signSync({ path: getPath(url), clientId, time, body }, signer.privateKey);
      const header = formatSignatureHeader(signature, signer.keyVersion);
      headers["signature"] = signing === "right" ? header : corruptSignature(header);
    }
    const result = await post({ url, headers, body }, signal);
    if (result.outcome !== "ANSWERED") return { outcome: result.outcome, httpStatus: null, detail: result.detail };
    return toDeliveryResult(result);
  };
}

/** The path of the merchant's own address, with its query: what the signature covers. */
function getPath(url: string): string {
  try {
    const { pathname, search } = new URL(completeUrl(url));
    return pathname + search;
  } catch {
    return "/";
  }
}

/** Only HTTP 200 with the documented body acknowledges. */
function toDeliveryResult({ status, body, contentType }: Extract<PostResult, { outcome: "ANSWERED" }>): DeliveryResult {
  if (status !== 200) {
    return { outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: status, detail: "Only HTTP 200 acknowledges." };
  }
  const wrong = (detail: string): DeliveryResult => ({ outcome: "NOT_ACKNOWLEDGED", httpStatus: status, detail });
  if (!isJsonMediaType(contentType)) return wrong("The Content-Type is not application/json.");
  const reading = parseJson(body);
  if (!reading.ok) return wrong(`The body ${reading.message}.`);
  const checked = validateVaultingAcknowledgement(reading.value);
  if (checked.valid) return { outcome: "ACKNOWLEDGED", httpStatus: status, detail: null };
  return wrong(
    checked.issues
      .map(({ pointer, message }) => `${pointer || "the body"} ${message}`)
      .join("; ")
      .slice(0, 256),
  );
}
