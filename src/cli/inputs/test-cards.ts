/** The sandbox's test cards by name. */
import { TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { didYouMean } from "../console/did-you-mean.ts";
import { usageError } from "../console/usage-error.ts";

/** A result code as one types it: `CARD_EXPIRED` is `card-expired`. */
export const toKebabCase = (code: string): string => code.toLowerCase().replaceAll("_", "-");

const CHALLENGES = {
  code_required: "challenge",
  attempted: "challenge-without-code",
  failed: "challenge-fails",
  rejected: "challenge-rejected",
  unavailable: "challenge-unavailable",
  abandoned: "challenge-abandoned",
} as const;

/** A name for a test card. No two have the same. */
export function getCardName({ brand, country, challenge, result, exempt, publishedBy }: TestCard): string {
  if (challenge === "code_required" && result !== "SUCCESS") return `challenge-${toKebabCase(result)}`;
  if (challenge !== undefined) return CHALLENGES[challenge];
  if (exempt) return "exempt";
  if (publishedBy === "sandbox") return toKebabCase(result);
  const scheme = toKebabCase(brand) + (country === undefined || brand !== "VISA" ? "" : `-${country.toLowerCase()}`);
  if (result === "SUCCESS") return scheme;
  return scheme === "visa" ? "declined" : `declined-${scheme}`;
}

/** Every test card by its name, in the order of the table. */
export const testCardsByName: ReadonlyMap<string, TestCard> = new Map(
  TEST_CARDS.map((card) => [getCardName(card), card]),
);

/**
 * A test card by its name, or by a number of the published table.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where there is none
 */
export function findTestCard(given: string): TestCard {
  const found =
    testCardsByName.get(toKebabCase(given)) ?? TEST_CARDS.find(({ number }) => number === given.replace(/[ -]/g, ""));
  if (found) return found;
  // A number that is none of the table's may be somebody's, so it is not repeated.
  throw usageError(
    `--test-card must be a name or number of the published table; \`antom-vault cards\` shows it.${didYouMean(given, testCardsByName.keys())}`,
  );
}

/** What goes with a test card: any expiry and CVV will do. */
export const TEST_CARD_DETAILS = { expiryYear: "39", expiryMonth: "12", cvv: "123" } as const;
