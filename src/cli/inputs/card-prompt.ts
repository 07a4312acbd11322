/** Asks for a card, part by part. */
import { isLuhnValid } from "../../cards/luhn.ts";
import { type Output, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import type { Card } from "./card-file.ts";

/** What a part is, or what is wrong with what was typed. */
type ParseResult<Part> = { readonly part: Part } | { readonly wrong: string };

export function parseCardNumber(typed: string): ParseResult<{ readonly cardNo: string }> {
  const cardNo = typed.replace(/[\s-]/g, "");
  if (!/^\d{12,19}$/.test(cardNo)) return { wrong: "A card number has 12 to 19 digits." };
  return isLuhnValid(cardNo) ? { part: { cardNo } } : { wrong: "That is no card number: its check digit is wrong." };
}

export function parseExpiry(typed: string): ParseResult<{ readonly expiryMonth: string; readonly expiryYear: string }> {
  const found = /^(\d{1,2})\s*[/ -]\s*(?:20)?(\d\d)$|^(\d\d)(\d\d)$/.exec(typed.trim());
  const expiryMonth = (found?.[1] ?? found?.[3] ?? "").padStart(2, "0");
  const expiryYear = found?.[2] ?? found?.[4];
  if (expiryYear === undefined || !/^(?:0[1-9]|1[0-2])$/.test(expiryMonth))
    return { wrong: "Type the month and the year of expiry, as MM/YY." };
  return { part: { expiryMonth, expiryYear } };
}

export function parseCvv(typed: string): ParseResult<{ readonly cvv?: string }> {
  const cvv = typed.trim();
  if (cvv === "") return { part: {} };
  return /^\d{3,4}$/.test(cvv) ? { part: { cvv } } : { wrong: "A CVV has 3 or 4 digits." };
}

const MAX_ATTEMPTS = 3;

/**
 * Asks for number, expiry and CVV; what is wrong is asked for again.
 *
 * @throws AntomVaultError as `ask` does; `CONFIGURATION_INVALID` if a part was invalid 3 times, or if the input has ended
 */
export async function promptForCard(
  { stderr, style }: Pick<Output, "stderr" | "style">,
  ask: (prompt: string) => Promise<string | undefined>,
): Promise<Card> {
  const part = async <Part>(prompt: string, read: (typed: string) => ParseResult<Part>): Promise<Part> => {
    for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
      const typed = await ask(prompt);
      if (typed === undefined) break;
      const answer = read(typed);
      if ("part" in answer) return answer.part;
      writeLine(stderr, style.red(answer.wrong));
    }
    throw usageError("No card was typed. Use --card FILE, --card - for standard input, or --test-card NAME.");
  };
  writeLine(stderr, style.dim("What you type is hidden. In a sandbox, use test cards only: antom-vault cards"));
  const number = await part("Card number: ", parseCardNumber);
  writeLine(stderr, style.dim(`  ends in ${number.cardNo.slice(-4)}`));
  const expiry = await part("Expiry (MM/YY): ", parseExpiry);
  const cvv = await part("CVV (nothing for none): ", parseCvv);
  return { ...number, ...expiry, ...cvv };
}
