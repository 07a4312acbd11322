/** Card data on a command line are in the shell's history and in every process list, so they are refused there before anything else. */

import { brandOf } from "../../cards/card-brand.ts";
import { passesLuhn } from "../../cards/luhn.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { wrongUsage } from "../console/usage-error.ts";

/** What people call an option that would take card data. */
const CARD_OPTION =
  /^--?(?:card-?(?:no|number|num|holder-?name)|number|pan|cvv2?|cvc2?|csc|security-?code|exp|expiry|expiration|expires|exp(?:iry)?-?(?:month|year|date)|pin|card-?password(?:-?digest)?)(?:=|$)/i;

/**
 * Refuses arguments that hold card data: an option of such a name, or a value that looks like a card number. The published test numbers are
 * nobody's card and pass. Nothing of the argument is in the message.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID`
 */
export function refuseCardData(args: readonly string[]): void {
  if (args.some((each) => CARD_OPTION.test(each)))
    throw wrongUsage(
      `No option takes card data: a command line stands in the shell's history and in every process list. ${INSTEAD}`,
    );
  if (args.some(holdsCardNumber))
    throw wrongUsage(
      `An argument looks like a card number, and is not taken: a command line stands in the shell's history and in every process list. Remove it from the history. ${INSTEAD}`,
    );
}

const INSTEAD =
  "Give the card by --card FILE, by --card - from standard input, or to the prompt that comes without --card; a published test card by --test-card NAME.";

/** A number of a known brand with a right check digit: times and IDs, which have none of both but by chance, stay free. */
const holdsCardNumber = (text: string): boolean =>
  [...text.matchAll(/(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g)].some(([found]) => {
    const digits = found.replace(/\D/g, "");
    return passesLuhn(digits) && brandOf(digits) !== undefined && !published.has(digits);
  });

const published: ReadonlySet<string> = new Set(TEST_CARDS.map(({ number }) => number));
