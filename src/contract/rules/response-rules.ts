/** What every answer owes, whatever was asked. A run holds each of its exchanges against these. */
import { validateInquireVaultingRequest } from "../../../generated/validators.js";
import { parseMessageTime } from "../../protocol/http.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectDocumented, expectEcho, expectNoCardData, expectSignature, showsTooManyDigits } from "./assertions.ts";
import { fail } from "./fail.ts";

export interface ResponseRule {
  readonly id: string;
  readonly title: string;
  /** Whether an answer is to be held against it. A refusal in a form of its own is one fault, not six: of such an answer no more is asked. */
  readonly applies: (exchange: Exchange) => boolean;
  readonly expect: (exchange: Exchange) => void;
}

/** The last four digits at the most, and those of the card that was sent. */
function expectMaskedDigits(exchange: Exchange): void {
  const masked = getField(getCard(exchange.body), "maskedCardNo");
  if (typeof masked !== "string") return;
  if (showsTooManyDigits(masked)) fail(exchange, "maskedCardNo shows more than the last four digits.");
  const cardNo = getField(getCard(exchange.requestBody), "cardNo");
  const shown = /\d+$/.exec(masked)?.[0] ?? "";
  // A mock shows its example's card, whatever was sent, and other content under a known ID may be answered with the first result.
  const owed = exchange.context.isStateful && !exchange.request.otherContent;
  if (owed && typeof cardNo === "string" && !cardNo.endsWith(shown))
    fail(exchange, "maskedCardNo shows other digits than the last four of the number that was sent.");
}

const isApiResponse = ({ status }: Exchange): boolean => status === 200;

/** A legal ID is echoed wherever the body was read; what is wrong outside of it may be refused before. */
function requiresEcho(exchange: Exchange): boolean {
  const { requestBody, request } = exchange;
  const legal = validateInquireVaultingRequest({ vaultingRequestId: getField(requestBody, "vaultingRequestId") }).valid;
  return isApiResponse(exchange) && request.bodyCounts && legal;
}

/** Wide enough for any clock that is set at all, too narrow for a local time that is written as if it were UTC. */
const HOUR_MS = 3_600_000;

export const RESPONSE_RULES: readonly ResponseRule[] = [
  {
    id: "documented",
    title: "the answer is one that the document describes",
    applies: (exchange) => isApiResponse(exchange) || exchange.request.expect === "accepted",
    expect: expectDocumented,
  },
  {
    id: "signed",
    title: "the answer is signed over its raw bytes, for this client",
    applies: (exchange) => isApiResponse(exchange) && exchange.request.expect !== "signature-rejected",
    expect: expectSignature,
  },
  {
    id: "echo",
    title: "the answer echoes vaultingRequestId",
    applies: requiresEcho,
    expect: expectEcho,
  },
  {
    id: "no-card-data",
    title: "the answer carries neither card number nor CVV",
    applies: () => true,
    expect: expectNoCardData,
  },
  {
    id: "masked",
    title: "maskedCardNo shows the last four digits of the number that was sent, at the most",
    applies: isApiResponse,
    expect: expectMaskedDigits,
  },
  {
    id: "response-time",
    title: "response-time is now, within an hour",
    applies: isApiResponse,
    expect: (exchange) => {
      const header = exchange.headers.get("response-time") ?? "";
      const time = parseMessageTime(header);
      // Milliseconds are a form of Request-Time alone.
      if (time === undefined || !header.includes("T"))
        return fail(exchange, "The header response-time is missing or no ISO 8601 time with an offset.");
      if (Math.abs(time - exchange.receivedAt) > HOUR_MS)
        fail(exchange, "The header response-time is more than an hour off.");
    },
  },
];
