/** Failures that show the exchange with card data masked. @module */
import { maskBodyText } from "../../cards/mask-card-data.ts";
import { maskKnownCard } from "../../cards/mask-known-card.ts";
import { escapeControls } from "../../protocol/escape-controls.ts";
import { tryParseJson } from "../../protocol/json.ts";
import type { Exchange, Notification, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { toCurlCommand } from "./curl-command.ts";

/**
 * Throws a failure that shows the request, the response, and, if {@link toCurlCommand} returns one, a command that resends the request.
 *
 * @throws {ContractFailure} always
 */
export function fail(exchange: Exchange, message: string): never {
  const command = toCurlCommand(exchange.request);
  const reproduce = command === undefined ? "" : `\nReproduce: ${command}`;
  const shown = maskKnownCard(message, ...listSentCards(exchange));
  throw new ContractFailure(`${shown}\n${formatExchange(exchange)}${reproduce}`);
}

/** Adds a note about the request variant to the failure of an expectation. */
export function addNoteToFailure(note: string, expect: () => void): void {
  try {
    expect();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace("\n", `\nRequest variant: ${note}.\n`);
    throw error;
  }
}

/** Formats the masked request and response of an exchange. */
export function formatExchange(exchange: Exchange): string {
  const { request, status, bytes } = exchange;
  const cards = listSentCards(exchange);
  return `Request: ${formatRequestBody(request, cards)}\nResponse: ${status} ${formatBody(bytes, cards)}`;
}

/** Replaces the body of a message that contains card data in a form that {@link formatBody} does not mask. */
export const omitBody = <Message extends Exchange | Notification>(message: Message): Message => ({
  ...message,
  bytes: new TextEncoder().encode("(omitted, because it contains card data)"),
});

/** Returns values that contain the card numbers that a response could repeat. */
const listSentCards = ({ requestBody, context }: Exchange): readonly unknown[] => [requestBody, context.card];

/** Formats the body of a request like {@link formatBody}, but with a higher limit. Also masks the card number that the body contains. */
export const formatRequestBody = ({ bytes }: Pick<SentRequest, "bytes">, cards: readonly unknown[] = []): string =>
  formatBody(bytes, [tryParseJson(bytes), ...cards], 4096);

/**
 * Formats a body for display: masked, truncated, and on 1 line, with invisible characters escaped.
 *
 * @param cards values with card numbers, which are masked in any encoding
 */
export const formatBody = (bytes: Uint8Array, cards: readonly unknown[], limit = 2048): string =>
  // Masks before truncating, because a truncated number could not be found.
  escapeControls(maskBodyText(maskKnownCard(new TextDecoder().decode(bytes), ...cards)).slice(0, limit));
