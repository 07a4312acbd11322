/** Card data on a command line are in the shell's history and in every process list, so they are refused there before anything else. */

import { detectBrand } from "../../cards/card-brand.ts";
import { isLuhnValid } from "../../cards/luhn.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { usageError } from "../console/usage-error.ts";

/** What people call an option that would take card data. */
const CARD_OPTION =
  /^--?(?:card-?(?:no|number|num|holder-?name)|number|pan|cvv2?|cvc2?|csc|security-?code|exp|expiry|expiration|expires|exp(?:iry)?-?(?:month|year|date)|pin|card-?password(?:-?digest)?)(?:=|$)/i;

/**
 * Refuses arguments that hold card data: an option of such a name, or a value that looks like a card number. The published test numbers are
 * nobody's card and pass. Nothing of the argument is in the message.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID`
 */
export function rejectCardArguments(args: readonly string[]): void {
  if (args.some((each) => CARD_OPTION.test(each)))
    throw usageError(
      `No option takes card data: a command line stands in the shell's history and in every process list. ${CARD_INPUTS}`,
    );
  if (args.some(containsCardNumber))
    throw usageError(
      `An argument looks like a card number, and is not taken: a command line stands in the shell's history and in every process list. Remove it from the history. ${CARD_INPUTS}`,
    );
}

const CARD_INPUTS =
  "Give the card by --card FILE, by --card - from standard input, or to the prompt that comes without --card; a published test card by --test-card NAME.";

/** A number of a known brand with a right check digit: times and IDs, which have none of both but by chance, stay free. */
const containsCardNumber = (text: string): boolean =>
  [...text.matchAll(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g)].some(([found]) => {
    const digits = found.replace(/\D/g, "");
    return isLuhnValid(digits) && detectBrand(digits) !== undefined && !publishedNumbers.has(digits);
  });

const publishedNumbers: ReadonlySet<string> = new Set(TEST_CARDS.map(({ number }) => number));
