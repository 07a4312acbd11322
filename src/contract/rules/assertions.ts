/** What is expected of an answer. Each throws a {@link ContractFailure} that shows the exchange. */
import { responseValidators, strictResponseValidators } from "../../../generated/operation-validators.ts";
import type { Invalid } from "../../../generated/validators.js";
import { describeIssues } from "../../protocol/errors.ts";
import { isJsonMediaType } from "../../protocol/http.ts";
import { cardOf, field, strings } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { fail } from "./fail.ts";

/** The document's judgement of an answer's body; where it fits, `branch` names the schema that it is. */
export function judged({
  operation,
  body,
  reading,
}: Exchange): { readonly valid: true; readonly branch: string } | Invalid {
  return (reading.lenient ? responseValidators : strictResponseValidators)[operation](body);
}

/** What every answer owes: status 200, JSON, and a body that the document describes. */
export function expectDocumented(exchange: Exchange): void {
  const { status, headers, body } = exchange;
  if (status !== 200) fail(exchange, `The HTTP status is ${status}; every answer of the API has 200.`);
  if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type"))) {
    fail(exchange, "The Content-Type is not application/json in UTF-8.");
  }
  if (body === undefined) fail(exchange, "The body is not JSON.");
  const checked = judged(exchange);
  if (!checked.valid) fail(exchange, `The body breaks the document: ${describeIssues(checked.issues)}.`);
}

/** Signed by the gateway, over the raw bytes, for this client. */
export function expectSignature(exchange: Exchange): void {
  const { signatureFault, headers, reading } = exchange;
  if (signatureFault !== undefined) fail(exchange, `The answer's signature is refused: ${signatureFault}`);
  if (headers.get("client-id") !== reading.clientId)
    fail(exchange, "The header client-id does not echo the client's ID.");
}

/** The request was taken: it worked, or failed for a reason that is not the request's own, or with the code `alsoTaken`. */
export function expectAccepted(exchange: Exchange, alsoTaken?: string): void {
  const { status, resultStatus, resultCode } = exchange;
  const taken =
    resultStatus === "S" || (resultCode !== undefined && resultStatus !== undefined && TAKEN.has(resultCode));
  if (status === 200 && (taken || (resultCode !== undefined && resultCode === alsoTaken))) return;
  fail(exchange, `A request that the document allows is not taken: ${saidOf(exchange)}.`);
}

/** Codes other than of success that say nothing against the request: the buyer's or the issuer's. */
const TAKEN: ReadonlySet<string> = new Set([
  "VERIFICATION_IN_PROCESS",
  "VERIFICATION_FAIL",
  "PROCESS_FAIL",
  "RISK_REJECT",
  "VAULTING_NOT_EXIST",
]);

/** An answer in a few words, for example `F / PROCESS_FAIL`. */
export function saidOf({ status, resultStatus, resultCode }: Exchange): string {
  if (resultCode === undefined && resultStatus === undefined) return `HTTP status ${status}`;
  const said = `${resultStatus ?? "no status"} / ${resultCode ?? "no code"}`;
  return status === 200 ? said : `HTTP status ${status} with ${said}`;
}

/** Whatever was said, it was said in the API's own form: the server has not stumbled. */
export function expectAnswered(exchange: Exchange): void {
  const { status, resultStatus } = exchange;
  if (status !== 200 || resultStatus === undefined)
    fail(
      exchange,
      `What no rule of the document speaks of is not answered in the API's own form: ${saidOf(exchange)}.`,
    );
  expectDocumented(exchange);
  if (resultStatus === "U") fail(exchange, `What no rule of the document speaks of is answered ${saidOf(exchange)}.`);
}

/** The request was refused with a code, in the API's own form. */
export function expectRefused(exchange: Exchange, code: string): void {
  const { status, resultStatus, resultCode, request } = exchange;
  if (status !== 200 || (resultStatus === undefined && resultCode === undefined)) {
    fail(
      exchange,
      `A refusal is not in the API's own form, HTTP 200 with a result.\nExpected F / ${code}, got HTTP status ${status}.`,
    );
  }
  if (resultStatus !== "F" || resultCode !== code)
    fail(exchange, `What the document forbids is not refused with F / ${code}, but answered ${saidOf(exchange)}.`);
  expectDocumented(exchange);
  if (request.expect !== "signature-refused") expectSignature(exchange);
  else if (exchange.headers.get("signature"))
    fail(exchange, "The answer to a refused signature is signed; it must not be.");
}

export function expectEcho(exchange: Exchange): void {
  if (exchange.operation === "createVaultingSession") return;
  if (field(exchange.body, "vaultingRequestId") !== field(exchange.asked, "vaultingRequestId"))
    fail(exchange, "vaultingRequestId is not the request's.");
}

/** Neither the number nor the CVV of the request stands anywhere in the answer. */
export function expectNoCardData(exchange: Exchange): void {
  const found = cardDataIn(exchange.body, exchange.asked);
  if (found) fail(exchange, `The answer carries the ${found}.`);
}

/** Which of a request's card data stands in a value. */
export function cardDataIn(value: unknown, request: unknown): "card number" | "CVV" | undefined {
  const card = cardOf(request);
  const cardNo = field(card, "cardNo");
  const cvv = field(card, "cvv");
  for (const text of strings(value)) {
    if (typeof cardNo === "string" && text.replace(/[ -]/g, "").includes(cardNo)) return "card number";
    if (typeof cvv === "string" && text === cvv) return "CVV";
  }
  return undefined;
}

/** Whether a masked card number shows more than its last four digits. */
export const showsMore = (masked: string): boolean => /\d{5}|\d[^\d]+\d/.test(masked);
