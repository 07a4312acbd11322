import type { OperationId } from "../../../generated/operations.ts";
import { tryParseJson } from "../../protocol/json.ts";
import { getResult } from "../../protocol/json-fields.ts";
import { findSignatureError } from "../../signature/index.ts";
import type { Exchange, ReceivedResponse, ResponseContext, SentRequest } from "../model/exchange.ts";

/** Looks at an answer: parsed, and its signature over the raw bytes verified. */
export async function readExchange(
  operation: OperationId,
  request: SentRequest,
  answer: ReceivedResponse,
  reading: ResponseContext,
): Promise<Exchange> {
  const body = tryParseJson(answer.bytes);
  const time = answer.headers.get("response-time") ?? "";
  // The text that is signed has no query; a right signature over the path as it was asked is one too.
  const message = { path: request.path, clientId: request.headers.get("client-id") ?? "", time, body: answer.bytes };
  const signatureFault = await findSignatureError(reading.keyring, message, answer.headers.get("signature"));
  return {
    operation,
    request,
    requestBody: tryParseJson(request.bytes),
    receivedAt: Date.now(),
    ...answer,
    body,
    ...getResult(body),
    signatureError: signatureFault,
    context: reading,
  };
}
