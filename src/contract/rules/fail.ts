/** Failures that show the exchange with card data masked. @module */
import { maskBodyText } from "../../cards/mask-card-data.ts";
import type { Exchange, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { toCurlCommand } from "./curl-command.ts";

/**
 * Throws a failure that shows the request, the response, and, if {@link toCurlCommand} returns one, a command that sends the request again.
 *
 * @throws {ContractFailure} always
 */
export function fail(exchange: Exchange, message: string): never {
  const command = toCurlCommand(exchange.request);
  const reproduce = command === undefined ? "" : `\nReproduce: ${command}`;
  throw new ContractFailure(`${message}\n${formatExchange(exchange)}${reproduce}`);
}

/** Formats the masked request and response of an exchange. */
export const formatExchange = ({ request, status, bytes }: Exchange): string =>
  `Request: ${formatRequestBody(request)}\nResponse: ${status} ${formatBody(bytes)}`;

/** Formats the body of a request like {@link formatBody}, with a higher limit. */
export const formatRequestBody = ({ bytes }: Pick<SentRequest, "bytes">): string => formatBody(bytes, 4096);

/** Formats a body for display: masked, truncated, and on 1 line. Escapes invisible characters and terminal control characters. */
export const formatBody = (bytes: Uint8Array, limit = 2048): string =>
  maskBodyText(new TextDecoder().decode(bytes.subarray(0, limit))).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
