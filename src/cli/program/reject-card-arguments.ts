/** Rejects card data on the command line, where the shell history and process lists expose it. @module */
import { detectBrand } from "../../cards/card-brand.ts";
import { isLuhnValid } from "../../cards/luhn.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { usageError } from "../console/usage-error.ts";

/** Options with which a user might try to pass card data. */
const CARD_OPTION =
  /^--?(?:card-?(?:no|number|num|holder-?name)|number|pan|cvv2?|cvc2?|csc|security-?code|exp|expiry|expiration|expires|exp(?:iry)?-?(?:month|year|date)|pin|card-?password(?:-?digest)?)(?:=|$)/i;

/**
 * Rejects options for card data, and values that look like a card number but are not the number of a test card. The error never quotes the argument.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID`
 */
export function rejectCardArguments(args: readonly string[]): void {
  if (args.some((arg) => CARD_OPTION.test(arg)))
    throw usageError(`No option accepts card data, because ${EXPOSURE}. ${CARD_INPUTS}`);
  if (args.some(containsCardNumber))
    throw usageError(
      `Rejected an argument that looks like a card number, because ${EXPOSURE}. Remove it from your shell history. ${CARD_INPUTS}`,
    );
}

const EXPOSURE = "a command line is visible in the shell history and in process lists";
const CARD_INPUTS =
  "Use --card FILE, or --card - to read standard input. To enter the card at a prompt that hides your input, omit --card. For a test card, use --test-card NAME.";

/**
 * Reports whether text contains the number of a card that is not a test card. A card number has a known brand and a valid check digit. Times and
 * IDs rarely have both.
 */
const containsCardNumber = (text: string): boolean =>
  [...text.matchAll(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g)].some(([found]) => {
    const digits = found.replace(/\D/g, "");
    return isLuhnValid(digits) && detectBrand(digits) !== undefined && !testCardNumbers.has(digits);
  });

const testCardNumbers: ReadonlySet<string> = new Set(TEST_CARDS.map(({ number }) => number));
