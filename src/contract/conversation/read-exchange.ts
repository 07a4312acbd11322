import type { OperationId } from "../../../generated/operations.ts";
import { findSignatureErrorSync } from "../../gateway/index.ts";
import { tryParseJson } from "../../protocol/json.ts";
import { getResult } from "../../protocol/json-fields.ts";
import type { Exchange, ReceivedResponse, ResponseContext, SentRequest } from "../model/exchange.ts";

/** Parses a response and verifies its signature over the raw bytes. */
export function readExchange(
  operation: OperationId,
  request: SentRequest,
  response: ReceivedResponse,
  context: ResponseContext,
  requestBody: unknown = tryParseJson(request.bytes),
): Exchange {
  const body = tryParseJson(response.bytes);
  const time = response.headers.get("response-time") ?? "";
  const message = { path: request.path, clientId: request.headers.get("client-id") ?? "", time, body: response.bytes };
  const signatureError = findSignatureErrorSync(context.keyring, message, response.headers.get("signature"));
  return {
    operation,
    request,
    requestBody,
    receivedAt: Date.now(),
    ...response,
    body,
    ...getResult(body),
    signatureError,
    context,
  };
}
