import type { OperationId } from "../../../generated/operations.ts";
import { tryParseJson } from "../../protocol/json.ts";
import { getResult } from "../../protocol/json-fields.ts";
import { findSignatureError } from "../../signature/index.ts";
import type { Exchange, ReceivedResponse, ResponseContext, SentRequest } from "../model/exchange.ts";

/** Parses a response and verifies its signature over the raw bytes. */
export async function readExchange(
  operation: OperationId,
  request: SentRequest,
  response: ReceivedResponse,
  context: ResponseContext,
): Promise<Exchange> {
  const body = tryParseJson(response.bytes);
  const time = response.headers.get("response-time") ?? "";
  const message = { path: request.path, clientId: request.headers.get("client-id") ?? "", time, body: response.bytes };
  const signatureError = await findSignatureError(context.keyring, message, response.headers.get("signature"));
  return {
    operation,
    request,
    requestBody: tryParseJson(request.bytes),
    receivedAt: Date.now(),
    ...response,
    body,
    ...getResult(body),
    signatureError,
    context,
  };
}
