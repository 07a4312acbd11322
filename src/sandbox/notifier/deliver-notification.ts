/** Makes one attempt to deliver a notification: signs it, posts it, and checks the acknowledgement. */
import { validateVaultingAcknowledgement } from "../../../generated/validators.js";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { type Signer, signSync } from "../../gateway/index.ts";
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { formatMessageTime, isJsonMediaType, JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { parseJson } from "../../protocol/json.ts";
import { formatSignatureHeader } from "../../signature/index.ts";
import type { AttemptRow, NotificationRow } from "../store/rows.ts";
import { corruptSignature } from "../switches/faults.ts";
import { captureResponse } from "./capture-response.ts";
import type { Poster, ReceivedResponse } from "./http-post.ts";

/** The result of an attempt. An attempt with the outcome `ABORTED` is not counted. */
export interface DeliveryResult extends Pick<AttemptRow, "outcome" | "httpStatus" | "detail"> {
  /** Absent if no request was created. */
  readonly request?: SentRequest | undefined;
  /** Absent if there was no response. */
  readonly response?: ControlSchemas["AttemptResponse"];
}

/** How a notification is signed. `invalid` and `none` result from injected faults. */
export type SigningMode = "valid" | "invalid" | "none";

/** The parts of a request that differ between attempts to send the same notification. */
export interface SentRequest {
  readonly time: string;
  /** The value of the Signature header. Absent if a fault removed it. */
  readonly signature?: string;
}

/** A request as it is stored with its attempt. */
export interface RecordedRequest extends SentRequest {
  /** The fault that changed the request or caused a duplicate. */
  readonly fault?: ControlSchemas["FaultKind"];
}

export type DeliverNotification = (
  notification: NotificationRow,
  signing: SigningMode,
  signal: AbortSignal,
) => Promise<DeliveryResult>;

/** Creates a function that makes one delivery attempt. Each attempt uses the signer's current key. */
export function createNotificationDelivery(post: Poster, signer: Signer): DeliverNotification {
  return async ({ url, clientId, body }, signing, signal) => {
    let request: SentRequest | undefined;
    const signRequest = (): SentRequest => {
      const time = formatMessageTime(Date.now());
      if (signing === "none") return { time };
      const signature = signSync({ path: getSignedPath(url), clientId, time, body }, signer.privateKey);
      const header = formatSignatureHeader(signature, signer.keyVersion);
      return { time, signature: signing === "valid" ? header : corruptSignature(header) };
    };
    const message = {
      url,
      body,
      // A getter, so that no signature is computed for a blocked address.
      get headers() {
        request = signRequest();
        return createRequestHeaders(clientId, request);
      },
    };
    const result = await post(message, signal);
    if (result.outcome === "RESPONSE")
      return { ...toDeliveryResult(result), request, response: captureResponse(result, true) };
    const { outcome, detail, received } = result;
    const response = received && captureResponse(received, false);
    return { outcome, httpStatus: received?.status ?? null, detail, request, ...(response ? { response } : {}) };
  };
}

/** Returns the headers of a request, except Host and Content-Length. */
export const createRequestHeaders = (clientId: string, { time, signature }: SentRequest): Record<string, string> => ({
  "content-type": JSON_MEDIA_TYPE,
  "client-id": clientId,
  "request-time": time,
  ...(signature === undefined ? {} : { signature }),
});

/** Returns the path and query of a notification URL, which the signature covers, or `/` for an invalid URL. */
export function getSignedPath(url: string): string {
  try {
    const { pathname, search } = new URL(addDefaultScheme(url));
    return pathname + search;
  } catch {
    return "/";
  }
}

/** Converts a response to a result. Only HTTP 200 with the documented JSON body is an acknowledgement. */
function toDeliveryResult({ status, body, headers }: ReceivedResponse): DeliveryResult {
  if (status !== 200) {
    return {
      outcome: "UNEXPECTED_HTTP_STATUS",
      httpStatus: status,
      detail: "Only HTTP 200 acknowledges a notification.",
    };
  }
  const reject = (detail: string): DeliveryResult => ({ outcome: "NOT_ACKNOWLEDGED", httpStatus: status, detail });
  if (!isJsonMediaType(headers["content-type"] ?? null)) return reject("The Content-Type is not application/json.");
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
