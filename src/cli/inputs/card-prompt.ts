/** Prompts for a card, part by part. @module */
import { isLuhnValid } from "../../cards/luhn.ts";
import { commandPrefix, type Output, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import type { Card } from "./card-file.ts";

/** A valid part of a card, or the error to print. */
type ParseResult<Part> = { readonly part: Part } | { readonly error: string };

export function parseCardNumber(typed: string): ParseResult<{ readonly cardNo: string }> {
  const cardNo = typed.replace(/[\s-]/g, "");
  if (!/^\d{12,19}$/.test(cardNo)) return { error: "Invalid card number: enter 12 to 19 digits." };
  return isLuhnValid(cardNo) ? { part: { cardNo } } : { error: "Invalid card number: the check digit is incorrect." };
}

export function parseExpiry(typed: string): ParseResult<{ readonly expiryMonth: string; readonly expiryYear: string }> {
  const found = /^(\d{1,2})\s*[/ -]\s*(?:20)?(\d\d)$|^(\d\d)(\d\d)$/.exec(typed.trim());
  const expiryMonth = (found?.[1] ?? found?.[3] ?? "").padStart(2, "0");
  const expiryYear = found?.[2] ?? found?.[4];
  if (expiryYear === undefined || !/^(?:0[1-9]|1[0-2])$/.test(expiryMonth))
    return { error: "Invalid expiry date: enter the month and year as MM/YY." };
  return { part: { expiryMonth, expiryYear } };
}

export function parseCvv(typed: string): ParseResult<{ readonly cvv?: string }> {
  const cvv = typed.trim();
  if (cvv === "") return { part: {} };
  return /^\d{3,4}$/.test(cvv) ? { part: { cvv } } : { error: "Invalid CVV: enter 3 or 4 digits." };
}

const MAX_ATTEMPTS = 3;

/**
 * Prompts for the card number, expiry date, and CVV. Prompts again if a part is invalid.
 *
 * @throws AntomVaultError as `prompt` does; `CONFIGURATION_INVALID` if a part is invalid 3 times or the input ends
 */
export async function promptForCard(
  { stderr, style }: Pick<Output, "stderr" | "style">,
  prompt: (text: string) => Promise<string | undefined>,
): Promise<Card> {
  const readPart = async <Part>(text: string, parse: (typed: string) => ParseResult<Part>): Promise<Part> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const typed = await prompt(text);
      if (typed === undefined) break;
      const result = parse(typed);
      if ("part" in result) return result.part;
      writeLine(stderr, style.red(result.error));
    }
    throw usageError("No valid card was entered. Use --card FILE, --card - for standard input, or --test-card NAME.");
  };
  writeLine(
    stderr,
    style.dim(`Your input is hidden. In a sandbox, use only test cards. To list them, run: ${commandPrefix} cards`),
  );
  const number = await readPart("Card number: ", parseCardNumber);
  writeLine(stderr, style.dim(`  ends in ${number.cardNo.slice(-4)}`));
  const expiry = await readPart("Expiry (MM/YY): ", parseExpiry);
  const cvv = await readPart("CVV (optional): ", parseCvv);
  return { ...number, ...expiry, ...cvv };
}
