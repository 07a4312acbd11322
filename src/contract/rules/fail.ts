/** Throws a {@link ContractFailure} that shows the exchange, masked. */
import { maskBodyText } from "../../cards/mask-card-data.ts";
import type { Exchange, SentRequest } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import { toCurlCommand } from "./curl-command.ts";

/** Says what is wrong with an answer, and shows it: what was sent, what came (both masked), and a command that asks again. */
export function fail({ request, bytes, status }: Exchange, message: string): never {
  const lines = [message, `Sent: ${formatRequestBody(request)}`, `Came: ${status} ${formatBody(bytes)}`];
  const again = toCurlCommand(request);
  throw new ContractFailure([...lines, ...(again === undefined ? [] : [`Again: ${again}`])].join("\n"));
}

/** A request's body for people, masked. */
export const formatRequestBody = ({ bytes }: Pick<SentRequest, "bytes">): string => formatBody(bytes, 4096);

/** A body for people, on one line: masked, and not all of a long one. What is not seen, or would steer a terminal, is written as an escape. */
export const formatBody = (bytes: Uint8Array, limit = 2048): string =>
  maskBodyText(new TextDecoder().decode(bytes.subarray(0, limit))).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
