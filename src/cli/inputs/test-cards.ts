/** The sandbox's test cards by name. @module */
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { commandPrefix } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

/** Converts a result code to a name: `CARD_EXPIRED` becomes `card-expired`. */
export const toKebabCase = (code: string): string => code.toLowerCase().replaceAll("_", "-");

const CHALLENGE_CARD_NAMES = {
  code_required: "challenge",
  attempted: "challenge-attempted",
  failed: "challenge-failed",
  rejected: "challenge-rejected",
  unavailable: "challenge-unavailable",
  abandoned: "challenge-abandoned",
} as const;

/** Returns the name of a test card. Names are unique. */
export function getCardName({ brand, country, challenge, result, exempt, publishedBy }: TestCard): string {
  if (challenge === "code_required" && result !== "SUCCESS") return `challenge-${toKebabCase(result)}`;
  if (challenge !== undefined) return CHALLENGE_CARD_NAMES[challenge];
  if (exempt) return "exempt";
  if (publishedBy === "sandbox") return toKebabCase(result);
  const scheme = toKebabCase(brand) + (country === undefined || brand !== "VISA" ? "" : `-${country.toLowerCase()}`);
  if (result === "SUCCESS") return scheme;
  return scheme === "visa" ? "declined" : `declined-${scheme}`;
}

/** All test cards by name, in the order of `TEST_CARDS`. */
export const testCardsByName: ReadonlyMap<string, TestCard> = new Map(
  TEST_CARDS.map((card) => [getCardName(card), card]),
);

/**
 * Returns the test card with a name or number.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if there is none
 */
export function findTestCard(nameOrNumber: string): TestCard {
  const found =
    testCardsByName.get(toKebabCase(nameOrNumber)) ??
    TEST_CARDS.find(({ number }) => number === nameOrNumber.replace(/[ -]/g, ""));
  if (found) return found;
  // An unknown number may be a real card, so the error does not quote it.
  throw usageError(
    `--test-card must be the name or number of a test card.${didYouMean(nameOrNumber, testCardsByName.keys())} To list the test cards, run: ${commandPrefix} cards`,
  );
}

/** The expiry date and CVV to use with test cards, which accept any values. */
export const TEST_CARD_DETAILS = { expiryYear: "39", expiryMonth: "12", cvv: "123" } as const;
