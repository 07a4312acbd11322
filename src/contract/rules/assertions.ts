/** What is expected of an answer. Each throws a {@link ContractFailure} that shows the exchange. */
import { responseValidators, strictResponseValidators } from "../../../generated/operation-validators.ts";
import type { Invalid } from "../../../generated/validators.js";
import { describeIssues } from "../../protocol/errors.ts";
import { isJsonMediaType } from "../../protocol/http.ts";
import { collectStrings, getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { fail } from "./fail.ts";

/** The document's judgement of an answer's body; where it fits, `branch` names the schema that it is. */
export function validateResponseBody({
  operation,
  body,
  context,
}: Exchange): { readonly valid: true; readonly branch: string } | Invalid {
  return (context.lenient ? responseValidators : strictResponseValidators)[operation](body);
}

/** What every answer owes: status 200, JSON, and a body that the document describes. */
export function expectDocumented(exchange: Exchange): void {
  const { status, headers, body } = exchange;
  if (status !== 200) fail(exchange, `The HTTP status is ${status}; every answer of the API has 200.`);
  if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type"))) {
    fail(exchange, "The Content-Type is not application/json in UTF-8.");
  }
  if (body === undefined) fail(exchange, "The body is not JSON.");
  const checked = validateResponseBody(exchange);
  if (!checked.valid) fail(exchange, `The body breaks the document: ${describeIssues(checked.issues)}.`);
}

/** Signed by the gateway, over the raw bytes, for this client. */
export function expectSignature(exchange: Exchange): void {
  const { signatureError, headers, context } = exchange;
  if (signatureError !== undefined) fail(exchange, `The answer's signature is refused: ${signatureError}`);
  if (headers.get("client-id") !== context.clientId)
    fail(exchange, "The header client-id does not echo the client's ID.");
}

/** The request was taken: it worked, or failed for a reason that is not the request's own, or with the code `alsoTaken`. */
export function expectAccepted(exchange: Exchange, alsoTaken?: string): void {
  const { status, resultStatus, resultCode } = exchange;
  const taken =
    resultStatus === "S" || (resultCode !== undefined && resultStatus !== undefined && ACCEPTED_CODES.has(resultCode));
  if (status === 200 && (taken || (resultCode !== undefined && resultCode === alsoTaken))) return;
  fail(exchange, `A request that the document allows is not taken: ${summarizeResponse(exchange)}.`);
}

/** Codes other than of success that say nothing against the request: the buyer's or the issuer's. */
const ACCEPTED_CODES: ReadonlySet<string> = new Set([
  "VERIFICATION_IN_PROCESS",
  "VERIFICATION_FAIL",
  "PROCESS_FAIL",
  "RISK_REJECT",
  "VAULTING_NOT_EXIST",
]);

/** An answer in a few words, for example `F / PROCESS_FAIL`. */
export function summarizeResponse({ status, resultStatus, resultCode }: Exchange): string {
  if (resultCode === undefined && resultStatus === undefined) return `HTTP status ${status}`;
  const said = `${resultStatus ?? "no status"} / ${resultCode ?? "no code"}`;
  return status === 200 ? said : `HTTP status ${status} with ${said}`;
}

/** Whatever was said, it was said in the API's own form: the server has not stumbled. */
export function expectDocumentedResult(exchange: Exchange): void {
  const { status, resultStatus } = exchange;
  if (status !== 200 || resultStatus === undefined)
    fail(
      exchange,
      `What no rule of the document speaks of is not answered in the API's own form: ${summarizeResponse(exchange)}.`,
    );
  expectDocumented(exchange);
  if (resultStatus === "U")
    fail(exchange, `What no rule of the document speaks of is answered ${summarizeResponse(exchange)}.`);
}

/** The request was refused with a code, in the API's own form. */
export function expectRejected(exchange: Exchange, code: string): void {
  const { status, resultStatus, resultCode, request } = exchange;
  if (status !== 200 || (resultStatus === undefined && resultCode === undefined)) {
    fail(
      exchange,
      `A refusal is not in the API's own form, HTTP 200 with a result.\nExpected F / ${code}, got HTTP status ${status}.`,
    );
  }
  if (resultStatus !== "F" || resultCode !== code)
    fail(
      exchange,
      `What the document forbids is not refused with F / ${code}, but answered ${summarizeResponse(exchange)}.`,
    );
  expectDocumented(exchange);
  if (request.expect !== "signature-rejected") expectSignature(exchange);
  else if (exchange.headers.get("signature"))
    fail(exchange, "The answer to a refused signature is signed; it must not be.");
}

export function expectEcho(exchange: Exchange): void {
  if (exchange.operation === "createVaultingSession") return;
  if (getField(exchange.body, "vaultingRequestId") !== getField(exchange.requestBody, "vaultingRequestId"))
    fail(exchange, "vaultingRequestId is not the request's.");
}

/** Neither the number nor the CVV of the request stands anywhere in the answer. */
export function expectNoCardData(exchange: Exchange): void {
  const found = findCardData(exchange.body, exchange.requestBody);
  if (found) fail(exchange, `The answer carries the ${found}.`);
}

/** Which of a request's card data stands in a value. */
export function findCardData(value: unknown, request: unknown): "card number" | "CVV" | undefined {
  const card = getCard(request);
  const cardNo = getField(card, "cardNo");
  const cvv = getField(card, "cvv");
  for (const text of collectStrings(value)) {
    if (typeof cardNo === "string" && text.replace(/[ -]/g, "").includes(cardNo)) return "card number";
    if (typeof cvv === "string" && text === cvv) return "CVV";
  }
  return undefined;
}

/** Whether a masked card number shows more than its last four digits. */
export const showsTooManyDigits = (masked: string): boolean => /\d{5}|\d[^\d]+\d/.test(masked);
