/** Assertions about responses. Each throws a {@link ContractFailure} that shows the exchange. */
import { responseValidators, strictResponseValidators } from "../../../generated/operation-validators.ts";
import type { Invalid } from "../../../generated/validators.js";
import { MIN_CARD_DIGITS } from "../../cards/card-digits.ts";
import { createCardNumberFinder } from "../../cards/mask-known-card.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { escapeControls } from "../../protocol/escape-controls.ts";
import { isJsonMediaType } from "../../protocol/http.ts";
import { collectStrings, getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { fail } from "./fail.ts";

/** Validates the body of a response. For a valid body, `branch` names the matching schema. */
export function validateResponseBody(exchange: Exchange): Validation {
  const { operation, body, context } = exchange;
  const known = validations.get(exchange);
  if (known) return known;
  const validation = (context.lenient ? responseValidators : strictResponseValidators)[operation](body);
  validations.set(exchange, validation);
  return validation;
}

type Validation = { readonly valid: true; readonly branch: string } | Invalid;

/** Cached results, because several rules and checks validate the same exchange. */
const validations = new WeakMap<Exchange, Validation>();

/** Expects HTTP status 200, JSON, and a body that matches the OpenAPI document. */
export function expectDocumented(exchange: Exchange): void {
  const { status, headers, body } = exchange;
  if (status !== 200) fail(exchange, `HTTP status is ${status}, expected 200.`);
  if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type")))
    fail(exchange, "Response Content-Type is not application/json in UTF-8.");
  if (body === undefined) fail(exchange, "Response body is not JSON.");
  const validation = validateResponseBody(exchange);
  if (!validation.valid)
    fail(exchange, `Response does not match the OpenAPI document: ${describeIssues(validation.issues)}.`);
  if (!exchange.context.lenient && getField(body, "appLinkUrl") !== undefined)
    fail(
      exchange,
      "Response contains appLinkUrl, a spelling that clients accept but targets must not send: use applinkUrl.",
    );
}

const listMissingHeaders = ({ headers }: Exchange): readonly string[] =>
  ["signature", "response-time"].filter((name) => !headers.get(name));

/** Returns whether a response is an error (F or U) with neither signature nor response-time. A gateway may send such a response. */
export const isUnsignedError = (exchange: Exchange): boolean =>
  exchange.status === 200 && /^[FU]$/.test(exchange.resultStatus ?? "") && listMissingHeaders(exchange).length === 2;

/**
 * Returns whether the report counts a response as an unsigned error. The report does not count responses to requests with invalid signatures, because
 * these responses are always unsigned.
 */
export const isCountedUnsigned = (exchange: Exchange): boolean =>
  isUnsignedError(exchange) && exchange.request.expect !== "signature-rejected";

/** Expects the gateway's valid signature over the raw bytes and this client's ID, or an unsigned error. */
export function expectSignature(exchange: Exchange): void {
  if (isUnsignedError(exchange)) return;
  const { signatureError, headers, context } = exchange;
  const [missing, otherMissing] = listMissingHeaders(exchange);
  if (otherMissing) fail(exchange, "Response is not signed, which is allowed only with result status F or U.");
  if (missing) fail(exchange, `Response has no ${missing} header: signature and response-time must be sent together.`);
  if (signatureError !== undefined) fail(exchange, `Response signature is invalid: ${signatureError}`);
  if ((headers.get("client-id") ?? context.clientId) !== context.clientId)
    fail(exchange, "Response header client-id is not the client ID of the request.");
}

/** Expects success, a challenge, a failure that the request did not cause, or the code `alsoAccepted`. */
export function expectAccepted(exchange: Exchange, alsoAccepted?: string): void {
  const { status, resultStatus, resultCode } = exchange;
  const isAccepted =
    resultStatus === "S" || (resultCode !== undefined && resultStatus !== undefined && ACCEPTED_CODES.has(resultCode));
  if (status === 200 && (isAccepted || (resultCode !== undefined && resultCode === alsoAccepted))) return;
  fail(exchange, `Target rejected a valid request: ${summarizeResponse(exchange)}.`);
}

/** Result codes other than SUCCESS that a response to a valid request may have. */
const ACCEPTED_CODES: ReadonlySet<string> = new Set([
  "VERIFICATION_IN_PROCESS",
  "VERIFICATION_FAIL",
  "PROCESS_FAIL",
  "RISK_REJECT",
  "VAULTING_NOT_EXIST",
]);

/** Summarizes a response, for example `F / PROCESS_FAIL`. */
export function summarizeResponse({ status, resultStatus, resultCode }: Exchange): string {
  if (resultCode === undefined && resultStatus === undefined) return `HTTP status ${status}`;
  const result = escapeControls(`${resultStatus ?? "no status"} / ${resultCode ?? "no code"}`);
  return status === 200 ? result : `HTTP status ${status} with ${result}`;
}

/** Expects a documented response with result status S or F to a request whose result is not documented. Status U would indicate a server error. */
export function expectDocumentedResult(exchange: Exchange): void {
  const { status, resultStatus } = exchange;
  if (status !== 200 || resultStatus === undefined)
    fail(exchange, `Target did not return an API response with a result: ${summarizeResponse(exchange)}.`);
  expectDocumented(exchange);
  if (resultStatus === "U")
    fail(exchange, `Target returned ${summarizeResponse(exchange)}, expected a result with status S or F.`);
}

/** Expects the target to reject the request with the given code, in a documented response. */
export function expectRejected(exchange: Exchange, code: string): void {
  const { status, resultStatus, resultCode } = exchange;
  if (status !== 200 || (resultStatus === undefined && resultCode === undefined))
    fail(
      exchange,
      `Rejection is not an API response with HTTP status 200 and a result.\nExpected F / ${code}, got HTTP status ${status}.`,
    );
  if (resultStatus !== "F" || resultCode !== code)
    fail(exchange, `Target did not reject an invalid request with F / ${code}: ${summarizeResponse(exchange)}.`);
  expectDocumented(exchange);
  if (code === "INVALID_SIGNATURE" && exchange.headers.get("signature"))
    fail(exchange, "Response to a request with an invalid signature is signed; it must be unsigned.");
  expectSignature(exchange);
}

export function expectEcho(exchange: Exchange): void {
  if (exchange.operation === "createVaultingSession") return;
  if (getField(exchange.body, "vaultingRequestId") !== getField(exchange.requestBody, "vaultingRequestId"))
    fail(exchange, "Response does not echo the vaultingRequestId of the request.");
}

/** Expects the response to contain neither the card number nor the CVV of the request. */
export function expectNoCardData(exchange: Exchange): void {
  const { body = new TextDecoder().decode(exchange.bytes), requestBody } = exchange;
  const found = findCardData(body, requestBody);
  if (found) fail(exchange, `Response contains the ${found}.`);
}

/** Returns the kind of card data from a request that a value contains, or `undefined` if it contains none. */
export function findCardData(value: unknown, request: unknown): "card number" | "CVV" | undefined {
  const card = getCard(request);
  const cardNo = getField(card, "cardNo");
  const cvv = getField(card, "cvv");
  const texts = collectStrings(value);
  const id = getField(request, "vaultingRequestId");
  // Skips the echoed ID if it has too few digits for a card number, as most IDs do.
  const isChecked = (text: string) => text !== id || text.replace(/\P{Nd}/gu, "").length >= MIN_CARD_DIGITS;
  if (typeof cardNo === "string" && texts.filter(isChecked).some(createCardNumberFinder(cardNo))) return "card number";
  const isCvv = (text: string) => text === cvv;
  return typeof cvv === "string" && texts.some(isCvv) && collectStrings(omitCoincidences(value)).some(isCvv)
    ? "CVV"
    : undefined;
}

/** Omits documented card fields whose values might equal the CVV by coincidence. */
const omitCoincidences = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (name, inner: unknown) =>
    /^(?:lastFour|last4|bin|billingAddress)$/.test(name) ? undefined : inner,
  );

/** Returns whether a masked card number shows more than its last 4 digits. */
export const showsTooManyDigits = (masked: string): boolean => /\d{5}|\d[^\d]+\d/.test(masked);
