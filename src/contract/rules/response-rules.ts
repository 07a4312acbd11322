/** Rules that each response must satisfy. A run checks all of its exchanges against them. */
import { validateInquireVaultingRequest } from "../../../generated/validators.js";
import { parseMessageTime } from "../../protocol/http.ts";
import { getCard, getField, toText } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import {
  expectDocumented,
  expectEcho,
  expectNoCardData,
  expectSignature,
  isUnsignedError,
  showsTooManyDigits,
} from "./assertions.ts";
import { findCardDetail } from "./card-details.ts";
import { findWrongDigits, findWrongFact } from "./card-facts.ts";
import { fail, omitBody } from "./fail.ts";
import type { SentCards } from "./sent-cards.ts";

export interface ResponseRule {
  readonly id: string;
  readonly title: string;
  /** Whether the rule applies to a response. Most rules apply only to API responses, so that any other response is reported only once. */
  readonly applies: (exchange: Exchange) => boolean;
  /** `cards` contains the cards of earlier requests, if there are any. */
  readonly expect: (exchange: Exchange, cards?: SentCards) => void;
}

/** Returns the card number of the request, or the one that was sent earlier under its ID. */
function getSentNumber({ requestBody }: Exchange, cards?: SentCards): string | undefined {
  const cardNo = getField(getCard(requestBody), "cardNo");
  return typeof cardNo === "string" ? cardNo : cards?.getNumber(getField(requestBody, "vaultingRequestId"));
}

/** Expects at most the last 4 digits of the card in maskedCardNo, and no digits of a different card. */
function expectMaskedDigits(exchange: Exchange, cards?: SentCards): void {
  const card = getCard(exchange.body);
  if (showsTooManyDigits(toText(getField(card, "maskedCardNo") ?? "")))
    fail(exchange, "Response maskedCardNo shows more than the last 4 digits.");
  const cardNo = getSentNumber(exchange, cards);
  // A mock always returns the card of its example, and the response to a reused ID may contain the first result.
  const isComparable = exchange.context.isStateful && !exchange.request.reusesId;
  const wrong = findWrongDigits(card, isComparable ? cardNo : undefined);
  if (wrong) fail(exchange, `Response ${wrong}.`);
}

/** Expects neither card data of this request nor a card number of an earlier request in the body or the headers. */
function expectNoSentCard(exchange: Exchange, cards?: SentCards): void {
  expectNoCardData(exchange);
  if (!cards) return;
  const found = cards.findIn(exchange, getField(exchange.requestBody, "vaultingRequestId"));
  if (found) fail(omitBody(exchange), `Response contains the ${found}.`);
  const { operation, requestBody, body } = exchange;
  const sent = cards.getCard(getField(requestBody, "vaultingRequestId"));
  const detail = findCardDetail(body, operation === "vaultPaymentMethod" ? getCard(requestBody) : sent);
  if (detail) fail(omitBody(exchange), `Response contains the ${detail} of the card.`);
}

const isApiResponse = ({ status }: Exchange): boolean => status === 200;
const mustBeSigned = (exchange: Exchange): boolean => isApiResponse(exchange) && !isUnsignedError(exchange);

/** Returns whether the target must echo the vaultingRequestId: only in an API response, if the ID is valid and the target must read the body. */
function requiresEcho(exchange: Exchange): boolean {
  const { requestBody, request } = exchange;
  const isValidId = validateInquireVaultingRequest({
    vaultingRequestId: getField(requestBody, "vaultingRequestId"),
  }).valid;
  return isApiResponse(exchange) && request.isBodyRead && isValidId;
}

/** Expects no ID of a different request in the response to a request whose ID the target need not echo. */
function expectNoOtherId(exchange: Exchange): void {
  const { body, requestBody, request } = exchange;
  const id = getField(body, "vaultingRequestId");
  const requested = getField(requestBody, "vaultingRequestId");
  if (typeof id !== "string" || id === requested) return;
  // The target might have read the ID, or a part of it, from a body that is not JSON.
  const sent = new TextDecoder().decode(request.bytes).replaceAll("\0", "");
  if (typeof requested === "string" || !sent.includes(JSON.stringify(id).slice(1, -1)))
    fail(exchange, "Response contains a vaultingRequestId that differs from the one in the request.");
}

/** Allows for inaccurate clocks, but not for a local time that is labeled as UTC. */
const HOUR_MS = 3_600_000;

export const RESPONSE_RULES: readonly ResponseRule[] = [
  {
    id: "documented",
    title: "returns responses that match the OpenAPI document",
    applies: (exchange) => isApiResponse(exchange) || exchange.request.expect === "accepted",
    expect: expectDocumented,
  },
  {
    id: "signed",
    title:
      "signs the raw bytes of each response together with the client ID, except for errors with neither signature nor response-time",
    applies: mustBeSigned,
    expect: expectSignature,
  },
  {
    id: "echo",
    title: "echoes vaultingRequestId in responses, and returns no other ID",
    // A recorded request, which has no base URL, might be incomplete.
    applies: (exchange) => requiresEcho(exchange) || (isApiResponse(exchange) && exchange.request.baseUrl !== ""),
    expect: (exchange) => (requiresEcho(exchange) ? expectEcho : expectNoOtherId)(exchange),
  },
  {
    id: "no-card-data",
    title: "returns responses without the card number in any form, the CVV, or other details of the card",
    applies: () => true,
    expect: expectNoSentCard,
  },
  {
    id: "masked",
    title: "returns last digits and a BIN that match the card number, and at most the last 4 digits in maskedCardNo",
    applies: isApiResponse,
    expect: expectMaskedDigits,
  },
  {
    id: "card-facts",
    title:
      "returns the brand and country that Antom publishes for its test cards, and the networkTransactionId of the vaulting, instead of the merchant's values",
    applies: ({ request, ...exchange }) => exchange.context.isStateful && !request.reusesId,
    expect: (exchange, cards) => {
      const sentCard =
        getCard(exchange.requestBody) ?? cards?.getCard(getField(exchange.requestBody, "vaultingRequestId"));
      const wrong = findWrongFact(getCard(exchange.body), getSentNumber(exchange, cards), sentCard);
      if (wrong) fail(exchange, `Response ${wrong}.`);
    },
  },
  {
    id: "response-time",
    title: "returns a response-time within 1 hour of the current time",
    applies: mustBeSigned,
    expect: (exchange) => {
      const header = exchange.headers.get("response-time") ?? "";
      const time = parseMessageTime(header);
      // Only Request-Time may be in milliseconds.
      if (time === undefined || !header.includes("T"))
        return fail(exchange, "Response header response-time is missing or not an ISO 8601 time with an offset.");
      if (Math.abs(time - exchange.receivedAt) > HOUR_MS)
        fail(exchange, "Response header response-time differs from the current time by more than 1 hour.");
    },
  },
];
